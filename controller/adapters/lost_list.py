"""The signed list of lost cards and badges, as a file beside the catalogue."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from contract.errors import PayloadError
from contract.revoked import load_revoked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contract.revoked import Revoked

LOST_S = 60.0
"""A lost card is refused a minute after the list of it lies there."""

_log = logging.getLogger(__name__)


class LostList:
    """Reads the list again whenever it is asked.

    Args:
        path: The file; there need be none.
        keys: Key id → public key (32 bytes) of the city.
    """

    def __init__(self, path: Path, keys: Mapping[str, bytes]) -> None:
        self._path = path
        self._keys = keys
        self._said = ""

    def read(self) -> Revoked | None:
        """The list; None where there is none that can be used, which is logged once."""
        said = ""
        try:
            return load_revoked(self._path.read_bytes(), self._keys)
        except FileNotFoundError:
            return None
        except (PayloadError, OSError) as error:
            said = str(error)
            if said != self._said:
                _log.error("event=lost-list-refused path=%s reason=%s", self._path, said)
            return None
        finally:
            self._said = said

    async def keep(self, take: Callable[[Revoked], bool]) -> None:
        """Hand the list to `take`, at once and whenever another lies there, until cancelled."""
        while True:
            revoked = self.read()
            if revoked is not None and take(revoked):
                _log.info("event=lost-list version=%d ids=%d", revoked.version, len(revoked.ids))
            await asyncio.sleep(LOST_S)
