"""A month of a kiosk: what is drawn, when the technician comes, and what counts as down."""

from __future__ import annotations

import math
import random
import re
import statistics
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.view import BayRow, View
from sim.arrivals import HOUR_S
from sim.chance import rng
from sim.days import technician
from sim.days.availability import Availability, Down, availability
from sim.days.closures import NO_POWER, STARTING, Closures, why_not
from sim.days.cost import BOTH_BAYS, expected, expected_of_two
from sim.days.lived import EMPTYING, Lived, lived
from sim.days.month import (
    CLOSES_S,
    DAYS,
    LEAD_S,
    OPEN_S,
    OPENS_S,
    TWO_BAYS,
    Befalls,
    Month,
    befalling,
    month,
    while_used_s,
)
from sim.days.picture import month_page, together
from sim.days.troubles import RUBS, TROUBLES
from sim.scenario import DAY_S, visitors_of
from sim.screen import OFF
from sim.seeing import shipped_classifier
from sim.weather import Weather

TEN_S = 10 * HOUR_S
spans = st.tuples(st.integers(0, 100), st.integers(0, 100), st.sampled_from("abc"))


def test_a_second_with_two_causes_counts_once_and_nights_do_not() -> None:
    """Broken from 8 to 10 and over night, emptied from 9 to 11: three hours of twenty."""
    day, next_day = (6.0, 16.0), (30.0, 40.0)
    down = [Down(8, 10, "broken"), Down(16, 30, "broken"), Down(9, 11, EMPTYING)]
    told = availability([day, next_day], down)
    assert told.down_s == {"broken": 2, EMPTYING: 1}
    assert told.share == pytest.approx(1 - 3 / 20)


def test_planned_emptying_is_down_like_anything_else() -> None:
    """As Ireland's minister counts."""
    assert availability([(0.0, 100.0)], [Down(10, 15, EMPTYING)]).share == pytest.approx(0.95)


@given(st.lists(spans, max_size=8), st.randoms())
def test_the_share_is_what_no_cause_covers(
    drawn: list[tuple[int, int, str]], chance: random.Random
) -> None:
    """Whatever overlaps, in whatever order: counted second by second it is the same."""
    opening = [(10.0, 40.0), (50.0, 90.0)]
    down = [Down(from_s, to_s, cause) for from_s, to_s, cause in drawn]
    covered = {at for one in down for at in range(int(one.from_s), int(one.to_s))}
    open_at = {*range(10, 40), *range(50, 90)}
    chance.shuffle(down)
    told = availability(opening, down)
    assert told.share == pytest.approx(1 - len(covered & open_at) / 70)
    assert all(for_s > 0 for for_s in told.down_s.values())


def test_days_add_up_and_no_day_says_nothing() -> None:
    """A share is of opening hours: without any there is none."""
    whole = Availability(10, {"broken": 1}) + Availability(30, {"broken": 2, EMPTYING: 1})
    assert (whole.opening_s, whole.down_s) == (40, {"broken": 3, EMPTYING: 1})
    with pytest.raises(ValueError, match="opening hours of 0 s"):
        availability([], [Down(0, 1, "broken")])


@pytest.mark.parametrize(
    ("called_h", "comes_h"), [(9, 13), (16, 20), (18, 24 + 10), (23, 24 + 12), (3, 12), (47, 60)]
)
def test_the_technician_comes_four_working_hours_after_the_call(
    called_h: float, comes_h: float
) -> None:
    """What is called in the evening is begun on the next morning."""
    assert technician.comes_s(called_h * HOUR_S) == comes_h * HOUR_S


def test_a_month_is_its_seeds() -> None:
    """The same seed is the same month, and another one another."""
    assert month(7) == month(7)
    assert month(7).befalls != month(8).befalls


def test_troubles_come_as_often_as_the_table_says() -> None:
    """Over 60 months their number is within four standard deviations of the table's."""
    there_should_be = 60 * DAYS / 365 * sum(one.a_year for one in TROUBLES.values())
    there_are = sum(len(month(seed).befalls) for seed in range(60))
    assert abs(there_are - there_should_be) < 4 * math.sqrt(there_should_be)


def test_troubles_come_while_people_do() -> None:
    """None at night, the mean in the afternoon."""
    times_s = [while_used_s(random.Random(seed)) for seed in range(500)]
    assert OPENS_S <= min(times_s) < max(times_s) < CLOSES_S
    assert 13 * HOUR_S < statistics.mean(times_s) < 16 * HOUR_S


