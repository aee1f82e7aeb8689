"""What to send when: the outbox's window, its patience and its rewind, without any IO.

Rules:

1. A record leaves the outbox on the ledger's own cumulative ack and on nothing else, and only
   where the journal's record at `upto` has the hash that the ack names. A broker's word is none.
2. Up to `WINDOW` messages wait for the ledger at a time. It counts messages, not records:
   what queues up at broker and ledger are messages, and on one connection throughput was measured
   to stop growing at 20 of them. Until the ledger has acknowledged something it is one message.
3. Without progress for `PATIENCE_S` everything unacked is sent again, from the oldest on;
   patience doubles each time, up to `PATIENCE_MAX_S`, and varies from kiosk to kiosk.
4. What the ledger rejects is set aside, where the rejection names the hash of a record that is
   under way: a line under our name that we did not send is none of ours. A kiosk that knows no
   ledger's key believes a rejection without a hash as well.
5. Where the ledger has another record under the same number, journal and ledger contradict each
   other: that is a `Mismatch`. Where the journal can no longer read a record that waits, the
   ledger's ack stops before it for good: that is `Damage`. After either this outbox sends nothing
   any more; the journal begins a new epoch, and that has an outbox of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.payloads import DepositBatch, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract.payloads import Ack, Rejected
    from controller.core.records import Entry

BATCH = 50
"""Records in one message, as many as the contract allows."""

WINDOW = 20
PATIENCE_S = 2.0
PATIENCE_MAX_S = 300.0
JITTER = 0.25
"""By this part of itself patience varies."""

CONFLICT = "conflict"
"""The ledger's code for a record whose number it has under another hash."""


UNREADABLE = "unreadable"
"""The journal's code for a record that waited, and was damaged before it could be sent."""


