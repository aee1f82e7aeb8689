"""The price list that a fleet's kiosks get over the wire, and which lists each of them keeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cloud.fleet.heard import heard_of
from cloud.store.database import reading
from contract.catalogue import example, load_signed, sign
from contract.hours import day_of
from contract.keys import FileSigner, load_public

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

AHEAD_S = 7 * 86_400
"""So far ahead the new list begins: nobody deposits by it while the fleet is up."""


def sign_next(platform: Path) -> str:
    """The operator signs another list, and only the platform has its file; its version.

    Raises:
        KeyFileError: `operator.pem` of the platform's folder cannot be used.
        OSError: The folder cannot be written.
    """
    day = day_of(int(time.time()) + AHEAD_S)
    following = example().model_copy(update={"version": f"{day}-a", "valid_from": day})
    signed = sign(following, FileSigner.load(platform / "operator.pem"))
    (platform / f"catalogue-{following.version}.json").write_bytes(signed)
    return following.version


def kept_in(folder: Path, operator: Path) -> list[str]:
    """Versions of the lists that a kiosk keeps in `folder`, by the days from which they hold.

    Raises:
        CatalogueError: One is none that the key in the file `operator` has signed.
    """
    public = load_public(operator)
    lists = [load_signed(path.read_bytes(), public) for path in folder.glob("*.json")]
    return [one.version for one in sorted(lists, key=lambda one: one.order)]


def told_of(database: Engine, kiosk: str) -> list[str]:
    """Versions of the lists that a kiosk has told the platform to keep.

    Raises:
        LedgerError: The database cannot be read.
    """
    with reading(database) as connection:
        heard = heard_of(connection, [kiosk]).get(kiosk)
    condition = heard.condition if heard is not None else None
    return [] if condition is None else [one.version for one in condition.lists or ()]
