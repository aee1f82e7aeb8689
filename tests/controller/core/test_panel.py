"""What is seen from afar and heard in the dark: lamp, buzzer, fan, and a kiosk on its battery."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core import commands, events
from controller.core.bay import NO_MAINS
from controller.core.fan import OFF_C, ON_C, Fan
from controller.core.panel import Lamp, Tone, lamp_of, tone_between
from controller.core.view import BayRow, View
from tests.controller.core.story import Story, sight

STREAMS = ("paper",)


def view(state: str = "IDLE", message: str = "idle", *usable: bool) -> View:
    """A screen with so many bays."""
    bays = tuple(BayRow(str(index), one, STREAMS) for index, one in enumerate(usable))
    return View(state=state, message=message, bays=bays)


@pytest.mark.parametrize(
    ("usable", "lamp"),
    [
        ((True, True), Lamp.GREEN),
        ((True, False), Lamp.YELLOW),
        ((False, False), Lamp.RED),
    ],
)
def test_the_lamp_says_from_afar_whether_it_is_worth_walking_up(
    usable: tuple[bool, ...], lamp: Lamp
) -> None:
    """Green, some of it, or nothing today."""
    assert lamp_of(view("IDLE", "idle", *usable)) is lamp


def test_who_does_not_see_the_screen_hears_how_it_goes() -> None:
    """Known, hatch in motion, taken; the tones differ in number and length."""
    shown = [
        view(),
        view("IDENTIFIED", "choose-bay"),
        view("OPENING", "hatch-opening"),
        view("LOADING", "put-in"),
        view("LOADING", "idle-warning"),
        view("CREDITED", "accepted"),
        view("RETURNING", "returned-unknown"),
        view("RETURNING", "take-back"),
    ]
    heard = [tone_between(*pair) for pair in pairwise(shown)]
    assert heard == [Tone.KNOWN, None, None, Tone.HURRY, Tone.TAKEN, Tone.COMES_BACK, None]
    assert len({tone.value for tone in Tone}) == len(Tone)


@pytest.mark.parametrize("message", ["code-expired", "card-lost", "closed-hours", "phone-wrong"])
def test_who_is_turned_away_hears_it(message: str) -> None:
    """As often as it happens; a screen that shows the same for another reason is silent."""
    refused = replace(view("IDLE", message), told=1)
    assert tone_between(view(), refused) is Tone.REFUSED
    assert tone_between(refused, replace(refused, online=True)) is None
    assert tone_between(refused, replace(refused, told=2)) is Tone.REFUSED


def test_closing_time_makes_no_sound() -> None:
    """Nobody was turned away; who comes later is."""
    late = view("IDLE", "closed-hours")
    assert tone_between(view(), late) is None
    assert tone_between(late, replace(late, told=1)) is Tone.REFUSED


def test_the_same_refusal_twice_is_told_twice() -> None:
    """Somebody who holds up the same wrong code again learns that it was seen."""
    story = Story()
    story.node_up()
    seen = []
    for _ in range(2):
        story.show("https://example.org")
        seen.append(story.view)
    assert seen[0].message == seen[1].message == "code-foreign"
    assert tone_between(*seen) is Tone.REFUSED


def test_a_kiosk_that_starts_is_silent() -> None:
    """Nothing has happened yet."""
    assert tone_between(None, view("RETURNING", "take-back")) is None


def test_on_its_battery_a_kiosk_begins_nothing() -> None:
    """And takes loads again when the mains is back; a UPS that says the same again is no news."""
    story = Story()
    story.node_up()
    told = story.happens(events.MainsSeen(False), events.MainsSeen(False))
    assert [one.what for one in told if isinstance(one, commands.Note)] == ["mains-lost"]
    assert [(row.usable, row.why_not) for row in story.view.bays] == [(False, NO_MAINS)]
    story.show(story.code())
    assert (story.state, story.message) == ("FAREWELL", "out-of-service")
    assert story.commanded(commands.OpenHatch) == 0
    story.wait(story.config.session.farewell_s)
    story.happens(events.MainsSeen(True))
    story.show(story.code())
    story.rest()
    assert story.state == "OPENING"


def test_a_visit_under_way_is_finished_on_the_battery() -> None:
    """The load in hand is credited; the hatch does not open for another."""
    story = Story()
    story.identify()
    story.happens(events.MainsSeen(False))
    story.load(500)
    story.look(sight("paper", 0.998))
    story.drop()
    story.empty()
    assert [one.kind for one in story.written][-1] == "deposit"
    opened = story.commanded(commands.OpenHatch)
    story.wait(story.config.session.idle_s)
    assert story.commanded(commands.OpenHatch) == opened


@given(st.lists(st.one_of(st.none(), st.floats(-20, 110)), max_size=50))
def test_the_fan_runs_while_it_is_hot_or_nobody_knows(temperatures: list[float | None]) -> None:
    """And between the two limits it goes on as it was."""
    fan = Fan()
    for processor_c in temperatures:
        before = fan.runs
        runs = fan.feel(processor_c)
        if processor_c is None or processor_c >= ON_C:
            assert runs
        elif processor_c < OFF_C:
            assert not runs
        else:
            assert runs == before
