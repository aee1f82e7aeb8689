"""Who comes by itself, with what, and in what weather."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.hours import LOCAL
from sim.arrivals import DAY_S, Arrivals
from sim.errors import ScenarioError
from sim.goods import GOODS
from sim.scenario import parse_scenario, visitors_of
from sim.weather import Weather
from sim.world import BayFigures

MIDNIGHT = round(dt.datetime(2026, 12, 1, tzinfo=LOCAL).timestamp())
CROWD = 'name = "crowd"\nline = "Whoever comes."\n[[arrivals]]\npersons_a_day = 40\n'


@given(st.integers(0, 2**32), st.floats(0.05, 3), st.integers(0, 86_399))
def test_a_seed_is_a_crowd_within_its_days(seed: int, days: float, later_s: int) -> None:
    """In order, inside the time, each with one to four things of a mass that such things have."""
    few = Arrivals(days=days)
    people = few.drawn(MIDNIGHT + later_s, random.Random(seed))
    assert people == few.drawn(MIDNIGHT + later_s, random.Random(seed))
    assert people == sorted(people, key=lambda one: one.at_s)
    for one in people:
        assert 0 <= one.at_s < days * DAY_S
        assert 1 <= len(one.things) <= 4
        for kind, mass_g, pieces in one.things:
            least_g, most_g = GOODS[kind].piece_g
            assert pieces * least_g - 1 <= mass_g <= pieces * most_g + 1


def test_as_many_come_and_as_much_as_was_counted() -> None:
    """25 uses a day and 2.1 kg a use, within what chance allows over a month; nobody at night."""
    people = Arrivals(days=30).drawn(MIDNIGHT, random.Random(1))
    brought_g = Counter[str]()
    for one in people:
        assert 6 <= one.at_s % DAY_S / 3600 < 22
        for kind, mass_g, _ in one.things:
            brought_g[kind] += mass_g
    assert len(people) / 30 == pytest.approx(25, rel=0.1)
    assert brought_g.total() / len(people) == pytest.approx(2_100, rel=0.7)
    for kind, good in GOODS.items():
        assert brought_g[kind] / brought_g.total() == pytest.approx(good.mass_share, rel=0.35)


def test_one_hour_and_one_kind_can_be_asked_for() -> None:
    """Weights of 0 keep everybody away."""
    hours = tuple(1.0 if hour == 12 else 0.0 for hour in range(24))
    people = Arrivals(hours=hours, mix={"can": 1.0}).drawn(MIDNIGHT, random.Random(2))
    assert people
    assert {one.at_s // 3600 for one in people} == {12.0}
    assert {kind for one in people for kind, *_ in one.things} == {"can"}


def test_whoever_comes_by_itself_comes_behind_those_with_a_story() -> None:
    """Verbs count people from the first of the file."""
    text = CROWD + '[[people]]\narrives_s = 50\naccount = "ann"\n'
    story = parse_scenario(text, "crowd.toml")
    first, *rest = visitors_of(story, random.Random(1))
    assert (first.account, first.arrives_s) == ("ann", 50)
    assert len(rest) > 20


def test_the_sun_shines_by_day_and_the_seasons_differ() -> None:
    """At noon most, at midnight not at all; a winter's cell is cold; wind goes with its square."""
    weather = Weather(season="winter", daylight=0.8, wind_m_s=10)
    assert weather.shine(MIDNIGHT) == 0
    assert weather.shine(MIDNIGHT + 12 * 3600) == pytest.approx(0.8)
    assert weather.shine(MIDNIGHT + 8 * 3600) == pytest.approx(0.4)
    assert weather.around(BayFigures()).climate.mean_c == 5
    assert Weather().around(BayFigures()) == BayFigures()
    assert weather.shakes_g == 4 * Weather(wind_m_s=5).shakes_g


