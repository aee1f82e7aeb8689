"""The public keys of one kiosk: a replaced card brings a new one, and the old records stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.keys import key_id_of
from contract.record import open_envelope

if TYPE_CHECKING:
    from contract.record import Record


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key in use, and those that are `retired` and still prove what they signed; 32 bytes each.

    A retired key may be on a card that somebody found, so what comes under it is flagged. One that
    got into the wrong hands belongs in neither place: its records wait, and nothing is credited.
    """

    current: bytes
    retired: tuple[bytes, ...] = ()

    def open(self, line: bytes) -> Record:
        """Read a line that was signed with any of the keys; its body is left to `Record.read`.

        Raises:
            RecordError: As `open_envelope`; `unknown-key` names the key in use.
        """
        unknown: RecordError | None = None
        for public in (self.current, *self.retired):
            try:
                return open_envelope(line, public)
            except RecordError as error:
                if error.code != "unknown-key":
                    raise
                unknown = unknown or error
        assert unknown is not None
        raise unknown

    def public(self, key_id: str) -> bytes | None:
        """The key of this id; None where it is none of the kiosk's."""
        keys = (self.current, *self.retired)
        return next((one for one in keys if key_id_of(one) == key_id), None)

    def is_retired(self, key_id: str) -> bool:
        """Whether the key of this id is no longer the one in use."""
        return key_id != key_id_of(self.current)
