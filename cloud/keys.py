"""The platform's files: kiosks' public keys, the city's token key, the operator's catalogues.

DIR/kiosks/<kiosk>.pub     64 hex digits each
DIR/city.pem               signs residents' codes
DIR/operator.pub           verifies catalogues
DIR/catalogue*.json        signed; every version whose records may still come
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from contract.catalogue import Catalogue, load_signed
from contract.errors import CatalogueError
from contract.keys import load_public

if TYPE_CHECKING:
    from pathlib import Path

_KIOSK = re.compile(r"[a-z0-9-]{1,32}")


class KioskKeys(Mapping[str, bytes]):
    """Kiosk id → public key, read from the folder each time: registering is writing a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, kiosk: str) -> bytes:
        path = self._path(kiosk)
        if not _KIOSK.fullmatch(kiosk) or not path.exists():
            raise KeyError(kiosk)
        return load_public(path)

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted(self._folder.glob("*.pub")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, kiosk: str) -> Path:
        return self._folder / f"{kiosk}.pub"


def load_catalogues(folder: Path) -> dict[str, Catalogue]:
    """Catalogue version → catalogue, of all `catalogue*.json` in the platform's folder.

    Raises:
        KeyFileError: `operator.pub` is missing or no key.
        CatalogueError: There is none, or one is not signed by the operator, or unusable.
    """
    operator = load_public(folder / "operator.pub")
    catalogues: dict[str, Catalogue] = {}
    for path in sorted(folder.glob("catalogue*.json")):
        try:
            catalogue = load_signed(path.read_bytes(), operator)
        except CatalogueError as error:
            raise CatalogueError(error.code, f"{path}: {error.message}") from error
        catalogues[catalogue.version] = catalogue
    if not catalogues:
        raise CatalogueError("missing", f"no catalogue*.json in {folder}: put a signed one there")
    return catalogues
