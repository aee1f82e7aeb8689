"""The journal's copy on a stick: the card may die with all that the ledger does not have."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.mirror import device_of
from controller.build import _retired_keys
from controller.ports import BayMemory, DiskError, StoreError
from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import KIOSK, bottles, calibration, intent, journal, returned
from tests.controller.harm import break_line, hasty

if TYPE_CHECKING:
    from controller.adapters.journal.sqlite_journal import SqliteJournal

PUBLIC = signer(KIOSK).public


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The journal on the card."""
    (tmp_path / "card").mkdir()
    return tmp_path / "card" / "journal.sqlite"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Its copy on the stick."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "mirror.sqlite"


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


NEW_KEY = signer("the new card")


def lived(card: Path, stick: Path) -> None:
    """The old card's days: a calibration, two bottles, a promise, a bay at rest."""
    with closing(opened(card, stick)) as file:
        file.append(calibration())
        bottles(file, 2)
        file.append(intent(3))
        file.remember_bay("a", 1200.5, unfinished=False)
    new_card(card)


def first_of(file: SqliteJournal) -> dict[str, Any]:
    """What the journal's first record says."""
    body: dict[str, Any] = json.loads(next(file.lines()))["body"]
    return body


def test_a_new_card_with_a_new_key_goes_on_with_what_the_old_key_signed(
    card: Path, stick: Path
) -> None:
    """Where the old public key lies beside the new one; all of it is sealed with the new one."""
    lived(card, stick)
    with closing(opened(card, stick, signer=NEW_KEY, retired=[PUBLIC])) as file:
        assert ids(file) == ["s1-1", "s1-2"]
        assert [one.body["deposit_id"] for one in file.open_intents()] == ["s1-3"]
        assert len(file.calibrations()) == 1
        assert first_of(file)["previous_epoch"] == EPOCH
        assert verify_journal(open_journal(card), NEW_KEY.public).ok
    kept = verify_journal(open_journal(card.with_name(f"journal-{EPOCH}.sqlite")), PUBLIC)
    assert (kept.ok, kept.records) == (True, 6)


@pytest.mark.parametrize("retired", [[], [signer("another card").public]])
def test_a_new_card_without_the_old_key_begins_and_keeps_the_copy(
    card: Path, stick: Path, retired: list[bytes]
) -> None:
    """Nothing is signed that nobody can check; what waits is named, and no scale zeroes itself."""
    lived(card, stick)
    with closing(opened(card, stick, signer=NEW_KEY, retired=retired)) as file:
        assert (file.depth(), file.open_intents(), file.calibrations()) == (0, [], [])
        assert file.bay_memories() == {"a": BayMemory(1200.5, unfinished=True)}
        first, epoch = first_of(file), file.epoch
        assert first["previous_epoch"] == EPOCH
        assert "a key that is not known here" in first["reason"]
        assert first["reason"].endswith("records 3, 5, 6")
    with closing(opened(card, stick, signer=NEW_KEY)) as file:
        assert file.epoch == epoch
        file.append(returned())
    for kept in (
        card.with_name(f"journal-{EPOCH}.sqlite"),
        stick.with_name(f"mirror-{EPOCH}.sqlite"),
    ):
        assert verify_journal(open_journal(kept), PUBLIC).records == 6


def test_a_journal_of_another_key_is_refused_where_it_was_not_restored(
    card: Path, stick: Path
) -> None:
    """A wrong key beside the card's own journal is a mistake of whoever set the kiosk up."""
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
    with pytest.raises(StoreError, match="signed with another key"):
        opened(card, stick, signer=NEW_KEY, retired=[PUBLIC])


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


def test_the_old_public_keys_are_looked_for_beside_the_new_key(tmp_path: Path) -> None:
    """As staff put them there; the new key's own public half and other files are none of them."""
    for name, owner in (("kiosk.pub", NEW_KEY), ("kiosk.2026-11-27.pub", signer(KIOSK))):
        (tmp_path / name).write_text(owner.public.hex())
    (tmp_path / "operator.pub").write_text(signer("operator").public.hex())
    assert _retired_keys(tmp_path / "kiosk.pem") == [PUBLIC]


def archiving(card: Path, stick: Path, records: int) -> SqliteJournal:
    """A mirrored journal that archives as soon as it may, and has lived for so many records."""
    with closing(hasty(journal(card))) as file:
        file.append(calibration())
        (last,) = bottles(file, 1)
        file.acknowledge(last.seq, last.sha256)
        for _ in range(records - 4):
            file.append(returned())
    file = opened(card, stick, limits=Limits(keep_records=0))
    file.append(returned())
    return hasty(file)


