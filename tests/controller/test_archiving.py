"""Who asks the journal to archive, and when: every hour, and while nobody is served."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from controller.adapters.journal.limits import Limits
from controller.archiving import EVERY_S, Archiving
from sim import clock
from sim.store import InlineStore
from tests.controller.drafts import calibration, journal, returned
from tests.controller.harm import hasty, read_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from controller.adapters.journal.sqlite_journal import SqliteJournal


def aged(folder: Path) -> SqliteJournal:
    """A journal with two stretches to archive."""
    file = hasty(journal(folder / "journal.sqlite", limits=Limits(keep_records=0)))
    file.append(calibration())
    for _ in range(230):
        file.append(returned())
    return file


def left(file: SqliteJournal) -> int:
    """Records that are not archived."""
    return sum(1 for _ in file.lines())


async def archiving(file: SqliteJournal, is_idle: Callable[[], bool], for_s: float) -> None:
    """Let it run for so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(for_s):
            await Archiving(InlineStore(file, lambda line: None), is_idle).run()


def test_the_journal_is_archived_after_an_hour(tmp_path: Path) -> None:
    """All that is old in one go, and nothing before."""

    async def story(file: SqliteJournal) -> None:
        await archiving(file, lambda: True, EVERY_S - 1)
        assert left(file) == 231
        await archiving(file, lambda: True, EVERY_S + 60)
        assert left(file) == 33

    with closing(aged(tmp_path)) as file:
        clock.run(story(file))


def test_a_resident_at_the_screen_comes_first(tmp_path: Path) -> None:
    """It waits for the session's end, however long that takes."""

    async def story(file: SqliteJournal) -> None:
        served_until_s = asyncio.get_running_loop().time() + EVERY_S + 300

        def is_idle() -> bool:
            return asyncio.get_running_loop().time() > served_until_s

        await archiving(file, is_idle, EVERY_S + 290)
        assert left(file) == 231
        await archiving(file, is_idle, EVERY_S + 60)
        assert left(file) == 33

    with closing(aged(tmp_path)) as file:
        clock.run(story(file))


def test_a_disk_that_refuses_is_asked_again_an_hour_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The kiosk goes on meanwhile, and the log says why nothing was archived."""

    async def story(file: SqliteJournal) -> None:
        with read_only(file):
            await archiving(file, lambda: True, EVERY_S + 60)
        assert left(file) == 231
        await archiving(file, lambda: True, EVERY_S + 60)
        assert left(file) == 33

    with closing(aged(tmp_path)) as file:
        clock.run(story(file))
    (told,) = [one for one in caplog.messages if "event=journal-not-archived" in one]
    assert "readonly" in told
