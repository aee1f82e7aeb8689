"""Beginning a new epoch: the old journal is closed and kept, another goes on in its place.

Power may fail at any line. The new file is written beside the old one and is whole before anything
else happens; the renewal counts from the moment the old file has its second name, under which it
is kept. What is missing after that is made up for when the journal is opened next.

    journal.sqlite                 the journal
    journal.sqlite.after-EPOCH     its successor, while it is written
    journal-EPOCH.sqlite           what was closed, for service and for `kiosk ledger verify`
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file."""

_SUCCESSOR = re.compile(r"\.after-([0-9a-f]{16})$")


@dataclass(frozen=True, slots=True)
class Renewal:
    """The files of one renewal: of the journal at `path`, whose epoch was `epoch`."""

    path: Path
    epoch: str

    @property
    def successor(self) -> Path:
        """Where the next journal is written."""
        return Path(f"{self.path}.after-{self.epoch}")

    @property
    def kept(self) -> Path:
        """Where the old journal is kept."""
        return self.path.with_name(f"{self.path.stem}-{self.epoch}{self.path.suffix}")

    def drop(self) -> None:
        """Forget a successor that never counted."""
        for beside in ("", *_BESIDE):
            Path(f"{self.successor}{beside}").unlink(missing_ok=True)

    def keep(self) -> OSError | None:
        """Give the old file, which is closed, its second name, and what it has in its log too.

        What goes wrong is returned: whether the old file is kept by then, its name says.
        """
        log = Path(f"{self.kept}-wal")
        try:
            log.unlink(missing_ok=True)  # of a try before
            if Path(f"{self.path}-wal").exists():
                os.link(f"{self.path}-wal", log)
            sync_folder(self.path)
            os.link(self.path, self.kept)
            sync_folder(self.path)
        except OSError as error:
            return error
        return None

    def finish(self) -> None:
        """Put the successor in the old file's place.

        Raises:
            OSError: The disk refuses; it is tried again when the journal is opened.
        """
        drop_logs(self.path)
        self.successor.replace(self.path)
        sync_folder(self.path)


def settle(path: Path) -> None:
    """Finish a renewal of the journal at `path` that was interrupted, or forget it.

    Raises:
        OSError: The disk refuses.
    """
    for renewal in list(_begun(path)):
        if renewal.kept.exists():
            renewal.finish()
        else:
            renewal.drop()


def drop_logs(path: Path) -> None:
    """Take away what lies beside `path` before another file gets that name.

    SQLite would take the old file's log for the new one's.
    """
    for beside in _BESIDE:
        Path(f"{path}{beside}").unlink(missing_ok=True)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make the names of the files beside `path` as durable as their content."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _begun(path: Path) -> Iterator[Renewal]:
    for file in path.parent.glob(f"{path.name}.after-*"):
        if found := _SUCCESSOR.search(file.name):
            yield Renewal(path, found[1])
