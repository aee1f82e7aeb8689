"""Scenarios by chance are sound, and what fails is cut down to the line that makes it fail."""

from __future__ import annotations

import json
import random
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kiosk_cli
from sim.random_scenarios.arguments import Cast, arguments, kinds
from sim.random_scenarios.draw import MENDS, draw_tale, mended
from sim.random_scenarios.search import Finding, Trial
from sim.random_scenarios.shrink import Shrinker
from sim.random_scenarios.toml import toml_of
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier
from sim.trials.many import many

SIM = [EntryPoint("sim", "sim.cli:app", "kiosk.commands")]
SEEDS = 300
MOST_SEEDS = 5_000
"""Until then every verb must have been drawn, the rarest too; it was after 900."""

CAST = Cast(["a", "b"], 2, ["resident-1", "resident-2"])


def test_a_seed_is_one_scenario_and_every_seed_is_sound() -> None:
    """What is drawn contradicts nothing, reads as TOML, and comes again from the same seed."""
    for seed in range(SEEDS):
        text = toml_of(draw_tale(seed))
        assert text == toml_of(draw_tale(seed))
        story = parse_scenario(text, "drawn")
        assert story.seed == seed
        assert len(story.people) >= 1
        assert story.events


def test_every_verb_is_drawn_and_most_of_what_breaks_is_mended() -> None:
    """A verb that is added to the language is drawn from then on, and needs no word here."""
    there_are, drawn, seeds = set(kinds()), set[str](), iter(range(MOST_SEEDS))
    while drawn != there_are:
        seed = next(seeds, None)
        assert seed is not None, f"never drawn: {there_are - drawn}"
        drawn |= {event["verb"] for event in draw_tale(seed)["events"]}
    assert set(MENDS) <= set(kinds())


@pytest.mark.parametrize("name", sorted(kinds()))
def test_arguments_keep_within_what_the_verb_declares(name: str, seed: int) -> None:
    """Each draw is one that the verb's own model takes, and its mending too."""
    chance, model = random.Random(seed), kinds()[name]
    taken = set()
    for _ in range(50):
        event: dict[str, Any] = {"at_s": 1.0, "verb": name} | arguments(model, CAST, chance)
        model.model_validate(event)
        mend = mended(event, "on" in model.model_fields)
        if mend is not None:
            model.model_validate(mend)
        taken.add(json.dumps(event))
    most = 1 if len(model.model_fields) <= 4 else 2
    assert len(taken) >= most


values = st.one_of(
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="ascii"), max_size=9),
)
keys = st.text("abc_", min_size=1, max_size=3)
things = st.lists(st.dictionaries(keys, values, max_size=3), max_size=2)
tables = st.dictionaries(keys, st.one_of(values, things), max_size=3)


@settings(max_examples=40)
@given(st.dictionaries(keys, st.one_of(values, tables, st.lists(tables, min_size=1, max_size=2))))
def test_what_is_written_reads_back(tale: dict[str, Any]) -> None:
    """Any scenario that can be held can be written as people write it."""
    assert tomllib.loads(toml_of(tale)) == tale


def shortest(seed: int, fails: Any) -> tuple[dict[str, Any], int]:
    shrinker = Shrinker(fails, most_tries=500)
    return shrinker.shortest(draw_tale(seed)), shrinker.tries


def jams(tale: dict[str, Any]) -> bool:
    """Whether the planted defect shows: whatever is jammed makes it fail."""
    return any(event["verb"] == "jam" for event in tale.get("events", ()))


def test_a_planted_defect_is_cut_down_to_its_line() -> None:
    """One event and one person, for a scenario has one, and they bring nothing."""
    guilty = [seed for seed in range(SEEDS) if jams(draw_tale(seed))]
    assert len(guilty) >= 5
    for seed in guilty[:5]:
        tale, tries = shortest(seed, jams)
        assert [event["verb"] for event in tale["events"]] == ["jam"]
        assert set(tale["events"][0]) == {"at_s", "verb", "bay", "part"}, tale
        assert len(tale["people"]) == 1
        assert tale["people"][0]["items"] == []
        assert "duration_s" not in tale
        assert tries < 100


def test_what_needs_two_things_keeps_both_and_drops_the_rest() -> None:
    """A broker that is down while somebody brings a heavy thing: neither alone fails."""

    def heavy_while_down(tale: dict[str, Any]) -> bool:
        things = [thing for person in tale["people"] for thing in person["items"]]
        down = any(event["verb"] == "broker_down" for event in tale.get("events", ()))
        return down and any(thing["mass_g"] > 1_000 for thing in things)

    seed = next(seed for seed in range(3_000) if heavy_while_down(draw_tale(seed)))
    tale, _ = shortest(seed, heavy_while_down)
    assert [event["verb"] for event in tale["events"]] == ["broker_down"]
    assert [len(person["items"]) for person in tale["people"]] == [1]


def test_nothing_is_cut_from_what_fails_only_whole() -> None:
    """Where every shorter one passes, the scenario stays as it is."""
    whole = draw_tale(7)
    assert Shrinker(lambda tale: tale == whole).shortest(whole) == whole


PLANTED = """
name = "planted"
line = "Somebody brings a bottle, and two things happen of which one is to blame."
[[people]]
arrives_s = 3.0
habit = "quick"
items = [{ kind = "pet-bottle", mass_g = 25 }]
[[events]]
at_s = 2.0
verb = "cut_uplink"
[[events]]
at_s = 4.5
verb = "switch"
bay = "a"
name = "tamper"
[expect]
faults = []
"""


@pytest.mark.campaign
def test_a_run_that_fails_is_shortened_by_running_it_again() -> None:
    """The tamper switch is to blame for a fault that was not expected, and nobody else."""
    tale, trial = tomllib.loads(PLANTED), Trial(shipped_classifier())
    failures = trial.failures(tale)
    assert failures == ["faults: expected none, got tamper"]
    found = trial.shortened(tale, failures)
    story = parse_scenario(found.script, "shortest")
    assert [event.verb for event in story.events] == ["switch"]
    assert [len(person.items) for person in story.people] == [0]
    assert trial.failures(tomllib.loads(found.script)) == failures


def kiosk_sim(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run(SIM, ["sim", *arguments])
    return ended.value.code


def test_the_command_refuses_what_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeds end somewhere, and scripts need a folder; both are said before anything runs."""
    assert kiosk_sim("random", "--seed", str(2**32 - 1), "--count", "2") == 2
    assert "seeds end at 4294967295" in capsys.readouterr().err
    assert kiosk_sim("random", "--keep", str(tmp_path / "no")) == 2
    assert "there is no such folder" in capsys.readouterr().err


def found_with(seed: int) -> Finding | None:
    return Trial(shipped_classifier()).finding(seed)


@pytest.mark.campaign
def test_random_scenarios_campaign(seed: int, tell: Any) -> None:
    """200 random scenarios: nothing lost or doubled, nobody shut in, and each comes to its end."""
    seeds = range(seed % 2**31, seed % 2**31 + 200)
    findings = [one for one in many(found_with, seeds) if one is not None]
    tell(scenarios=len(seeds), failed=[(one.seed, one.failures, one.script) for one in findings])
    assert findings == []
