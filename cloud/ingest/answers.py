"""From messages to answers: topic and payload in, what is to be published out.

Synchronous and free of MQTT, so the simulator's broker model and the real shell run the same
lines. What is malformed is logged by name and counted; it never raises, for the next message is
somebody else's deposit. Nor does one raise over which our own code stumbles: the broker would
bring it again after each start, and the platform would hear nobody any more.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from typing import TYPE_CHECKING

from cloud.errors import LedgerError, UnknownKioskError
from cloud.fleet.districts import district_of
from cloud.ledger.mix import MixAlarm
from contract.bundle import decode_event
from contract.condition import KioskCondition
from contract.errors import UNEXPECTED, ContractError, PayloadError
from contract.payloads import BinLevels, DepositBatch, KioskState, decode, encode
from contract.topics import ParsedTopic, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloud.fleet.fleet import Fleet
    from cloud.ledger.ledger import Ledger
    from contract.payloads import Ack

_log = logging.getLogger(__name__)

LEAVES = ("deposit", "state", "telemetry", "condition", "event")
"""What the ledger hears of each kiosk's `up/...`."""

SHARED = ("deposit", "event")
"""Of these one worker of several is enough; the others are news to each."""

Message = tuple[str, bytes]
"""A topic and a payload."""

LEFT_MOST = 16
"""Epochs that are remembered of a kiosk after it left them: of two under one id, each new one is
the copy's answer to the ledger's contradiction, and one or two is what they come to."""


