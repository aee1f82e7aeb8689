"""A journal that has to be closed: another goes on in its place, and nothing is lost or doubled."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from contract.chain import verify_chain
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.ports import BayMemory, DiskError, StoreError
from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import (
    AT_S,
    KIOSK,
    bottles,
    calibration,
    collection,
    deposit,
    intent,
    journal,
    returned,
)
from tests.controller.harm import BROKEN_LINES, break_line, full

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from controller.adapters.journal.sqlite_journal import SqliteJournal

PUBLIC = signer(KIOSK).public


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "journal.sqlite"


def opened(path: Path) -> SqliteJournal:
    """The journal, which calls its epochs 5be1000000000001, ...2 and so on."""
    epochs = count(int(EPOCH, 16) if not path.exists() else int(EPOCH, 16) + 1)
    return journal(path, epoch_source=lambda: f"{next(epochs):016x}")


def lived(path: Path) -> SqliteJournal:
    """A calibration, three bottles (one acknowledged), a load given back, an open promise."""
    file = opened(path)
    file.append(calibration())
    first, _, _ = bottles(file, 3)
    file.append(returned())
    file.append(intent(4))
    file.acknowledge(first.seq, first.sha256)
    file.remember_code("aa", AT_S + 120)
    file.remember_bay("a", 1200.5, unfinished=True)
    return file


def ids(entries: list[Any]) -> list[str]:
    """The deposits' ids."""
    return [entry.body["deposit_id"] for entry in entries]


def test_a_new_epoch_says_what_it_follows_on(path: Path) -> None:
    """Its first record names the last of the old one, which is kept, and both verify."""
    with closing(lived(path)) as file:
        assert file.renew("ledger and journal differ at record 3") == "5be1000000000002"
        first = json.loads(next(file.lines()))
        head = (first["body"]["upto"], first["body"]["sha256"])
        assert first["kind"] == "epoch"
        assert first["body"] == {
            "previous_epoch": EPOCH,
            "upto": 9,
            "sha256": head[1],
            "reason": "ledger and journal differ at record 3",
        }
    names = sorted(one.name for one in path.parent.iterdir())
    assert names == [f"journal-{EPOCH}.sqlite", "journal.sqlite"]
    new = verify_journal(open_journal(path), PUBLIC)
    old = verify_journal(open_journal(path.with_name(f"journal-{EPOCH}.sqlite")), PUBLIC, head)
    assert (new.ok, new.epoch, old.ok, old.epoch) == (True, "5be1000000000002", True, EPOCH)
    assert (old.records, old.head) == head


def test_what_the_ledger_does_not_have_goes_on(path: Path) -> None:
    """With the ids and times it had; and what is known goes on; now, and after a restart."""
    with closing(lived(path)) as file:
        file.renew("test")
    with closing(opened(path)) as file:
        waiting = file.unsent(0, 10)
        assert ids(waiting) == ["s1-2", "s1-3"]
        assert [json.loads(entry.line)["after"] for entry in waiting] == [0, waiting[0].seq]
        assert ids(file.open_intents()) == ["s1-4"]
        assert [one.body["calibration_id"] for one in file.calibrations()] == ["a-2026-11-01"]
        assert not file.remember_code("aa", AT_S + 120)
        assert file.bay_memories() == {"a": BayMemory(1200.5, unfinished=True)}
        assert (file.depth(), file.aside()) == (2, {})
        assert file.acknowledge(waiting[1].seq, waiting[1].sha256)
        assert file.depth() == 0


def test_a_promise_that_was_open_is_kept_by_the_number_it_had(path: Path) -> None:
    """Whoever waits for the gate meanwhile knows no other; twice renewed, it is the same one."""
    with closing(lived(path)) as file:
        file.renew("once")
        file.renew("twice")
        with full(path), pytest.raises(DiskError):
            file.append(deposit(4, 9))
        end = file.append(deposit(4, 9))
        assert file.open_intents() == []
        assert json.loads(end.line)["body"]["intent"] == end.seq - 1 == end.body["intent"]
        with pytest.raises(StoreError, match="ends only once"):
            file.append(deposit(4, 9))
        assert verify_journal(open_journal(path), PUBLIC).ok


