"""Scenario files: what is shipped can be read, and what is wrong is named by file, line, key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import SEED_MAX, load_scenario, parse_scenario, shipped

GOOD = """\
name = "x"
line = "Somebody brings two cans."
duration_s = 100

[[people]]
arrives_s = 3
items = [
  { kind = "can", mass_g = 14 },
  { kind = "can", mass_g = 15 },
]
"""


def refusal(text: str) -> str:
    """What is said about a scenario that cannot be run."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "x.toml")
    return str(caught.value)


def test_every_shipped_scenario_can_be_read_and_is_named_as_its_file() -> None:
    """The command line finds scenarios by file name and lists them by their line."""
    assert {"happy", "reject", "offline"} <= {file.stem for file in shipped()}
    for file in shipped():
        assert load_scenario(file.stem).name == file.stem


def test_a_file_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    """Whatever ends in .toml is a path."""
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_scenario(str(file)).name == "x"


def test_an_unknown_name_lists_those_that_are_like_it() -> None:
    """The way out of a typing error is in the message."""
    with pytest.raises(ScenarioError, match="'hapy'; there are happy and others: see `kiosk sim"):
        load_scenario("hapy")
    with pytest.raises(ScenarioError, match="'qqq'; there are a-lie-that-pays and others"):
        load_scenario("qqq")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mass_g = 15", "mass_g = 0", "x.toml:9: people[0].items[1].mass_g: Input should be"),
        (
            '"can", mass_g = 14',
            '"car", mass_g = 14',
            "x.toml:8: people[0].items[0].kind: no item kin",
        ),
        ("arrives_s = 3", "arrives_s = 3\nshoes = 2", "x.toml:7: people[0].shoes: unknown key"),
        ("arrives_s = 3", "arrives_s = 300", "x.toml:6: people[0].arrives_s: 300 is not before"),
        ('name = "x"', "name = 4", "x.toml:1: name: Input should be a valid string"),
        ("duration_s = 100", "seed = -1", "x.toml:3: seed: Input should be greater"),
        ("duration_s = 100", f"seed = {SEED_MAX + 1}", "x.toml:3: seed: Input should be less"),
        ("[[people]]", "[people]", "x.toml:5: people: Input should be a valid tuple"),
        ("duration_s = 100", "duration_s = ", "x.toml: not TOML:"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_key(old: str, new: str, said: str) -> None:
    """One wrong character is found without reading the simulator."""
    assert refusal(GOOD.replace(old, new, 1)).startswith(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            '[[events]]\nat_s = 5\nverb = "explode"',
            "x.toml:13: events[0].verb: unknown verb 'explo",
        ),
        (
            '[[events]]\nat_s = 5\nverb = "jam"\nbay = "q"\npart = "gate"',
            "x.toml:14: events[0].bay: ",
        ),
        (
            '[[events]]\nat_s = 5\nverb = "paper_out"\nseconds = 9',
            "x.toml:13: events[0].verb: the kiosk has no printer: give it [kiosk.printer]",
        ),
        ('[[events]]\nat_s = 5\nverb = "broker_down"', "x.toml:11: events[0].seconds: Field req"),
        ('[[events]]\nat_s = 500\nverb = "cut_uplink"', "x.toml:12: events[0].at_s: 500 is not "),
        ("[bay.hatch]\ntravel_mm = -4", "x.toml:12: bay.hatch.travel_mm: Input should be greater"),
        ("[kiosk.session]\nidle_s = 0", "x.toml:12: kiosk.session.idle_s: Input should be greate"),
        ("[expect]\naccepted = 3", "x.toml:12: expect.accepted: 3 of 2 items brought"),
    ],
)
def test_a_table_that_is_wrong_or_contradicts_is_named_too(more: str, said: str) -> None:
    """Unknown verbs, bays that are none, figures no machine has, hopes nobody can meet."""
    assert refusal(GOOD + more).startswith(said)


@given(st.text(max_size=200))
def test_no_text_makes_it_stumble(text: str) -> None:
    """Whatever stands in a file, the answer is a scenario or a ScenarioError."""
    try:
        parse_scenario(GOOD + text, "x.toml")
    except ScenarioError as error:
        said = str(error)
    else:
        said = "x.toml: fine"
    assert said.startswith("x.toml")
