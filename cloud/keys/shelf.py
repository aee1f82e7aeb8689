"""The catalogues that the running platform knows: read at its start, and looked for ever after."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cloud.keys.files import load_catalogues
from contract.catalogue import Catalogue, load_signed
from contract.errors import ContractError
from contract.keys import load_public

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

_State = dict[str, tuple[int, int, int]]


class Shelf(Mapping[str, Catalogue]):
    """Version → catalogue, of all `catalogue*.json` in a folder; grows while it is read.

    A version that was known once stays known, whatever becomes of its file: records name it.

    Args:
        folder: The platform's.

    Raises:
        KeyFileError, CatalogueError: As `load_catalogues`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looking = threading.Lock()
        self._files = _state(folder)
        self._known = load_catalogues(folder)

    def __getitem__(self, version: str) -> Catalogue:
        return self._known[version]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def signed(self, version: str) -> bytes | None:
        """The file of a version, as its operator signed it; None where there is none any more."""
        known = self._known.get(version)
        for path in self._files_of(version) if known else ():
            try:
                data = path.read_bytes()
                if load_signed(data, load_public(self._folder / "operator.pub")) == known:
                    return data
            except (OSError, ContractError):
                continue  # it was logged when it was left out
        return None

    def _files_of(self, version: str) -> list[Path]:
        """All files, first the one that should be it: what a name says is believed in nothing."""
        name = f"catalogue-{version}.json"
        paths = self._folder.glob("catalogue*.json")
        return sorted(paths, key=lambda path: (path.name != name, path))

    def look(self) -> int:
        """Read the folder again where its files changed; how many versions came.

        A folder that cannot be read leaves what is known, and is logged.
        """
        with self._looking:
            found = _state(self._folder)
            if found == self._files:
                return 0
            try:
                known = load_catalogues(self._folder, self._known)
            except ContractError as error:
                _log.error("event=catalogues-not-read code=%s: %s", error.code, error)
                return 0  # and the next look tries again
            self._files = found
            came = len(known) - len(self._known)
            self._known = known  # in one step: others read the one or the other
            return came


def _state(folder: Path) -> _State:
    """What tells whether catalogues or their key changed: each name, its times and its size.

    The second time is the inode's, which changes with the right to read it.
    """
    found: _State = {}
    for path in (folder / "operator.pub", *folder.glob("catalogue*.json")):
        try:
            about = path.stat()
        except OSError:
            continue  # gone since the folder was listed
        found[path.name] = (about.st_mtime_ns, about.st_ctime_ns, about.st_size)
    return found