def test_a_number_that_means_another_promise_by_now_is_not_mistaken(path: Path) -> None:
    """The new journal reaches the old number; the deposit's id tells the two apart."""
    with closing(lived(path)) as file:
        file.renew("test")
        while file.append(returned()).seq < 8:
            pass
        assert file.append(intent(5)).seq == 9
        file.append(deposit(5, 9))
        file.append(deposit(4, 9))
        assert file.open_intents() == []
        assert ids(file.unsent(0, 50))[-2:] == ["s1-5", "s1-4"]


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_damaged_deposit_goes_to_staff_by_its_promise(path: Path, line: bytes) -> None:
    """Whether it was set aside before or not: what was promised to whom is still known."""
    with closing(opened(path)) as file:
        bottles(file, 14)
    break_line(path, 4, line)
    with closing(opened(path)) as file:
        file.unsent(0, 5)
        file.renew("record 4 is damaged")
        waiting = file.unsent(0, 50)
        assert ids(waiting) == [f"s1-{number}" for number in range(1, 15)]
        assert [entry.kind for entry in waiting].count("uncertain") == 1
        uncertain = waiting[1]
        assert (uncertain.kind, uncertain.body["mass_g"]) == ("uncertain", 24)
        assert f"record 4 of epoch {EPOCH}" in uncertain.body["reason"]


def test_a_damaged_promise_costs_its_deposit_nothing(path: Path) -> None:
    """The deposit says all that the promise said."""
    with closing(opened(path)) as file:
        bottles(file, 14)
    break_line(path, 3, b"rubbish")
    with closing(opened(path)) as file:
        file.renew("record 3 is damaged")
        assert [entry.kind for entry in file.unsent(0, 50)] == ["deposit"] * 14
        assert verify_journal(open_journal(path), PUBLIC).ok


def test_what_nobody_can_read_any_more_is_named_in_the_new_journal(path: Path) -> None:
    """Deposit and promise both gone: not credited, and not hidden either."""
    with closing(opened(path)) as file:
        bottles(file, 14)
    break_line(path, 3, b"rubbish")
    break_line(path, 4, b"rubbish")
    with closing(opened(path)) as file:
        file.renew("records 3 and 4 are damaged")
        first = json.loads(next(file.lines()))["body"]
        assert first["reason"].endswith("could not be read: records 4")
        assert file.depth() == 13


def test_where_a_promise_is_gone_no_scale_zeroes_itself(path: Path) -> None:
    """The last record is damaged, and was what somebody was promised: a load may lie there."""
    with closing(opened(path)) as file:
        for bay in "ab":
            file.remember_bay(bay, 1200.5, unfinished=False)
        bottles(file, 3)
        file.append(intent(4))
    break_line(path, 7, b"rubbish")
    with closing(opened(path)) as file:
        assert file.open_intents() == []
        assert {one.unfinished for one in file.bay_memories().values()} == {True}
        assert json.loads(next(file.lines()))["body"]["reason"].endswith("records 7")


def test_what_this_kiosk_never_signed_is_not_signed_anew(path: Path) -> None:
    """A forged line in the old file gets no genuine signature in the new one."""
    with closing(opened(path)) as file:
        bottles(file, 14)
    with closing(sqlite3.connect(path)) as raw:
        (line,) = raw.execute("SELECT line FROM records WHERE seq = 4").fetchone()
    break_line(path, 4, line.replace(b'"mass_g":24', b'"mass_g":94'))
    with closing(opened(path)) as file:
        file.renew("test")
        assert {entry.body["mass_g"] for entry in file.unsent(0, 50)} == {24}
        assert all(b'"mass_g":94' not in line for line in file.lines())


def test_without_room_the_old_journal_goes_on(path: Path) -> None:
    """The successor is given up; nothing waits that did not wait before."""
    with closing(lived(path)) as file:
        before = list(file.lines())
        with full(path, 20_000), pytest.raises(DiskError, match="cannot be renewed"):
            file.renew("x" * 300)
        assert file.append(returned()).seq == 10
        assert list(file.lines())[:9] == before
        assert file.epoch == EPOCH
        assert file.renew("now there is room") != EPOCH


def test_the_same_epoch_again_is_refused(path: Path) -> None:
    """It would make two different records of one identity."""
    with closing(journal(path)) as file:
        with pytest.raises(StoreError, match="its own epoch"):
            file.renew("test")
        assert file.append(returned()).seq == 1