@dataclass(frozen=True, slots=True)
class Release:
    """Ask the journal: does your record `upto` have this hash? Then release, and set `aside`.

    Answered by `Outbox.released` or `Outbox.contradicted`.
    """

    upto: int
    sha256: str
    aside: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Journal and ledger do not have the same record at `seq`: one of them is a restored copy."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        """What service needs to know."""
        return (
            f"ledger and journal differ at record {self.seq} of epoch {self.epoch}: the journal "
            "was restored from a copy and needs a new epoch"
        )


@dataclass(frozen=True, slots=True)
class Damage:
    """The journal cannot read `count` records that waited: what follows them is never acked."""

    epoch: str
    count: int

    def __str__(self) -> str:
        """What service needs to know."""
        return (
            f"{self.count} records of epoch {self.epoch} that waited for the ledger cannot be "
            "read: the journal was damaged and needs a new epoch"
        )


def message_of(kiosk: str, epoch: str, entries: Sequence[Entry], waited: bool) -> bytes:
    """The message that brings these records; `waited` as `Outbox.sending` says."""
    lines = [entry.line.decode() for entry in entries]
    return encode(DepositBatch(kiosk=kiosk, epoch=epoch, historical=waited, records=lines))


class Outbox:
    """The sending side, over one connection after the other.

    `mismatch` says why this epoch ends, once it must.

    Args:
        epoch: The journal's epoch; acks of another are not for it.
        jitter: Gives a number in [0, 1): many kiosks must not come back together.
        proven: Whether a rejection that names no hash is nobody's.
    """

    def __init__(self, epoch: str, jitter: Callable[[], float], *, proven: bool = False) -> None:
        self._epoch = epoch
        self._jitter = jitter
        self._proven = proven
        self._upto = 0
        self._patience_s = PATIENCE_S
        self._in_flight: list[dict[int, str]] = []
        self._cursor = 0
        self._window = 1
        self._caught_up = False
        self.deadline_s: float | None = None
        self.mismatch: Mismatch | Damage | None = None

    def connected(self) -> None:
        """A new connection: nothing is under way on it."""
        self._patience_s = PATIENCE_S
        self._rewind()

    @property
    def next_after(self) -> int | None:
        """The seq after which the next message begins; None while none may be sent."""
        if self.mismatch is not None or len(self._in_flight) >= self._window:
            return None
        return self._cursor

    @property
    def under_way(self) -> bool:
        """Whether the ledger's word is waited for."""
        return bool(self._in_flight)

    def sending(self, entries: Sequence[Entry]) -> bool:
        """The next message is these (by seq, none where there are none); say whether they waited.

        Whatever was in the outbox before the connection, or is sent again, has waited; a record
        that is sent as soon as it was written has not.
        """
        waited = not self._caught_up
        self._caught_up = self._caught_up or len(entries) < BATCH
        if entries:
            self._in_flight.append({entry.seq: entry.sha256 for entry in entries})
            self._cursor = entries[-1].seq
        return waited

    def handed_over(self, now_s: float) -> None:
        """The broker has the message: from now on (s) the ledger's ack is waited for."""
        if self._in_flight and self.deadline_s is None:
            self._wait(now_s)

    def hear(self, ack: Ack) -> Release | Mismatch | None:
        """What an ack asks for; None where it is not for this journal."""
        if ack.epoch != self._epoch or self.mismatch is not None:
            return None
        ours = tuple(row for row in ack.rejected if row.seq and self._is_ours(row))
        for row in ours:
            if row.code == CONFLICT:
                self.mismatch = Mismatch(self._epoch, row.seq)
                return self.mismatch
        return Release(ack.upto, ack.sha256, ours)

    def foreign(self, ack: Ack) -> int:
        """How many lines were rejected under the number of a record of ours that are none."""
        if ack.epoch != self._epoch:
            return 0
        return sum(
            self._sent(row.seq) is not None and not self._is_ours(row) for row in ack.rejected
        )

    def released(self, release: Release, now_s: float) -> None:
        """The journal has released and set aside what was asked for."""
        waiting = self._waiting()
        aside = {row.seq for row in release.aside}
        still = (
            {seq: one for seq, one in message.items() if seq > release.upto and seq not in aside}
            for message in self._in_flight
        )
        self._in_flight = [message for message in still if message]
        if release.upto > self._upto or self._waiting() < waiting:
            self._upto = max(self._upto, release.upto)
            self._window = WINDOW
            self._patience_s = PATIENCE_S
            self.deadline_s = None
            self.handed_over(now_s)

    def contradicted(self, release: Release) -> Mismatch:
        """The journal's record `upto` has another hash, or it has no such record."""
        self.mismatch = Mismatch(self._epoch, release.upto)
        return self.mismatch

    def damaged(self, count: int) -> Damage:
        """The journal cannot read so many of the records that wait."""
        self.mismatch = damage = Damage(self._epoch, count)
        return damage

    def time_passed(self, now_s: float) -> bool:
        """Rewind to the oldest unacked record if patience is over at `now_s`; True where it was."""
        if self.deadline_s is None or now_s < self.deadline_s:
            return False
        self._patience_s = min(PATIENCE_MAX_S, self._patience_s * 2)
        self._rewind()
        return True

    def _is_ours(self, row: Rejected) -> bool:
        """Whether a rejection is of a record of ours, as far as it says."""
        return not self._proven if row.sha256 is None else row.sha256 == self._sent(row.seq)

    def _sent(self, seq: int) -> str | None:
        """The hash of record `seq`, if it is under way."""
        return next((one[seq] for one in self._in_flight if seq in one), None)

    def _waiting(self) -> int:
        """How many records are under way."""
        return sum(len(message) for message in self._in_flight)

    def _rewind(self) -> None:
        self._in_flight.clear()
        self._cursor = 0
        self._window = 1
        self._caught_up = False
        self.deadline_s = None

    def _wait(self, now_s: float) -> None:
        self.deadline_s = now_s + self._patience_s * (1 + JITTER * self._jitter())
