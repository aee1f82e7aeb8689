"""Since when a bay rests and a bin is full, and by when somebody comes: by data, or not at all."""

from __future__ import annotations

from dataclasses import replace

from contract.catalogue import example
from controller.core import events
from controller.core.bay import NO_MAINS
from controller.core.flow.give_back import LEFT_BEHIND
from controller.core.lots import Lot
from controller.core.rests import EMPTIED_DAILY, MENDED, PROMISED_S, SAID_S, RestBook
from controller.core.view import Rest
from controller.core.viewing import Viewing
from tests.controller.core.story import NOW_UTC_S, Story

BROKEN = frozenset({("a", "")})
WORKS: frozenset[tuple[str, str]] = frozenset()


class Watched:
    """A kiosk whose screen is drawn at a given second of loop time.

    Args:
        rules: Of the catalogue in force.
        starts_s: Wall-clock time at 0 s of loop time, in Unix seconds; None without a clock.
    """

    def __init__(self, *rules: str, starts_s: int | None = NOW_UTC_S) -> None:
        self.story = Story(catalogue=example().model_copy(update={"rules": rules}))
        self.viewing = Viewing(self.story.session)
        self.story.node_up()
        self.bay = self.story.session.bays["a"]
        assert self.bay.usable
        self.starts_s = starts_s

    def rest(self, now_s: float) -> Rest | None:
        """What is said of the bay."""
        self._look(now_s)
        return self.viewing.view(online=True).bays[0].rest

    def full(self, now_s: float) -> dict[str, Rest | None]:
        """What is said of each stream that is full."""
        self._look(now_s)
        levels = self.viewing.view(online=True).bays[0].levels
        return {one.stream: one.rest for one in levels if one.full}

    def _look(self, now_s: float) -> None:
        utc_s = None if self.starts_s is None else self.starts_s + round(now_s)
        self.viewing.look(now_s, utc_s)


def test_a_bay_says_since_when_it_rests_and_promises_nothing_by_itself() -> None:
    """Once it has lasted; the time is that of the fault, and not of the minute after it."""
    kiosk = Watched()
    assert kiosk.rest(0) is None
    kiosk.bay.closed_because = LEFT_BEHIND
    assert kiosk.rest(100) is None
    assert kiosk.rest(100 + SAID_S) == Rest(NOW_UTC_S + 100)


def test_where_the_catalogue_promises_it_is_mended_within_a_day_and_then_late() -> None:
    """Also while another thing is found at it meanwhile: it has rested since the first."""
    kiosk = Watched(MENDED)
    kiosk.bay.closed_because = LEFT_BEHIND
    kiosk.rest(0)
    due = Rest(NOW_UTC_S, MENDED, NOW_UTC_S + PROMISED_S)
    assert kiosk.rest(SAID_S) == due
    kiosk.bay.lost = "node silent"
    assert kiosk.rest(PROMISED_S - 1) == due
    assert kiosk.rest(PROMISED_S) == replace(due, late=True)


def test_nobody_comes_for_what_passes_by_itself() -> None:
    """The mains comes back without a technician."""
    kiosk = Watched(MENDED)
    kiosk.story.happens(events.MainsSeen(on=False))
    assert kiosk.bay.why_not == NO_MAINS
    kiosk.rest(0)
    assert kiosk.rest(SAID_S) == Rest(NOW_UTC_S)


def test_a_full_bin_is_emptied_within_a_day_of_being_full() -> None:
    """Each stream since its own hour; the rule on bays does not speak of bins."""
    kiosk = Watched(EMPTIED_DAILY)
    levels = kiosk.bay.levels
    lot = Lot(lot="l", opened_s=NOW_UTC_S, mass_g=10**6)
    levels.weigh(0, lot)
    kiosk.full(0)
    levels.weigh(1, lot)
    kiosk.full(3600)
    due_s = NOW_UTC_S + PROMISED_S
    assert kiosk.full(3600 + SAID_S) == {
        "paper": Rest(NOW_UTC_S, EMPTIED_DAILY, due_s),
        "plastic": Rest(NOW_UTC_S + 3600, EMPTIED_DAILY, due_s + 3600),
    }
    levels.weigh(2, lot)
    kiosk.rest(7200)
    assert kiosk.rest(7200 + SAID_S) == Rest(NOW_UTC_S + 7200, EMPTIED_DAILY, due_s + 7200)
    assert Watched(MENDED).full(0) == {}


def test_without_a_clock_that_somebody_vouches_for_no_time_is_said() -> None:
    """Once there is one it tells what began before: loop time has gone on."""
    kiosk = Watched(starts_s=None)
    kiosk.bay.closed_because = LEFT_BEHIND
    assert kiosk.rest(0) is kiosk.rest(3600) is None
    kiosk.starts_s = NOW_UTC_S
    assert kiosk.rest(7200) == Rest(NOW_UTC_S)


def test_what_is_away_for_less_than_a_minute_rests_on() -> None:
    """A hatch that flickers is one rest; one that worked since begins another."""
    book = RestBook()
    for now_s, rests in ((0, BROKEN), (100, WORKS), (100 + SAID_S - 1, BROKEN), (300, BROKEN)):
        book.look(rests, now_s, NOW_UTC_S + now_s)
    assert book.rest("a") == Rest(NOW_UTC_S)
    for now_s, rests in ((400, WORKS), (400 + SAID_S, WORKS), (500, BROKEN), (600, BROKEN)):
        book.look(rests, now_s, NOW_UTC_S + now_s)
    assert book.rest("a") == Rest(NOW_UTC_S + 500)


def test_a_restart_forgets_neither_the_hour_nor_the_promise() -> None:
    """What was kept is said at once, though the bay is not heard of in the first seconds."""
    book = RestBook()
    book.look(BROKEN, 0, NOW_UTC_S)
    assert not book.rows
    book.look(BROKEN, SAID_S, NOW_UTC_S + 60)
    assert book.rows == (("a", "", NOW_UTC_S),)
    again = RestBook()
    again.found([*book.rows, ("b", "", NOW_UTC_S - 5), ("c", "", 0)])
    again.look(BROKEN, 5, NOW_UTC_S + 7000)
    assert again.rest("a", promise=MENDED) == Rest(NOW_UTC_S, MENDED, NOW_UTC_S + PROMISED_S)
    again.look(BROKEN, 5 + SAID_S, NOW_UTC_S + 7060)
    assert again.rows == book.rows


def test_a_time_that_is_still_to_come_is_not_said() -> None:
    """The clock was wrong when it was kept: the bay has rested since it was seen to."""
    book = RestBook()
    book.found([("a", "", NOW_UTC_S + 86_400)])
    book.look(BROKEN, 10, NOW_UTC_S)
    assert book.rest("a") is None
    book.look(BROKEN, 10 + SAID_S, NOW_UTC_S + 60)
    assert book.rest("a") == Rest(NOW_UTC_S)
