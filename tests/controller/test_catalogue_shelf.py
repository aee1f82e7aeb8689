"""Catalogues as files: they come, they are tried, and the good ones outlive a bad delivery."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from contract.canonical import sha256_hex
from contract.catalogue import Catalogue
from contract.errors import CatalogueError
from contract.journal import open_journal
from contract.record import open_record
from controller.adapters.catalogue_shelf import CatalogueFolder, CatalogueKeeper
from controller.adapters.store import ThreadedStore
from controller.core.shelf import Shelf
from tests.contract.samples import signer
from tests.controller.core.test_shelf import FIRST, NEXT, OPERATOR, signed
from tests.controller.drafts import KIOSK, journal

if TYPE_CHECKING:
    from pathlib import Path

    from controller.adapters.journal.sqlite_journal import SqliteJournal


@dataclass
class WallClock:
    """The kiosk's clock, which may be wrong or vouched for by nobody."""

    day: str = "2026-11-27"
    vouched: bool = True

    def utc_s(self) -> int:
        """Noon in Hangzhou."""
        return int(datetime.fromisoformat(f"{self.day}T12:00:00+08:00").timestamp())

    def quality(self) -> str:
        """As the port has it."""
        return "synchronised" if self.vouched else "unknown"


@dataclass
class Cabinet:
    """A kiosk's folder, and its start as a verb."""

    path: Path
    clock: WallClock = field(default_factory=WallClock)

    def put(self, name: str, data: bytes) -> None:
        """Deliver a file."""
        (self.path / name).write_bytes(data)

    def start(self) -> CatalogueFolder:
        """The kiosk's program begins, and looks for the first time."""
        shelf = Shelf(OPERATOR.public, "hangzhou", KIOSK)
        folder = CatalogueFolder(self.path / "catalogue.json", shelf, self.clock)
        folder.first()
        return folder


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    """A kiosk with November's catalogue."""
    cabinet = Cabinet(tmp_path)
    cabinet.put("catalogue.json", FIRST)
    return cabinet


def holding(folder: CatalogueFolder) -> str:
    """The version in force."""
    found = folder.in_force()
    return "" if found is None else found.version


def test_a_bad_delivery_leaves_the_one_before(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture
) -> None:
    """While it runs, and also after a restart, when nothing good is delivered any more."""
    folder = cabinet.start()
    cabinet.put("catalogue.json", NEXT[:-40])
    (offer,) = folder.look()
    assert (offer.code, holding(folder)) == ("not-json", "2026-11-a")
    assert "event=catalogue-offered" in caplog.text
    assert holding(cabinet.start()) == "2026-11-a"


def test_a_new_one_comes_beside_it_and_waits_for_its_day(cabinet: Cabinet) -> None:
    """From the first look after midnight in Hangzhou."""
    folder = cabinet.start()
    cabinet.put("catalogue-2026-12.json", NEXT)
    assert [one.taken for one in folder.look()] == [True]
    assert holding(folder) == "2026-11-a"
    cabinet.clock.day = "2026-12-01"
    assert folder.look() == []
    assert holding(folder) == "2026-12-a"


def test_old_files_that_still_lie_there_are_no_fault_at_start(cabinet: Cabinet) -> None:
    """Whatever their names sort like."""
    cabinet.put("catalogue-a.json", NEXT)
    cabinet.put("catalogue-z.json", signed("2026-10-a", "2026-10-01"))
    cabinet.clock.day = "2026-12-02"
    folder = cabinet.start()
    assert holding(folder) == "2026-12-a"


def test_a_kiosk_that_starts_in_1970_goes_on_with_the_prices_it_had(cabinet: Cabinet) -> None:
    """Both lists lie there; the kept day says which held."""
    cabinet.put("catalogue-2026-12.json", NEXT)
    cabinet.clock.day = "2026-12-02"
    assert holding(cabinet.start()) == "2026-12-a"
    cabinet.clock = WallClock("1970-01-01", vouched=False)
    assert holding(cabinet.start()) == "2026-12-a"


def test_no_new_day_begins_by_a_clock_for_which_nobody_vouches(cabinet: Cabinet) -> None:
    """A clock that runs wild changes no prices."""
    cabinet.put("catalogue-2026-12.json", NEXT)
    folder = cabinet.start()
    cabinet.clock.day, cabinet.clock.vouched = "2027-11-27", False
    folder.look()
    assert holding(folder) == "2026-11-a"


