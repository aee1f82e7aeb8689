"""What comes down: acks and commands, once it is known who said them, and price lists in parts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from contract.errors import UNEXPECTED, PayloadError
from contract.payloads import Ack, decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.command import Command
    from contract.topics import Topics
    from controller.core.ledger_word import LedgerWord
    from controller.standing import Standing

_log = logging.getLogger(__name__)


class Hearing:
    """One kiosk's ear. `ordered` is called with each command that the platform has signed.

    `listed` is called with each part of a price list; who signed that is seen once it is whole.

    Args:
        topics: The kiosk's.
        ledger: Knows whose word counts.
        standing: Counts what is not the platform's word.
        refused: Called when a command was refused: it is told at once.
    """

    def __init__(
        self, topics: Topics, ledger: LedgerWord, standing: Standing, refused: Callable[[], None]
    ) -> None:
        self._topics = topics
        self._ledger = ledger
        self._standing = standing
        self._refused = refused
        self.ordered: Callable[[Command], None] = lambda _: None
        self.listed: Callable[[bytes], None] | None = None

    def ack_in(self, topic: str, payload: bytes) -> tuple[Ack, bytes | None] | None:
        """The ack in a message, and the head that the ledger signed with it; None where none is.

        A command is passed on, and so is a part of a price list where somebody takes them. No
        message raises: what the platform says must never end a deposit.
        """
        try:
            return self._heard(topic, payload)
        except Exception:  # noqa: BLE001 - whatever it is, the kiosk goes on
            self._standing.refused[UNEXPECTED] += 1
            _log.exception("event=message-not-understood code=%s topic=%s", UNEXPECTED, topic)
            return None

    def _heard(self, topic: str, payload: bytes) -> tuple[Ack, bytes | None] | None:
        if topic == self._topics.cmd:
            self._command(payload)
            return None
        if topic == self._topics.config and self.listed is not None:
            self.listed(payload)
            return None
        if topic != self._topics.ack:
            _log.info("event=message-ignored topic=%s", topic)
            return None
        try:
            ack = decode(Ack, payload)
            return ack, self._ledger.head_in(ack)
        except PayloadError as error:
            self._standing.refused[error.code] += 1
            _log.warning("event=ack-refused code=%s reason=%s", error.code, error)
            return None

    def _command(self, payload: bytes) -> None:
        """Pass on what the platform signed; anything else is counted, and answered to nobody."""
        try:
            command = self._ledger.command_in(payload)
        except PayloadError as error:
            self._standing.refused[f"command:{error.code}"] += 1
            _log.warning("event=command-refused code=%s reason=%s", error.code, error)
            self._refused()
            return
        self.ordered(command)