class Ingest:
    """Answers kiosks out of `ledger`.

    `refused` counts messages by error code since the start; `states` has what each registered
    kiosk last said of itself, `levels` of its bins, `mix` what the carbon factors of each came to.
    `again` counts how often a kiosk came back to an epoch that it had left.

    A kiosk says its epoch before it sends: a batch of another one comes from a journal that it no
    longer has, or from a copy of its card. It is refused, and what is real in it comes again.

    A kiosk that lost its journal, or got an older one back, begins an epoch that never was, and
    goes back to none. Whoever does is two kiosks with one key, as after a card was copied.

    With a `fleet` what kiosks say of themselves is kept, and its commands go out with the answers;
    without one what they say of commands is passed over.
    """

    def __init__(self, ledger: Ledger, fleet: Fleet | None = None) -> None:
        self._ledger = ledger
        self._fleet = fleet
        self._epochs: dict[str, str] = {}
        self._left: dict[str, deque[str]] = {}
        self.again: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.states: dict[str, KioskState] = {}
        self.levels: dict[str, BinLevels] = {}
        self.mix = MixAlarm(ledger.mix)

    def handle(self, topic: str, payload: bytes) -> list[Message]:
        """Take one message; return what to publish now that it is durable.

        Raises:
            LedgerError: The database failed; the message must be delivered again.
        """
        return self.handle_all([(topic, payload)])[0]

    def handle_all(self, messages: Sequence[Message]) -> list[list[Message]]:
        """Take messages in the order in which they came; for each, what to publish.

        Raises:
            LedgerError: The database failed; all of them must be delivered again.
        """
        answers: list[list[Message]] = [[] for _ in messages]
        batches: list[tuple[int, ParsedTopic, DepositBatch]] = []
        for at, (topic, payload) in enumerate(messages):
            try:
                parsed = parse(topic)
                if (parsed.direction, parsed.leaf) == ("up", "deposit"):
                    batches.append((at, parsed, self._batch(parsed, payload)))
                else:
                    answers[at] = self._answer(parsed, payload)
            except ContractError as error:
                self._refuse(error.code, topic, error)
            except UnknownKioskError as error:
                self._refuse("unknown-kiosk", topic, error)
            except LedgerError:
                raise
            except Exception:  # noqa: BLE001 - the next one is somebody else's deposit
                self._stumbled(topic)
        for (at, parsed, batch), ack in zip(batches, self._acks(batches), strict=True):
            if ack is not None:
                self.mix.posted(parsed.kiosk, len(batch.records))
                answers[at] = [(parsed.topics.ack, encode(ack))]
        return answers

    def due(self) -> list[Message]:
        """Commands that are to be sent now, whatever has come; asked every second or so.

        Raises:
            LedgerError: The database failed.
        """
        return [] if self._fleet is None else self._fleet.due()

    def _acks(self, batches: Sequence[tuple[int, ParsedTopic, DepositBatch]]) -> list[Ack | None]:
        """The ledger's answers; None to a batch over which it stumbles, also when it is alone."""
        asked = [(topic.kiosk, one) for _, topic, one in batches]
        try:
            return [*self._post(asked)]
        except LedgerError:
            raise
        except Exception:  # noqa: BLE001 - of the others none is to wait for it
            if len(batches) > 1:
                return [self._acks([one])[0] for one in batches]
            self._stumbled(batches[0][1].topics.deposit)
            return [None]

    def _post(self, batches: Sequence[tuple[str, DepositBatch]]) -> list[Ack]:
        """Post them; a key may be on its way to `retired/` since it was looked for above."""
        try:
            return self._ledger.post_all(batches)
        except (ContractError, UnknownKioskError) as error:
            raise LedgerError(f"a kiosk's key was moved meanwhile: {error}") from error

    def _batch(self, topic: ParsedTopic, payload: bytes) -> DepositBatch:
        """A batch that may be posted."""
        batch = decode(DepositBatch, payload)
        _same_kiosk(topic, batch.kiosk)
        _same_epoch(batch, self._epochs.get(batch.kiosk, batch.epoch))
        self._ledger.check_known(batch.kiosk)
        _same_district(topic, district_of(self._ledger.catalogues, batch.kiosk))
        return batch

    def _answer(self, topic: ParsedTopic, payload: bytes) -> list[Message]:
        """Take what is no batch: an ack for who greets, commands for a kiosk that has come."""
        if topic.direction != "up":
            return []
        match topic.leaf:
            case "state":
                return self._state(topic, decode(KioskState, payload))
            case "telemetry":
                levels = decode(BinLevels, payload)
                self._check(topic, levels.kiosk)
                self.levels[topic.kiosk] = levels
                return self._heard(topic, levels)
            case "condition" if self._fleet is not None:
                condition = decode(KioskCondition, payload)
                self._check(topic, condition.kiosk)
                return self._heard(topic, condition)
            case "event" if self._fleet is not None:
                event = decode_event(payload)
                self._check(topic, event.kiosk)
                self._fleet.answered(topic, event)
        return []

    def _state(self, topic: ParsedTopic, state: KioskState) -> list[Message]:
        _same_kiosk(topic, state.kiosk)
        ack = self._ledger.ack(topic.kiosk, state.epoch)
        self.states[topic.kiosk] = state
        # A last will may come after the greeting of the connection that followed.
        if not state.online:
            return self._heard(topic, state)
        self._greets(topic.kiosk, state.epoch)
        return [(topic.topics.ack, encode(ack)), *self._heard(topic, state)]

    def _heard(
        self, topic: ParsedTopic, said: KioskState | BinLevels | KioskCondition
    ) -> list[Message]:
        return [] if self._fleet is None else self._fleet.hear(topic, said)

    def _check(self, topic: ParsedTopic, kiosk: str) -> None:
        _same_kiosk(topic, kiosk)
        self._ledger.check_known(kiosk)

    def _greets(self, kiosk: str, epoch: str) -> None:
        """A kiosk says which epoch it is in; one that it had left means that there are two."""
        before = self._epochs.get(kiosk, epoch)
        self._epochs[kiosk] = epoch
        if epoch == before:
            return
        left = self._left.setdefault(kiosk, deque(maxlen=LEFT_MOST))
        if before not in left:
            left.append(before)
        if epoch in left:
            self.again[kiosk] += 1
            self.refused["epoch-again"] += 1
            _log.error("two kiosks under one id? kiosk=%s is again in epoch=%s", kiosk, epoch)

    def _stumbled(self, topic: str) -> None:
        """Called where the error is at hand.

        A batch's records stay in their kiosk's outbox: no ack of the ledger's names them.
        """
        self.refused[UNEXPECTED] += 1
        _log.exception("event=message-not-understood code=%s topic=%r", UNEXPECTED, topic[:128])

    def _refuse(self, code: str, topic: str, error: Exception) -> None:
        self.refused[code] += 1
        _log.warning("message refused topic=%r code=%s: %s", topic[:128], code, error)


def _same_kiosk(topic: ParsedTopic, kiosk: str) -> None:
    if kiosk != topic.kiosk:
        raise PayloadError("wrong-kiosk", f"payload of {kiosk} came under the name {topic.kiosk}")


def _same_district(topic: ParsedTopic, district: str) -> None:
    if district and topic.district != district:
        raise PayloadError(
            "wrong-district",
            f"{topic.kiosk} is in {district}, it said that it is in {topic.district}",
        )


def _same_epoch(batch: DepositBatch, epoch: str) -> None:
    if batch.epoch != epoch:
        raise PayloadError(
            "wrong-epoch",
            f"batch of {batch.kiosk} is of epoch {batch.epoch}, it said that it is in {epoch}",
        )