def test_the_steward_comes_by_day_and_night_and_the_technician_where_there_is_none() -> None:
    """Half an hour after somebody meets the red button, on a site that has a steward."""
    late_s = 21.5 * HOUR_S
    near, alone = (replace(plain(), has_steward=one) for one in (True, False))
    met_s = near.noticed_s(late_s)
    assert befalling(near, "red button", late_s).until_s == met_s + technician.STEWARD_S
    assert befalling(near, "red button", late_s).comes_s is None
    assert befalling(alone, "red button", late_s).comes_s == technician.comes_s(met_s)
    assert befalling(near, "leaf stuck", late_s).comes_s == technician.comes_s(met_s)


def test_rails_are_cleaned_when_the_kiosk_names_them_and_wear_from_then_on() -> None:
    """However old the kiosk is, they never rub harder than that; contacts are not renewed."""
    factors, chatters = [], []
    for age in (0.0, 1.9, 2.1, 3.9, 4.9):
        rails, limit = replace(plain(), age_years=age).scenario(0).events
        factors.append(getattr(rails, "factor", 0.0))
        chatters.append(getattr(limit, "chatter_ms", 0.0))
    assert max(factors) <= RUBS
    assert factors[1] > factors[2] < factors[3] > factors[4]
    assert chatters == sorted(chatters)


def plain(*befalls: Befalls) -> Month:
    """A new kiosk in fair weather."""
    return Month(3, 0.0, (Weather(),), befalls=befalls)


@pytest.mark.parametrize("name", TROUBLES)
def test_every_trouble_begins_and_ends_in_a_scenario(name: str) -> None:
    """Its words are verbs of the language, and each that the technician mends ends off and on."""
    one = befalling(plain(), name, TEN_S)
    told = [verb for day in (0, 1) for verb in plain(one).scenario(day).events[2:]]
    assert told[0].at_s == pytest.approx(one.at_s - OPENS_S + LEAD_S, abs=0.001)
    if one.comes_s is not None:
        assert one.until_s == one.comes_s + technician.MENDING_S
        assert told[-1].verb == "power_cut"
        assert getattr(told[-1], "seconds", None) == technician.OFF_AND_ON["seconds"]


def test_what_residents_do_is_done_while_one_is_there() -> None:
    """A load hangs on the leaves where somebody has just come, not before nobody."""
    one = befalling(plain(), "load hangs", TEN_S)
    day = plain().scenario(0)
    come_s = [
        who.arrives_s + OPENS_S - LEAD_S for who in visitors_of(day, rng(day.seed, "arrivals"))
    ]
    assert min(one.at_s - at_s for at_s in come_s if at_s < one.at_s) < 10
    assert one.at_s >= TEN_S


def test_a_part_that_breaks_in_the_evening_is_broken_in_the_morning() -> None:
    """Nobody mends it over night; the next day begins with it, and the technician ends it."""
    one = befalling(plain(), "leaf stuck", 21 * HOUR_S)
    evening, morning = (plain(one).scenario(day).events[2:] for day in (0, 1))
    assert [verb.verb for verb in evening] == ["jam"]
    assert [verb.verb for verb in morning] == ["jam", "jam", "power_cut"]
    assert morning[0].at_s == 0
    assert plain(one).scenario(2).events[2:] == ()


def test_a_stretch_of_a_day_brings_the_days_own_people() -> None:
    """Whoever comes between ten and twelve comes then whether the rest is run or not."""
    whole, part = plain().scenario(0), plain().scenario(0, TEN_S, TEN_S + 2 * HOUR_S)
    apart_s = part.starts_at - whole.starts_at
    crowds = [visitors_of(one, random.Random(1)) for one in (whole, part)]
    all_day, two_hours = ({(one.arrives_s, one.items) for one in crowd} for crowd in crowds)
    moved = {(round(at_s + apart_s, 3), items) for at_s, items in two_hours}
    rounded = {(round(at_s, 3), items) for at_s, items in all_day}
    assert moved <= rounded
    assert moved


def test_a_long_outage_is_told_again_and_ends_in_time() -> None:
    """A cut lasts an hour at most; together they last as long as the trouble."""
    one = befalling(plain(), "outage", TEN_S)
    cuts = [verb for verb in plain(one).scenario(0).events if verb.verb == "power_cut"]
    begins_s = TEN_S - OPENS_S + LEAD_S
    ends_s = [verb.at_s + getattr(verb, "seconds", 0.0) for verb in cuts]
    assert ends_s[-1] - begins_s == pytest.approx(3.5 * HOUR_S)
    assert all(before > after.at_s for before, after in zip(ends_s, cuts[1:], strict=False))


def bay(name: str, reason: str = "") -> BayRow:
    """A bay on the screen."""
    return BayRow(name, not reason, ("paper",), reason)