@pytest.mark.parametrize("day", ["1970-01-01", "2099-01-01"])
def test_a_clock_for_which_nobody_vouches_decides_only_where_no_day_is_known(
    cabinet: Cabinet, day: str
) -> None:
    """At every start it has run wild; what it said is not kept for the day somebody does."""
    cabinet.put("catalogue-2026-12.json", NEXT)
    cabinet.clock = WallClock(day, vouched=False)
    cabinet.start()
    cabinet.clock = WallClock()
    assert holding(cabinet.start()) == "2026-11-a"
    cabinet.clock = WallClock(day, vouched=False)
    assert holding(cabinet.start()) == "2026-11-a"
    assert (cabinet.path / "catalogue.kept" / "day").read_text() == "2026-11-27"


def test_a_wild_clock_that_is_put_right_while_the_kiosk_runs_keeps_the_right_day(
    cabinet: Cabinet,
) -> None:
    """So that the next start goes by it."""
    cabinet.put("catalogue-2026-12.json", NEXT)
    cabinet.clock = WallClock("2099-01-01", vouched=False)
    folder = cabinet.start()
    cabinet.clock = WallClock()
    folder.look()
    assert holding(cabinet.start()) == "2026-11-a"


@pytest.mark.parametrize("valid_from", ["2026-11-02", "2026-11-20", "2026-11-26"])
@pytest.mark.parametrize("name", ["catalogue-0.json", "catalogue-z.json"])
def test_a_version_that_was_reused_stays_refused_after_a_restart(
    cabinet: Cabinet, valid_from: str, name: str
) -> None:
    """Whatever its name sorts like, and whichever day it holds from."""
    cabinet.put("catalogue.json", signed("2026-11-b", "2026-11-20"))
    other = signed("2026-11-b", valid_from, rules=["rinse"])
    folder = cabinet.start()
    cabinet.put(name, other)
    (offer,) = folder.look()
    held = folder.in_force()
    assert offer.code == "version-reused"
    again = cabinet.start()
    assert again.in_force() == held
    assert [one.code for one in again.news() if not one.taken] == ["version-reused"]


