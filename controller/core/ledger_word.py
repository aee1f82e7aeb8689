"""Whose word an ack is, and whether it says more than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.command import open_command
from contract.head import check_ack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.command import Command
    from contract.payloads import Ack


class LedgerWord:
    """The ledger's word to one kiosk.

    Args:
        kiosk: Its id.
        keys: Key id → public key (32 bytes) of the ledger. With any, an ack must be signed with
            one of them; with none every ack is believed.
    """

    def __init__(self, kiosk: str, keys: Mapping[str, bytes]) -> None:
        self._kiosk = kiosk
        self._keys = keys
        self._kept: tuple[str, int] = ("", 0)

    @property
    def is_proven(self) -> bool:
        """Whether an ack is believed with a signature alone."""
        return bool(self._keys)

    def head_in(self, ack: Ack) -> bytes | None:
        """The signed head in an ack, as one line; None where no key is known to ask for one.

        Raises:
            PayloadError: `unsigned`, `unknown-key` or `bad-signature`: it is not the ledger's.
        """
        return check_ack(ack, self._kiosk, self._keys) if self._keys else None

    def command_in(self, data: bytes) -> Command:
        """The command in a message; without a key nobody may command this kiosk.

        Raises:
            PayloadError: As `contract.command.open_command`.
        """
        return open_command(data, self._kiosk, self._keys)

    def is_news(self, epoch: str, upto: int) -> bool:
        """Whether a head goes further than the last that was news; asked once of each."""
        known_epoch, known_upto = self._kept
        if upto <= (known_upto if epoch == known_epoch else 0):
            return False
        self._kept = (epoch, upto)
        return True
