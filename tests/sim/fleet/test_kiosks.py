"""Who is who in a scenario of several kiosks, and how mistakes in it are named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import Scenario, parse_scenario
from sim.stories import stories_of

THREE = """name = "three"
line = "Three kiosks."
kiosks = 3
[kiosk.session]
idle_s = 30
[[people]]
arrives_s = 3
account = "ann"
items = [{ kind = "can", mass_g = 15 }]
[[people]]
kiosk = "hz-xihu-0002"
arrives_s = 4
account = "bob"
items = [{ kind = "can", mass_g = 15 }]
[[people]]
kiosk = "hz-xihu-0002"
arrives_s = 5
account = "cat"
"""


def three(more: str = "") -> Scenario:
    return parse_scenario(THREE + more, "three.toml")


def test_a_number_of_kiosks_counts_up_from_the_usual_one() -> None:
    """All alike, as `[kiosk]` says; the first has the chance that it would have alone."""
    stories = stories_of(three(), 7)
    assert [one.kiosk for one in stories] == ["hz-xihu-0001", "hz-xihu-0002", "hz-xihu-0003"]
    assert {one.scenario.kiosk.session.idle_s for one in stories} == {30}
    assert stories[0].seed == 7
    assert len({one.seed for one in stories}) == 3


def test_a_kiosk_says_only_what_is_its_own() -> None:
    """The rest is that of `[kiosk]`, and a scenario without any has the usual one alone."""
    own = THREE.replace("kiosks = 3", "") + (
        '[[kiosks]]\nkiosk = "hz-xihu-0002"\n[[kiosks]]\nkiosk = "b-9"\ndistrict = "gongshu"\n'
        "session = { idle_s = 20 }\n"
    )
    first, second = (one.config for one in parse_scenario(own, "own.toml").fleet)
    assert (first.kiosk, first.district, first.session.idle_s) == ("hz-xihu-0002", "xihu", 30)
    assert (second.kiosk, second.district, second.session.idle_s) == ("b-9", "gongshu", 20)
    one = parse_scenario('name = "a"\nline = "b"\n[[people]]\narrives_s = 1\n', "one.toml")
    (story,) = stories_of(one, 1)
    assert story.scenario.kiosk == one.kiosk
    assert story.name == ""


def test_each_kiosk_has_its_own_part_of_the_story() -> None:
    """People go where they are said to; an event befalls one, each, or what all share."""
    first, second, third = stories_of(
        three(
            '[[events]]\nat_s = 1\nverb = "walk_away"\nperson = 3\n'
            '[[events]]\nat_s = 2\nkiosk = "all"\nverb = "power_cut"\n'
            '[[events]]\nat_s = 3\nverb = "broker_down"\nseconds = 9\n'
            '[[events]]\nat_s = 4\nkiosk = "hz-xihu-0003"\nverb = "smoke"\nbay = "a"\n'
            '[[collections]]\nat_s = 9\nkiosk = "all"\n'
        ),
        1,
    )
    accounts = [[who.account for who in one.scenario.people] for one in (first, second, third)]
    assert accounts == [["ann"], ["bob", "cat"], []]
    verbs = [[event.verb for event in one.scenario.events] for one in (first, second, third)]
    assert verbs == [
        ["power_cut", "broker_down"],
        ["walk_away", "power_cut"],
        ["power_cut", "smoke"],
    ]
    (leaves, _) = second.scenario.events
    assert leaves.model_dump()["person"] == 2, "counted among those who come to this kiosk"
    assert [len(one.scenario.collections) for one in (first, second, third)] == [1, 1, 1]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 50), st.lists(st.integers(0, 49), max_size=8))
def test_nobody_is_left_out_or_comes_twice(count: int, homes: list[int]) -> None:
    """However many kiosks and people: each person is in exactly one part."""
    text = f'name = "many"\nline = "Many."\nkiosks = {count}\n[[people]]\narrives_s = 0\n'
    for number, home in enumerate(homes):
        kiosk = f"hz-xihu-{home % count + 1:04}"
        text += f'[[people]]\narrives_s = 1\nkiosk = "{kiosk}"\naccount = "p{number}"\n'
    stories = stories_of(parse_scenario(text, "many.toml"), 1)
    came = [who.account for one in stories for who in one.scenario.people]
    assert sorted(came) == sorted(["resident", *(f"p{number}" for number in range(len(homes)))])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            '[[people]]\narrives_s = 1\nkiosk = "hz-xihu-0009"\n',
            "three.toml:21: people[3].kiosk: no kiosk 'hz-xihu-0009'; there are hz-xihu-0001, ",
        ),
        (
            '[[events]]\nat_s = 1\nverb = "disk_full"\nseconds = 5\nkiosk = "nobody"\n',
            "three.toml:23: events[0].kiosk: no kiosk 'nobody'",
        ),
        (
            '[[events]]\nat_s = 1\nkiosk = "all"\nverb = "smoke"\nbay = "b"\n',
            "three.toml:23: events[0].bay: no bay 'b'; kiosk hz-xihu-0001 has a",
        ),
        (
            '[[events]]\nat_s = 1\nkiosk = "hz-xihu-0001"\nverb = "broker_down"\nseconds = 5\n',
            "three.toml:21: events[0].kiosk: broker_down befalls every kiosk: leave kiosk out",
        ),
        (
            '[[events]]\nat_s = 1\nverb = "walk_away"\nperson = 2\nkiosk = "hz-xihu-0001"\n',
            "three.toml:23: events[0].kiosk: person 2 comes to hz-xihu-0002, not to hz-xihu-0001",
        ),
        (
            '[[collections]]\nat_s = 1\nkiosk = "x"\n',
            "three.toml:21: collections[0].kiosk: no kiosk 'x'",
        ),
        (
            '[[arrivals]]\nkiosk = "x"\n',
            "three.toml:20: arrivals[0].kiosk: no kiosk 'x'",
        ),
        (
            "[expect.kiosks.hz-xihu-0009]\naccepted = 1\n",
            "three.toml:19: expect.kiosks.hz-xihu-0009: no kiosk 'hz-xihu-0009'",
        ),
        (
            "[expect.kiosks.hz-xihu-0003]\naccepted = 1\n",
            "three.toml:20: expect.kiosks.hz-xihu-0003.accepted: 1 of 0 items brought",
        ),
    ],
)
def test_a_wrong_kiosk_is_named_by_file_line_and_key(more: str, said: str) -> None:
    """With those that there are."""
    with pytest.raises(ScenarioError) as error:
        three(more)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("kiosks", "said"),
    [
        ("kiosks = 0\n", "bad.toml:3: kiosks: 0 is no number of kiosks: give 1 to 50"),
        ('kiosks = "many"\n', "bad.toml:3: kiosks: Input should be a valid tuple"),
        ('kiosks = 2\nkiosk = { kiosk = "east" }\n', "kiosks: no number at the end of 'east'"),
        (
            "[[kiosks]]\n[[kiosks]]\n",
            "bad.toml:4: kiosks[1].kiosk: two kiosks are called 'hz-xihu-",
        ),
        ('[[kiosks]]\nkey_of = "x"\n', "bad.toml:4: kiosks[0].key_of: no kiosk 'x'"),
        ("[[kiosks]]\ncolour = 1\n", "bad.toml:4: kiosks[0].colour: unknown key"),
        (
            "[[kiosks]]\nsession = { idle_s = -1 }\n",
            "bad.toml:4: kiosks[0].session.idle_s: Input should be greater than 0",
        ),
    ],
)
def test_kiosks_that_cannot_be_are_refused(kiosks: str, said: str) -> None:
    """By file, line and key as well."""
    text = f'name = "bad"\nline = "Bad."\n{kiosks}[[people]]\narrives_s = 1\n'
    with pytest.raises(ScenarioError) as error:
        parse_scenario(text, "bad.toml")
    assert said in str(error.value)