PERSON = '[[people]]\narrives_s = 3\nitems = [{ kind = "can", mass_g = 14 }]\n'
HEAD = 'name = "x"\nline = "A can."\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "x.toml:1: people: nobody comes: give people or arrivals"),
        (CROWD + "days = 40", "x.toml:5: arrivals[0].days: Input should be less than"),
        (CROWD + "hours = [1, 2]", "x.toml:5: arrivals[0].hours: Tuple should have at least 24"),
        (CROWD + "mix = { plutonium = 1 }", "x.toml:5: arrivals[0].mix: no goods 'plutonium'; th"),
        (CROWD + "mix = { can = 0 }", "x.toml:5: arrivals[0].mix: all weights are 0"),
        (CROWD + "habits = { rude = 1 }", "x.toml:5: arrivals[0].habits.rude"),
        (HEAD + PERSON + 'habit = "rude"', "x.toml:6: people[0].habit: Input should be 'usual',"),
        (HEAD + PERSON + "patience_s = 0", "x.toml:6: people[0].patience_s: Input should be gre"),
        (HEAD + PERSON + "[weather]\nwind_m_s = 99", "x.toml:7: weather.wind_m_s: Input should"),
        (HEAD + PERSON + '[weather]\nseason = "monsoon"', "x.toml:7: weather.season: Input shou"),
        (HEAD + PERSON + "[[collections]]\nat = 3", "x.toml:6: collections[0].at_s: Field requ"),
        (
            HEAD + PERSON + '[expect]\nstates = ["DREAMING"]',
            "x.toml:7: expect.states: no state 'DREAMING'; there are IDLE, ",
        ),
        (
            HEAD + PERSON + '[expect]\nfaults = ["gremlins"]',
            "x.toml:7: expect.faults: no fault 'gremlins'; there are emergency-stop, ",
        ),
        (HEAD + PERSON + '[expect]\nnode = ["AJAR"]', "x.toml:7: expect.node: no state of hatch"),
    ],
)
def test_what_is_wrong_with_people_and_weather_is_named(text: str, said: str) -> None:
    """By file, line and key, with what there is."""
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "x.toml")
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ('verb = "jam"\nbay = "a"\npart = "gate"', "events[0]: it has no time: say at_s, in"),
        (
            'verb = "smoke"\nbay = "a"\nwhen = "SLEEPING"',
            "events[0].when: no state 'SLEEPING'; there are IDLE, ",
        ),
        ('verb = "smoke"\nbay = "a"\nat_s = 1\nlater_s = 2', "events[0]: later_s is counted fro"),
        ('verb = "walk_away"\nat_s = 1\nperson = 2', "events[0].person: no person 2; 1 come, co"),
        ('verb = "walk_away"\nat_s = 1\nperson = 0', "events[0].person: Input should be greater"),
        ('verb = "nodes_swapped"\nat_s = 1\nbay = "a"\nother = "a"', "events[0]: bay 'a' cannot"),
        ('verb = "nodes_swapped"\nat_s = 1\nbay = "a"\nother = "z"', "events[0].other: no bay '"),
        ('verb = "bin_full"\nat_s = 1\nbay = "a"\nbin = 4', "events[0].bin: Input should be les"),
        ('verb = "lens_dirty"\nat_s = 1\nbay = "a"\nhow = "eaten"', "events[0].how: Input shoul"),
        ('verb = "power_cut"\nat_s = 1\nseconds = 0', "events[0].seconds: Input should be great"),
        ('verb = "power_cut"\nat_s = 1\nwhat = "city"', "events[0].what: Input should be 'kiosk"),
        ('verb = "disk_full"\nat_s = 1', "events[0].seconds: Field required"),
        ('verb = "ledger_slow"\nat_s = 1\nseconds = 1\ndelay_s = 0', "events[0].delay_s: Input"),
        ('verb = "qr_replay"\nat_s = 1\nperson = 1', "events[0].of: Field required"),
        ('verb = "vandal"\nat_s = 1\nbay = "a"\ndoes = "sings"', "events[0].does: Input should "),
    ],
)
def test_a_wrong_verb_is_named(event: str, said: str) -> None:
    """With its line: the key's, or the event's where a key is missing."""
    with pytest.raises(ScenarioError, match=r"^x\.toml:\d+: ") as refused:
        parse_scenario(f"{HEAD}{PERSON}[[events]]\n{event}\n", "x.toml")
    assert said in str(refused.value)
