"""The platform's files: keys of kiosks, of the city, of the ledger, and the operator's catalogues.

DIR/kiosks/<kiosk>.pub              64 hex digits each
DIR/kiosks/retired/<kiosk>.*.pub    keys of cards that were replaced
DIR/city.pem                        signs residents' codes
DIR/ledger.pem                      signs what the ledger acknowledges
DIR/operator.pub                    verifies catalogues
DIR/operator.pem                    signs them, where the operator keeps that key here
DIR/to-sign/catalogue*.json         what two of the staff signed, where that key is elsewhere
DIR/catalogue*.json                 signed; every version whose records may still come
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cloud.keys.keyring import Keyring
from contract.catalogue import Catalogue, load_signed
from contract.errors import CatalogueError
from contract.keys import load_public

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

_KIOSK = re.compile(r"[a-z0-9-]{1,32}")


class KioskKeys(Mapping[str, Keyring]):
    """Kiosk id → its keys, read from the folder each time: registering is writing a file.

    A kiosk with a new card gets its new key under its name; the old file moves to `retired/`,
    with anything between two dots, such as the day, to tell several apart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, kiosk: str) -> Keyring:
        path = self._folder / f"{kiosk}.pub"
        if not _KIOSK.fullmatch(kiosk) or not path.exists():
            raise KeyError(kiosk)
        retired = sorted((self._folder / "retired").glob(f"{kiosk}.*.pub"))
        return Keyring(load_public(path), tuple(load_public(one) for one in retired))

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted(self._folder.glob("*.pub")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def load_catalogues(
    folder: Path, known: Mapping[str, Catalogue] | None = None
) -> dict[str, Catalogue]:
    """Catalogue version → catalogue, of all `catalogue*.json` in the platform's folder.

    Those that are `known` already stay as they are, whatever the files say of them now.

    A file that cannot be used is logged by name and code, and left out: its deposits are held
    until it is put right, and every other kiosk's go on.

    Raises:
        KeyFileError: `operator.pub` is missing or no key.
        CatalogueError: `missing`: there is no such file at all, so this is not the folder.
    """
    operator = load_public(folder / "operator.pub")
    paths = sorted(folder.glob("catalogue*.json"))
    if not paths:
        raise CatalogueError("missing", f"no catalogue*.json in {folder}: put a signed one there")
    catalogues = dict(known or {})
    for path in paths:
        try:
            _add(catalogues, _read(path, operator))
        except CatalogueError as error:
            _log.error("catalogue left out file=%s code=%s: %s", path, error.code, error)
    _log.info("catalogues known=%d files=%d", len(catalogues), len(paths))
    return catalogues


def _read(path: Path, operator: bytes) -> Catalogue:
    try:
        return load_signed(path.read_bytes(), operator)
    except OSError as error:
        raise CatalogueError("unreadable", f"cannot be read: {error.strerror or error}") from error


def _add(catalogues: dict[str, Catalogue], catalogue: Catalogue) -> None:
    """A version never changes: of two that differ neither may be guessed, so the first stays."""
    known = catalogues.setdefault(catalogue.version, catalogue)
    if known != catalogue:
        raise CatalogueError(
            "version-reused", f"version {catalogue.version} is known with other content"
        )