def test_the_copys_old_records_move_to_files_on_the_stick(card: Path, stick: Path) -> None:
    """The stick does not fill up either, and of the whole past it has a copy of its own."""
    with closing(archiving(card, stick, 260)) as file:
        while file.archive():
            pass
        file.append(returned())
        assert open_journal(stick).records == open_journal(card).records == 63
        on_stick = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (on_stick.ok, on_stick.first, on_stick.records) == (True, 1, 263), on_stick
        assert verify_journal(open_journal(stick), PUBLIC).ok
    new_card(card)
    with closing(opened(card, stick)) as file:
        assert len(file.calibrations()) == 1, "which is archived, and in force"
        assert verify_journal(open_journal(card), PUBLIC).ok


def test_a_stick_that_was_away_gets_every_file_when_it_is_back(card: Path, stick: Path) -> None:
    """A few after each record; its own copy of the records goes only when all are there."""
    with closing(archiving(card, stick, 360)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        away.rename(stick.parent)
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 2
        assert verify_journal(open_journal(stick), PUBLIC).first == 1
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 3
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.records) == (True, 1, 366), report


def test_a_stick_that_was_away_too_long_begins_a_new_copy(card: Path, stick: Path) -> None:
    """What it had is kept beside, and the files are copied from the card."""
    with closing(archiving(card, stick, 30)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        for _ in range(150):
            file.append(returned())
        assert file.archive()
        away.rename(stick.parent)
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.records) == (True, 1, 182), report
        kept = verify_journal(open_journal(stick.with_name(f"mirror-{EPOCH}.sqlite")), PUBLIC)
        assert (kept.ok, kept.first, kept.last) == (True, 1, 30)


def test_another_stick_has_the_calibration_at_once_and_the_files_in_time(
    card: Path, stick: Path
) -> None:
    """Staff change a stick while the kiosk runs; the card may die right after."""
    with closing(archiving(card, stick, 460)) as file:
        while file.archive():
            pass
        stick.parent.rename(stick.parent.with_name("drawer"))
        file.append(returned())
        stick.parent.mkdir()
        file.append(returned())
        assert len(list(stick.parent.glob("archive/*"))) == 2
        assert verify_journal(open_journal(stick), PUBLIC).ok
        spare = stick.with_name("spare.sqlite")
        shutil.copy(stick, spare)
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report
    with closing(opened(card.with_name("new.sqlite"), spare)) as file:
        assert len(file.calibrations()) == 1


def test_a_file_that_the_card_has_spoilt_spoils_no_copy(card: Path, stick: Path) -> None:
    """The stick was away while records were archived, and has them still: it writes its own."""
    with closing(archiving(card, stick, 260)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        first = min((card.parent / "archive").iterdir())
        first.write_bytes(first.read_bytes().replace(b"calibration", b"calibrution"))
        away.rename(stick.parent)
        file.append(returned())
        assert not verify_journal(open_journal(card), PUBLIC, archive=first.parent).ok
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report


def test_a_record_that_the_stick_has_spoilt_is_the_cards(card: Path, stick: Path) -> None:
    """Of two copies the whole one becomes the stick's file."""
    with closing(archiving(card, stick, 260)) as file:
        break_line(stick, 40, b"rubbish")
        assert file.archive()
        file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first) == (True, 1), report


def test_a_file_that_the_card_has_lost_costs_the_copy_no_record(
    card: Path, stick: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in no file on the stick stays in the copy there; said once, and all else goes on."""
    with closing(archiving(card, stick, 260)) as file:
        away = stick.parent.rename(stick.parent.with_name("pocket"))
        file.append(returned())
        while file.archive():
            pass
        min((card.parent / "archive").iterdir()).unlink()
        away.rename(stick.parent)
        for _ in range(5):
            file.append(returned())
        report = verify_journal(open_journal(stick), PUBLIC, archive=stick.parent / "archive")
        assert (report.ok, report.first, report.last) == (True, 1, 268), report
    assert sum("event=archive-not-copied" in one for one in caplog.messages) == 1


def test_a_copied_file_outlives_the_cards_own(card: Path, stick: Path) -> None:
    """The card has cut it short: that is no reason to take it over."""
    with closing(archiving(card, stick, 260)) as file:
        assert file.archive()
        (first,) = (card.parent / "archive").iterdir()
        whole = first.read_bytes()
        first.write_bytes(whole[:1000])
        assert file.archive()
        file.append(returned())
        on_stick = sorted((stick.parent / "archive").iterdir())
        assert (len(on_stick), on_stick[0].read_bytes() == whole) == (2, True)


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