def test_a_kiosk_is_down_while_none_of_its_bays_can_be_used() -> None:
    """One bay that takes something is enough; no power is no bay."""
    assert why_not(View("IDLE", "idle", bays=(bay("a", "smoke"), bay("b")))) == ""
    assert why_not(View("IDLE", "idle", bays=(bay("a", "smoke"), bay("b", "tamper")))) == "smoke"
    assert why_not(View("IDLE", "starting")) == STARTING
    assert why_not(View(OFF, "")) == NO_POWER


def test_closures_are_noted_from_turn_to_turn() -> None:
    """The same reason twice is one closure, another one begins another."""
    closures = Closures()
    for at_s, reason in ((1.0, ""), (5.0, "smoke"), (6.0, "smoke"), (7.0, "tamper"), (9.0, "")):
        closures.turns(reason, at_s)
    assert closures.down == [Down(0, 1, STARTING), Down(5, 7, "smoke"), Down(7, 9, "tamper")]


@pytest.fixture(scope="module")
def pressed() -> Lived:
    """Four minutes around a red button that is pressed after ten and released no more."""
    one = Befalls("red button", TEN_S + 120, TEN_S + 5 * HOUR_S, TEN_S + 4.5 * HOUR_S)
    stretch = (TEN_S, TEN_S + 240)
    return lived(plain(one), 0, shipped_classifier(), stretch=stretch)


def test_a_pressed_button_closes_the_kiosk_until_somebody_comes(pressed: Lived) -> None:
    """The half of the stretch behind it is down, for that."""
    assert pressed.availability.share == pytest.approx(0.5, abs=0.01)
    assert set(pressed.availability.down_s) == {"red button"}


def test_of_two_bays_one_may_be_shut_or_emptied() -> None:
    """The same button at a kiosk with two bays, while the truck is there: the other bay serves."""
    noon_s = 13 * HOUR_S - 60
    one = Befalls("red button", noon_s + 60, noon_s + 5 * HOUR_S, noon_s + 4.5 * HOUR_S)
    two = replace(plain(one), bays=TWO_BAYS)
    told = lived(two, 0, shipped_classifier(), stretch=(noon_s, noon_s + 240))
    assert told.availability.share == 1
    assert "emergency-stop" in told.outcome.faults


def test_each_bay_wears_and_has_bins_of_its_own() -> None:
    """Both are as old as the kiosk; what befalls is the first one's."""
    day = replace(plain(), age_years=2.0, bays=TWO_BAYS).scenario(0)
    assert [bay.name for bay in day.kiosk.bays] == ["a", "b"]
    assert [(verb.verb, getattr(verb, "bay", "")) for verb in day.events] == [
        (verb, bay) for bay in TWO_BAYS for verb in ("friction", "limit_worn")
    ]


def test_signs_of_troubles_that_come_close_together_are_not_cut_off(pressed: Lived) -> None:
    """However many lines of them there are, each stands inside the picture."""
    befalls = [Befalls("red button", TEN_S + 60 * n, TEN_S + 60 * n + 30) for n in range(4)]
    page = month_page(plain(*befalls), [pressed])
    (top,) = re.findall(r'viewBox="0 (-?\d+) ', page)
    signs = [float(y) for y in re.findall(r'<text x="[\d.]+" y="(-?[\d.]+)">red button', page)]
    assert len(set(signs)) == 4
    assert min(signs) - 10 >= float(top), "a letter is 10 px high"


def test_a_month_on_a_page_names_what_it_was_down_for(pressed: Lived) -> None:
    """Days with their minutes, what befell it, and a table of causes; a day is never missing."""
    page = month_page(plain(Befalls("red button", TEN_S + 120, TEN_S + HOUR_S)), [pressed])
    assert "<td>red button</td><td>2.0</td>" in page
    assert "available 50.00 %" in page
    assert page.count("<svg") == 1
    with pytest.raises(ValueError, match="no days"):
        together([])


def test_two_bays_have_a_bays_troubles_twice_and_are_rarely_down_together() -> None:
    """A dip is the kiosk's, a red button a bay's; each bay alone is down one part in a hundred."""
    a_year_s, alone_s = 365.0, 365 * (OPEN_S / 100 - 240)
    told = expected_of_two(
        {"red button": a_year_s, "outage": a_year_s / 2.6}, 0.001, {"red button": alone_s}, 4
    )
    assert told.down_s == pytest.approx(
        {"red button": 2, "outage": 1, "by itself": OPEN_S / 1000, BOTH_BAYS: OPEN_S / 10_000}
    )


def test_what_is_expected_is_rates_times_costs() -> None:
    """A trouble of once a year that costs 3,650 s takes 10 s of a day; bins take their minute."""
    told = expected({"red button": 3_650.0}, 0.001, 4)
    assert told.down_s == pytest.approx(
        {EMPTYING: 240, "by itself": OPEN_S / 1000, "red button": 10}
    )
    assert told.opening_s == OPEN_S
    assert DAY_S > OPEN_S