@pytest.fixture
def steps(path: Path) -> Iterator[list[Path]]:
    """Copies of the journal's folder as it was before each change of a name in it."""
    copies: list[Path] = []
    watching = True

    def copy(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal watching
        here = event in ("os.link", "os.rename", "os.remove") and str(path.parent) in str(arguments)
        if watching and here:
            watching = False  # copying is no step
            copies.append(path.parent.with_name(f"step-{len(copies)}"))
            shutil.copytree(path.parent, copies[-1])
            watching = True

    sys.addaudithook(copy)  # which cannot be taken away again, only silenced
    yield copies
    watching = False


def test_power_may_fail_at_any_step(path: Path, steps: list[Path]) -> None:
    """Before one moment it is the old journal, from then on the new one, and either is whole."""
    with closing(lived(path)) as file:
        while steps:
            steps.pop()
        file.renew("test")
    epochs = []
    for step in steps:
        with closing(opened(step / path.name)) as file:
            epochs.append(file.epoch)
            assert ids(file.unsent(0, 10)) == ["s1-2", "s1-3"]
            assert ids(file.open_intents()) == ["s1-4"]
            report = verify_chain(file.lines(), PUBLIC)
            assert (report.ok, report.records) == (True, 9 if file.epoch == EPOCH else 7)
        left = {one.name for one in step.iterdir()}
        assert left <= {path.name, f"journal-{EPOCH}.sqlite", f"journal-{EPOCH}.sqlite-wal"}
    assert epochs == sorted(epochs)
    assert set(epochs) == {EPOCH, "5be1000000000002"}


@pytest.fixture
def locked(path: Path) -> Iterator[set[str]]:
    """From which change of a name on, as the system calls it, the journal's disk takes none."""
    refused: set[str] = set()

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in refused and str(path.parent) in str(arguments):
            refused.update(("os.link", "os.remove", "os.rename"))
            raise OSError(errno.EROFS, "Read-only file system", str(path))

    sys.addaudithook(refuse)  # which cannot be taken away again, only silenced
    yield refused
    refused.clear()


@pytest.mark.parametrize(("first", "renewed"), [("os.rename", True), ("os.link", False)])
def test_a_renewal_that_the_disk_stops_half_way_closes_no_journal_for_ever(
    path: Path, locked: set[str], first: str, renewed: bool
) -> None:
    """With the disk well again the kiosk goes on: in the new file once the old one is kept."""
    with closing(lived(path)) as file:
        locked.add(first)
        with pytest.raises(DiskError, match="cannot be"):
            file.renew("test")
        with pytest.raises(DiskError, match="Read-only"):
            file.append(returned())
        assert not file.room().enough
        assert "Read-only" in file.room().reason
        locked.clear()
        assert file.room().enough
        assert (file.epoch != EPOCH) == renewed
        file.append(deposit(4, 9))
        assert ids(file.unsent(0, 10)) == ["s1-2", "s1-3", "s1-4"]
        assert file.renew("again") != EPOCH
        assert verify_journal(open_journal(path), PUBLIC).ok


def test_the_record_that_finds_the_disk_well_again_keeps_its_promise(
    path: Path, locked: set[str]
) -> None:
    """It is the first to open the new file, in which its promise has another number."""
    with closing(lived(path)) as file:
        locked.add("os.rename")
        with pytest.raises(DiskError, match="Read-only"):
            file.renew("test")
        locked.clear()
        end = file.append(deposit(4, 9))
        assert file.epoch != EPOCH
        assert file.open_intents() == []
        assert end.body["intent"] == end.seq - 1


def test_a_renewal_asked_for_again_is_the_one_that_was_begun(path: Path, locked: set[str]) -> None:
    """The old file is kept once; nothing is renewed twice for one reason."""
    with closing(lived(path)) as file:
        locked.add("os.rename")
        for _ in range(2):
            with pytest.raises(DiskError, match="Read-only"):
                file.renew("test")
        locked.clear()
        assert file.renew("test") == "5be1000000000002"
        assert ids(file.open_intents()) == ["s1-4"]


def test_a_collection_that_waits_goes_on_between_the_deposits_that_it_parts(path: Path) -> None:
    """It ends no promise, and a lot is what stands before and after it in the chain."""
    with closing(opened(path)) as file:
        bottles(file, 1)
        file.append(collection())
        file.append(deposit(2, file.append(intent(2)).seq))
        file.renew("test")
        waiting = file.unsent(0, 10)
        assert [one.kind for one in waiting] == ["deposit", "collection", "deposit"]
        assert waiting[1].body == collection().body
        assert verify_journal(open_journal(path), PUBLIC).ok
