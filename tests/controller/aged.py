"""Journals that have lived, for tests of what becomes of their oldest records."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.segment import folder_beside
from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import KIOSK, bottles, calibration, journal, returned
from tests.controller.harm import hasty

if TYPE_CHECKING:
    from contract.chain import ChainReport
    from controller.adapters.journal.sqlite_journal import SqliteJournal

PUBLIC = signer(KIOSK).public

KEEP = 21
"""As few as a journal may keep; 60 bottles and a calibration are a segment and these."""


def opened(path: Path, **limits: int) -> SqliteJournal:
    """The journal, which keeps its last 21 records; epochs count up from 5be1000000000001."""
    path.parent.mkdir(exist_ok=True)
    epochs = count(int(EPOCH, 16) if not path.exists() else int(EPOCH, 16) + 1)
    given = Limits(**{"keep_records": KEEP} | limits)
    return hasty(journal(path, epoch_source=lambda: f"{next(epochs):016x}", limits=given))


@cache
def _aged(deposits: int) -> bytes:
    """The file of a journal of so many bottles: written once, since each takes its time."""
    with TemporaryDirectory() as name:
        path = Path(name) / "journal.sqlite"
        with closing(opened(path)) as file:
            file.append(calibration())
            acknowledge_all(file, deposits)
        return path.read_bytes()


def lived(path: Path, deposits: int = 60, **limits: int) -> SqliteJournal:
    """A calibration, and so many bottles, all of them acknowledged."""
    path.parent.mkdir()
    path.write_bytes(_aged(deposits))
    return opened(path, **limits)


def acknowledge_all(file: SqliteJournal, deposits: int) -> None:
    """So many bottles more, and the ledger has them."""
    last = bottles(file, deposits)[-1]
    assert file.acknowledge(last.seq, last.sha256)


def archive_all(file: SqliteJournal) -> int:
    """Archive until nothing is left to be; how many segments it were."""
    done = 0
    while file.archive():
        done += 1
    return done


def verified(path: Path, *, alone: bool = False, **more: Any) -> ChainReport:
    """What a verifier says of the journal, with its archive unless it is alone."""
    folder = None if alone else folder_beside(path)
    return verify_journal(open_journal(path), PUBLIC, archive=folder, **more)


def row_count(path: Path) -> int:
    """Records in the file."""
    return open_journal(path).records or 0


def months_later(file: SqliteJournal) -> None:
    """Something happens."""
    file.append(returned("2027-02-23T12:54:00Z"))
