"""What the journal remembers of codes and cards, whatever its clock says."""

from contextlib import closing
from pathlib import Path

import pytest

from controller.adapters.journal import memory
from controller.adapters.journal.file import connect
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.core.records import Draft
from tests.contract.samples import deposit_body, intent_body, returned_body
from tests.controller.drafts import AT_S, journal
from tests.controller.harm import BROKEN_LINES, break_line

YEAR_S = 365 * 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal lies."""
    return tmp_path / "journal.sqlite"


def returned(file: SqliteJournal, at: str) -> None:
    """A record that was written at this time, by the kiosk's clock."""
    file.append(Draft("returned", returned_body(), at, sent=False))


def test_a_clock_that_jumps_a_year_ahead_forgets_no_code(path: Path) -> None:
    """Its records stay in the journal for good; the city's signed times do not jump along."""
    with closing(journal(path)) as file:
        assert file.remember_code("aa", AT_S + 120)
        returned(file, "2027-11-24T12:00:00Z")
        assert file.remember_code("bb", AT_S + 240)
        assert not file.remember_code("aa", AT_S + 120)
        returned(file, "2026-11-24T12:00:00Z")
        assert not file.remember_code("bb", AT_S + 240)


def test_after_such_a_jump_codes_are_forgotten_by_the_citys_time(path: Path) -> None:
    """A day past the expiry of what came later, so the table does not grow for ever."""
    with closing(journal(path)) as file:
        returned(file, "2027-11-24T12:00:00Z")
        assert file.remember_code("aa", AT_S + 120)
        assert file.remember_code("bb", AT_S + 120 + 86_401)
        assert file.remember_code("aa", AT_S + 120)


def test_one_code_made_for_years_forgets_no_other(path: Path) -> None:
    """Its expiry alone moves nothing, as long as the kiosk's clock is right."""
    with closing(journal(path)) as file:
        returned(file, "2026-11-23T12:54:00Z")
        assert file.remember_code("aa", AT_S + 120)
        assert file.remember_code("odd", AT_S + 3 * YEAR_S)
        assert not file.remember_code("aa", AT_S + 120)


def three_deposits(file: SqliteJournal) -> None:
    """One by a code, records 1 and 2, and two by a card, records 3 to 6, a minute apart."""
    by = {"by": "card", "jti": "0011223344556677"}
    for number, more in enumerate(({}, by, by), 1):
        at = f"2026-11-23T12:5{number}:00Z"
        intent = file.append(Draft("intent", intent_body(number, **more), at, sent=False))
        body = deposit_body(number, intent=intent.seq, **more)
        file.append(Draft("deposit", body, at, sent=True, closes=intent.seq))


@pytest.mark.parametrize("line", [*BROKEN_LINES, b'{"body":"x"}', None])
def test_a_damaged_deposit_keeps_no_kiosk_from_starting(path: Path, line: bytes | None) -> None:
    """What cannot be read counts for no card; None: it can, but its time is none any more."""
    with closing(journal(path)) as file:
        three_deposits(file)
        whole = list(file.lines())[3]
        changed = whole.replace(b"2026-11-23T12:52", b"2026-11-23t1x:52")
        break_line(path, 4, changed if line is None else line)
        assert file.card_deposits() == [("0011223344556677", "2026-11-23T12:53:00Z", 4)]


def test_what_a_card_brought_is_read_back_from_the_records(path: Path) -> None:
    """Deposits by card alone, oldest first, with their times and points."""
    with closing(journal(path)) as file:
        three_deposits(file)
    with closing(connect(path, "hz-xihu-0001", lambda: "0" * 16)) as connection:
        assert memory.card_deposits(connection) == [
            ("0011223344556677", "2026-11-23T12:52:00Z", 4),
            ("0011223344556677", "2026-11-23T12:53:00Z", 4),
        ]