@pytest.mark.parametrize(
    ("data", "words"), [(None, "no such file"), (FIRST[:-9], "catalogue is not JSON")]
)
def test_a_kiosk_without_any_good_one_does_not_start(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    """Without prices there is nothing to promise; the file is named, and what is wrong with it."""
    cabinet = Cabinet(tmp_path)
    if data is not None:
        cabinet.put("catalogue.json", data)
    with pytest.raises(CatalogueError, match=rf"catalogue\.json can be used: .*{words}"):
        cabinet.start()


def test_what_cannot_be_kept_is_used_all_the_same(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture
) -> None:
    """A file stands where the folder should be: said in the log, and the prices are right."""
    (cabinet.path / "catalogue.kept").write_bytes(b"")
    assert holding(cabinet.start()) == "2026-11-a"
    assert "event=catalogue-not-kept" in caplog.text


def test_the_journal_says_what_came_and_the_kiosk_changes_when_it_is_free(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture
) -> None:
    """Signed and chained like everything that happens; a busy kiosk is asked again."""
    caplog.set_level(logging.INFO)
    used: list[str] = []
    busy = True

    def change(catalogue: Catalogue) -> bool:
        if not busy:
            used.append(catalogue.version)
        return not busy

    async def story() -> list[bytes]:
        nonlocal busy
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            folder = cabinet.start()
            keeper = CatalogueKeeper(folder, store, cabinet.clock, change)
            cabinet.put("catalogue-bad.json", FIRST.replace(b"65", b"66"))
            cabinet.put("catalogue-new.json", signed("2026-11-b", "2026-11-20"))
            await keeper.look()
            assert used == []
            busy = False
            await keeper.look()
            await keeper.look()
            return lines(cabinet.path / "journal.sqlite")

    written = [open_record(line, signer(KIOSK).public).body for line in asyncio.run(story())]
    assert [(one["version"], one["accepted"]) for one in written] == [
        ("2026-11-a", True),
        ("", False),
        ("2026-11-b", True),
        ("2026-11-b", True),
    ]
    changed = [one for one in written if one.get("in_force")]
    assert changed == [written[-1]]
    assert changed[0]["sha256"] == written[2]["sha256"]
    assert changed[0]["valid_from"] == "2026-11-20"
    assert written[1]["reason"].startswith("bad-signature: ")
    assert used == ["2026-11-b"]


def test_what_came_at_start_is_recorded_once_the_journal_is_open(cabinet: Cabinet) -> None:
    """And what holds is brought in at once."""
    brought = asyncio.Event()

    def change(catalogue: Catalogue) -> bool:
        brought.set()
        return True

    async def story() -> list[bytes]:
        folder = cabinet.start()
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            keeper = CatalogueKeeper(folder, store, cabinet.clock, change)
            running = asyncio.create_task(keeper.run())
            await brought.wait()
            running.cancel()
            await asyncio.wait([running])
            return lines(cabinet.path / "journal.sqlite")

    line = asyncio.run(story())[0]
    assert open_record(line, signer(KIOSK).public).body["reason"] == "holds from 2026-11-01"


def test_the_journal_says_of_each_file_once_what_became_of_it(cabinet: Cabinet) -> None:
    """A start says nothing again, but for what is judged differently now."""
    cabinet.put("catalogue-bad.json", FIRST.replace(b"65", b"66"))
    cabinet.put("catalogue-old.json", signed("2026-10-a", "2026-10-01"))

    async def start() -> list[bytes]:
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            await CatalogueKeeper(cabinet.start(), store, cabinet.clock, lambda _: True).look()
            return lines(cabinet.path / "journal.sqlite")

    assert [len(asyncio.run(start())) for _ in range(3)] == [4, 4, 4]
    cabinet.put("catalogue-new.json", NEXT)
    assert len(asyncio.run(start())) == 5


def test_the_day_on_which_a_catalogue_begins_to_hold_leaves_a_record(cabinet: Cabinet) -> None:
    """With version, hash and day of effect; it came days ago, and a restart says nothing again."""

    async def start() -> list[bytes]:
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            await CatalogueKeeper(cabinet.start(), store, cabinet.clock, lambda _: True).look()
            return lines(cabinet.path / "journal.sqlite")

    cabinet.put("catalogue-new.json", NEXT)
    assert len(asyncio.run(start())) == 3
    cabinet.clock.day = "2026-12-01"
    body = open_record(asyncio.run(start())[-1], signer(KIOSK).public).body
    assert (body["version"], body["valid_from"]) == ("2026-12-a", "2026-12-01")
    assert (body["in_force"], body["sha256"]) == (True, sha256_hex(NEXT))
    assert len(asyncio.run(start())) == 4


def test_what_could_not_be_recorded_is_recorded_after_the_next_start(cabinet: Cabinet) -> None:
    """Only what the journal has is not said again."""

    async def start(*, is_locked: bool) -> list[bytes]:
        def opened() -> SqliteJournal:
            file = journal(cabinet.path / "journal.sqlite")
            file._disk.connection.execute(f"PRAGMA query_only = {is_locked:d}")
            return file

        async with ThreadedStore(opened) as store:
            await CatalogueKeeper(cabinet.start(), store, cabinet.clock, lambda _: True).look()
            return lines(cabinet.path / "journal.sqlite")

    assert asyncio.run(start(is_locked=True)) == []
    assert len(asyncio.run(start(is_locked=False))) == 2


def test_one_look_that_fails_does_not_end_the_looking(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever went wrong is logged, and the next list still comes in."""
    tries: list[str] = []
    brought = asyncio.Event()

    def change(catalogue: Catalogue) -> bool:
        tries.append(catalogue.version)
        if len(tries) == 1:
            raise RuntimeError("the screen is gone")
        brought.set()
        return True

    async def story() -> None:
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            keeper = CatalogueKeeper(cabinet.start(), store, cabinet.clock, change, every_s=0)
            running = asyncio.create_task(keeper.run())
            async with asyncio.timeout(60):
                await brought.wait()
            running.cancel()
            await asyncio.wait([running])

    asyncio.run(story())
    assert tries == ["2026-11-a"] * 2
    assert "event=catalogue-look-failed" in caplog.text
    assert "the screen is gone" in caplog.text


def test_a_journal_that_cannot_be_written_keeps_no_prices_back(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture
) -> None:
    """What came is used and logged, and the kiosk itself says that it cannot record."""
    used: list[str] = []

    def change(catalogue: Catalogue) -> bool:
        used.append(catalogue.version)
        return True

    def locked() -> SqliteJournal:
        """As a card that its controller has locked: SQLite gives the same error."""
        file = journal(cabinet.path / "journal.sqlite")
        file._disk.connection.execute("PRAGMA query_only = ON")
        return file

    async def story() -> None:
        folder = cabinet.start()
        async with ThreadedStore(locked) as store:
            keeper = CatalogueKeeper(folder, store, cabinet.clock, change)
            cabinet.put("catalogue-new.json", signed("2026-11-b", "2026-11-20"))
            await keeper.look()

    asyncio.run(story())
    assert used == ["2026-11-b"]
    assert "event=catalogue-not-recorded" in caplog.text


def lines(path: Path) -> list[bytes]:
    """The journal's lines, read beside its owner."""
    with open_journal(path).open() as reading:
        return [row.line for row in reading.rows()]
