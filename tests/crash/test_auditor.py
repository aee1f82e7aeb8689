"""The auditor finds what the campaign looks for: without that a clean campaign proves nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.crash.auditor import audit
from tests.crash.stage import Stage
from tests.crash.world import PAPER, PLASTIC

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.auditor import Findings

ANOTHER_G = 15_000


def test_a_load_a_credit_or_a_posting_too_many_or_too_few_is_found(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """Each witness is tampered with in turn, and the audit names it."""
    with Stage(tmp_path, free_port, seed) as stage:
        stage.bring(6)
        stage.settle()
        honest = stage.audit()
    assert (honest.wrong, honest.deposits) == ([], stage.world.fallen)

    def after(*statements: str) -> Findings:
        changed = tmp_path / "changed.sqlite"
        shutil.copy(stage.database, changed)
        with closing(sqlite3.connect(changed)) as books:
            for one in statements:
                books.execute(one)
            books.commit()
        return audit(stage.world, [stage.journal], stage.identity.kiosk.public, changed)

    latest = "(SELECT max(record_id) FROM deposits)"
    assert after().wrong == []
    assert after(f"DELETE FROM deposits WHERE record_id = {latest}").lost == 1
    renamed = f"UPDATE deposits SET deposit_id = 'made-up' WHERE record_id = {latest}"
    assert (after(renamed).lost, after(renamed).doubled) == (1, 1)
    assert "balances differ" in after("UPDATE transfers SET points = points + 1").wrong
    stage.world.bins[PAPER][ANOTHER_G] += 1
    assert (after().lost, after().doubled) == (1, 0)
    for one in (PAPER, PLASTIC):  # by chance all six may be of one stream
        stage.world.bins[one].clear()
    assert after().doubled > 0


def test_what_was_archived_is_read_and_missed(tmp_path: Path, free_port: int, seed: int) -> None:
    """A load whose record left the journal is in its file; without that the audit fails."""
    with Stage(tmp_path, free_port, seed) as stage:
        stage.bring(90)
        stage.until_archived()
        stage.settle()
        honest = stage.audit()
        files = sorted((stage.journal.parent / "archive").iterdir())
        assert (honest.wrong, honest.deposits) == ([], stage.world.fallen)
        files[0].unlink()
        missing = stage.audit()
    assert missing.lost > 0
    assert any("missing-segment" in one for one in missing.wrong)
