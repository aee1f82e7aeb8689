"""A journal on a card with its copy on a stick, for tests of what may befall either."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import KIOSK, journal

if TYPE_CHECKING:
    from controller.adapters.journal.sqlite_journal import SqliteJournal

PUBLIC = signer(KIOSK).public


def opened(card: Path, stick: Path, **changes: Any) -> SqliteJournal:
    """The mirrored journal; a new epoch is the next number."""
    epochs = count(int(EPOCH, 16) + (card.exists() or stick.exists()))
    given = {"epoch_source": lambda: f"{next(epochs):016x}", "device": folder_as_device}
    return journal(card, mirror=stick, **given | changes)


def folder_as_device(folder: Path) -> int:
    """Every folder is a medium of its own."""
    return folder.stat().st_ino


def new_card(card: Path) -> None:
    """The card died, and an empty one takes its place."""
    shutil.rmtree(card.parent)
    card.parent.mkdir()


def ids(file: SqliteJournal) -> list[str]:
    """The deposits that wait for the ledger."""
    return [entry.body["deposit_id"] for entry in file.unsent(0, 100)]
