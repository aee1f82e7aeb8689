"""Whole days: as many come as were asked for, and how long they wait."""

from __future__ import annotations

import itertools
import random
import statistics

import pytest

from contract.catalogue import example
from controller.core.view import View
from sim.days.day import LAST_S, MIDNIGHT, a_day, single_visits
from sim.days.stopwatch import Stopwatch
from sim.run import Options, run_scenario
from sim.scenario import DAY_S, Scenario, load_scenario, visitors_of
from sim.seeing import shipped_classifier


def crowd(day: Scenario, seed: int) -> list[float]:
    """When they come, once for each load."""
    people = visitors_of(day, random.Random(seed))
    return [one.arrives_s for one in people for _ in one.items]


def test_a_day_brings_its_loads_and_a_part_its_part() -> None:
    """Three hundred on average; a tenth of it thirty, as close together, and none at its end."""
    days = [crowd(a_day(seed), seed) for seed in range(20)]
    parts = [crowd(a_day(seed, loads=30, part=0.1), seed) for seed in range(200)]
    assert statistics.mean(map(len, days)) == pytest.approx(300, rel=0.1)
    assert statistics.mean(map(len, parts)) == pytest.approx(30, rel=0.1)
    assert max(max(part) for part in parts) < DAY_S / 10 - LAST_S
    assert all(6 * 3600 <= at_s < 22 * 3600 for day in days for at_s in day)


def test_a_day_begins_at_midnight() -> None:
    """So that its hours are those of the clock."""
    assert a_day(1).starts_at == MIDNIGHT
    assert (MIDNIGHT + 8 * 3600) % DAY_S == 0, "local time is eight hours ahead"


def test_single_visits_are_one_load_each_and_nobody_waits() -> None:
    """A minute apart, of the kinds that were asked for, which the catalogue knows."""
    visits = single_visits(7, 30, ("can", "newspaper"))
    times_s = [one.arrives_s for one in visits.people]
    assert all(later - earlier == 60 for earlier, later in itertools.pairwise(times_s))
    kinds = {item.kind for one in visits.people for item in one.items}
    assert kinds == {"can", "newspaper"} <= {row.code for row in example().items}
    assert all(len(one.items) == 1 for one in visits.people)
    assert visits == single_visits(7, 30, ("can", "newspaper")) != single_visits(8, 30, ("can",))


def test_points_are_shown_soon_after_the_scan() -> None:
    """The stopwatch runs from the scan to the points of the first load."""
    watch = Stopwatch()
    story = load_scenario("happy")
    outcome = run_scenario(story, Options(), shipped_classifier(), witness=watch)
    assert outcome.passed, outcome.failures
    assert watch.full == 0
    assert not watch.left_out
    (wait_s,) = watch.waits_s
    assert 10.0 < wait_s <= 20.0


def watched(*states: str) -> Stopwatch:
    """A stopwatch that saw one state a second; a message stands behind a slash."""
    watch = Stopwatch()
    for second, state in enumerate(("IDLE", *states)):
        name, _, message = state.partition("/")
        watch.sees(View(state=name, message=message), float(second))
    return watch


@pytest.mark.parametrize(
    ("states", "why"),
    [
        ("IDENTIFIED LOADING CLOSING ASKING DROPPING CREDITED FAREWELL IDLE", "asked"),
        ("IDENTIFIED LOADING RETURNING LOADING CREDITED FAREWELL IDLE", "returned"),
        ("IDENTIFIED LOADING CLOSING LOADING CLOSING CREDITED IDLE", "hatch opened again"),
        ("IDENTIFIED LOADING RETURNING FAREWELL IDLE", "returned"),
        ("IDENTIFIED LOADING FAREWELL IDLE", "no load"),
        ("IDENTIFIED LOADING OFF IDLE", "no load"),
    ],
)
def test_what_did_not_go_straight_is_left_out_and_says_why(states: str, why: str) -> None:
    """Once a session, whatever comes behind it."""
    watch = watched(*states.split())
    assert watch.waits_s == []
    assert watch.left_out == {why: 1}


def test_only_the_first_load_of_each_session_is_timed() -> None:
    """The second has no scan before it; the next session begins anew; each state has its share."""
    visit = "IDENTIFIED LOADING CREDITED LOADING ASKING CREDITED FAREWELL IDLE"
    watch = watched(*f"{visit} {visit}".split())
    assert watch.waits_s == [2.0, 2.0]
    assert watch.stages_s == [{"IDENTIFIED": 1.0, "LOADING": 1.0}] * 2
    assert not watch.left_out


def test_a_full_bin_is_counted_once_a_load() -> None:
    """However often the screen says so."""
    watch = watched("RETURNING/returned-full", "RETURNING/returned-full", "LOADING", "IDLE")
    assert watch.full == 1
    assert watched("RETURNING/returned-full", "LOADING", "RETURNING/returned-full").full == 2
