"""The journal's copy on a stick: the card may die with all that the ledger does not have."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.mirror import device_of
from controller.ports import BayMemory, DiskError
from tests.contract.samples import EPOCH
from tests.controller.drafts import bottles, calibration, intent, journal, returned
from tests.controller.mirrored import PUBLIC, ids, new_card, opened

if TYPE_CHECKING:
    pass


def test_a_card_that_dies_takes_nothing_along(card: Path, stick: Path) -> None:
    """A new card in the old kiosk: what waited waits, what was open is open, acks stand."""
    with closing(opened(card, stick)) as file:
        file.append(calibration())
        first, _, third = bottles(file, 3)
        file.append(intent(4))
        file.acknowledge(first.seq, first.sha256)
        file.set_aside(third.seq, "bad-signature")
        file.remember_bay("a", 1200.5, unfinished=True)
    new_card(card)
    with closing(opened(card, stick)) as file:
        assert file.epoch != EPOCH
        assert ids(file) == ["s1-2"]
        assert [one.body["deposit_id"] for one in file.open_intents()] == ["s1-4"]
        assert len(file.calibrations()) == 1
        assert file.bay_memories() == {"a": BayMemory(1200.5, unfinished=True)}
        assert verify_journal(open_journal(card), PUBLIC).ok
        epoch = file.epoch
    with closing(opened(card, stick)) as file:
        assert file.epoch == epoch, "restored once, not at every start"


def test_the_copy_is_a_journal_that_verifies(card: Path, stick: Path) -> None:
    """At any time, record for record; after a new epoch the old one's copy is kept beside."""
    with closing(opened(card, stick)) as file:
        entries = bottles(file, 3)
        file.acknowledge(entries[0].seq, entries[0].sha256)
        report = verify_journal(open_journal(stick), PUBLIC, (6, entries[2].sha256))
        assert (report.ok, report.records) == (True, 6)
        file.renew("test")
        file.append(returned())
        assert verify_journal(open_journal(stick), PUBLIC).epoch == file.epoch
    kept = verify_journal(open_journal(stick.with_name(f"mirror-{EPOCH}.sqlite")), PUBLIC)
    assert (kept.ok, kept.records, kept.epoch) == (True, 6, EPOCH)


def test_the_log_of_a_journal_that_is_gone_is_not_taken_for_the_copys(
    card: Path, stick: Path
) -> None:
    """Half of the old card's files came through."""
    with closing(opened(card, stick)) as file:
        bottles(file, 3)
        log = Path(f"{card}-wal").read_bytes()
    card.unlink()
    Path(f"{card}-wal").write_bytes(log)
    with closing(opened(card, stick)) as file:
        assert ids(file) == ["s1-1", "s1-2", "s1-3"]
        assert verify_journal(open_journal(card), PUBLIC).ok


def test_copies_that_were_kept_are_not_written_over(card: Path, stick: Path) -> None:
    """A card restored twice from the same older image: each copy knows what the image lacks."""
    image = card.with_name("image")
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
        file.close()
        shutil.copy(card, image)
    for number in (2, 3):
        with closing(opened(card, stick)) as file:
            bottles(file, number)
            file.close()
        shutil.copy(image, card)
    with closing(opened(card, stick)) as file:
        file.append(returned())
    kept = sorted(one.name for one in stick.parent.glob("*.sqlite"))
    assert kept == [
        "mirror-5be1000000000001-2.sqlite",
        "mirror-5be1000000000001.sqlite",
        stick.name,
    ]
    assert {open_journal(stick.parent / name).records for name in kept} == {3, 6, 8}


def test_a_stick_that_is_pulled_holds_nothing_up_and_catches_up(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once when it goes and once when it is back; nothing is missing then."""
    pulled = stick.parent.with_name("pulled")
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
        file.close()
    stick.parent.rename(pulled)
    with closing(opened(card, stick)) as file:
        bottles(file, 3)
        assert file.room().enough
        assert [line.split()[0] for line in caplog.messages] == ["event=mirror-lost"]
        pulled.rename(stick.parent)
        entries = bottles(file, 1)
        report = verify_journal(open_journal(stick), PUBLIC, (10, entries[0].sha256))
        assert (report.ok, report.records) == (True, 10)
    assert [line.split()[0] for line in caplog.messages][1:] == ["event=mirror-found"]


def test_a_stick_of_another_kiosk_is_left_alone(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be the only copy of what that kiosk had; on a new card it is nobody's journal."""
    with closing(journal(stick, kiosk="hz-other")) as file:
        file.append(returned())
    before = stick.read_bytes()
    with closing(opened(card, stick)) as file:
        assert [file.append(returned()).seq for _ in range(2)] == [1, 2]
    (said,) = caplog.messages
    assert f"{stick} is the journal of hz-other: use another stick" in said
    assert stick.read_bytes() == before


def test_a_full_stick_is_no_full_card(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The copy stops and says so, the kiosk does not; later it is caught up."""
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
        # A test may reach inside: SQLite offers no other way to a small stick.
        file._mirror._copy.execute("PRAGMA max_page_count = 1")  # type: ignore[union-attr]
        entries = bottles(file, 12)
        assert file.room().enough
        assert "database or disk is full" in caplog.messages[0]
        report = verify_journal(open_journal(stick), PUBLIC, (26, entries[-1].sha256))
        assert report.ok


def test_a_broken_stick_on_a_new_card_is_for_staff_to_decide(card: Path, stick: Path) -> None:
    """Pulled out, the kiosk begins without it: that is nothing to do by itself."""
    with closing(opened(card, stick)) as file:
        bottles(file, 12)
    new_card(card)
    whole = stick.read_bytes()
    stick.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(DiskError, match=r"journal\.sqlite cannot be (restored|opened|read)"):
        opened(card, stick)


def test_a_copy_on_the_journals_own_disk_is_none(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It would die with the card, and fill it where the stick is not mounted."""
    with closing(opened(card, stick, device=device_of)) as file:
        bottles(file, 2)
        assert file.room().enough
    (said,) = caplog.messages
    assert f"{stick} is on the journal's own disk: mount a second medium" in said
    assert not stick.exists()


def test_a_mount_point_without_its_stick_is_not_filled(card: Path, stick: Path) -> None:
    """What is missing comes with the stick."""
    mounted = False

    def device(folder: Path) -> int:
        return 2 if mounted and folder == stick.parent else 1

    with closing(opened(card, stick, device=device)) as file:
        bottles(file, 2)
        assert not stick.exists()
        mounted = True
        bottles(file, 1)
    assert open_journal(stick).records == 6


def test_a_stick_that_was_pulled_before_its_first_table_is_a_new_one(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An empty file is no copy: followed on, and on a new card nothing to be restored."""
    stick.write_bytes(b"")
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
        assert open_journal(stick).records == 2
    new_card(card)
    stick.write_bytes(b"")
    with closing(opened(card, stick)) as file:
        assert file.append(returned()).seq == 1
    assert open_journal(stick).records == 1
    assert caplog.messages == []


def test_room_says_why_the_copy_is_behind(card: Path, stick: Path) -> None:
    """A stick that was pulled closes nothing, and staff are told of it."""
    with closing(opened(card, stick)) as file:
        file.append(returned())
        assert (file.room().enough, file.room().mirror) == (True, "")
        pulled = stick.parent.with_name("pulled")
        stick.parent.rename(pulled)
        file._disk._mirror.close()  # type: ignore[union-attr]  # what is open outlives its name
        file.append(returned())
        assert file.room().enough
        assert file.room().mirror
        pulled.rename(stick.parent)
        file.append(returned())
        assert file.room().mirror == ""
