"""One bay's node fails over an open intent, and the kiosk serves the others all the same."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core import commands, events
from controller.core.config import KioskConfig
from controller.core.trigger import Glance
from tests.controller.core.story import CONFIG, Story, sight

LOAD_G = 500
TWO_BAYS = CONFIG.model_copy(
    update={"bays": (CONFIG.bays[0], CONFIG.bays[0].model_copy(update={"name": "b"}))}
)
NO_BAY_A = CONFIG.model_copy(update={"bays": (TWO_BAYS.bays[1],)})


@pytest.fixture
def body() -> dict[str, Any]:
    """What bay a's intent promises: a load of 500 g."""
    story = Story()
    story.identify()
    story.load(LOAD_G)
    story.look(sight("paper", 0.998))
    return story.committed("intent")[0].body


def found(body: dict[str, Any], config: KioskConfig = TWO_BAYS) -> Story:
    """A new controller reads the open intent of bay a; both nodes answer."""
    story = Story(config, pan_g=LOAD_G, seq=1, now_s=10_000.0, ids="t")
    story.gate_cycles, story.hatch_openings = body["gate_cycles"], body["hatch_openings"]
    story.up_since_s = story.now_s - 3600
    story.happens(events.OpenIntent(1, body, 40.0), node_b(1))
    return story


def node_b(boot_id: int) -> events.NodeUp:
    return events.NodeUp("b", boot_id, "watchdog", 0, 0)


def node_a(story: Story, boot_id: int) -> None:
    counters = story.gate_cycles, story.hatch_openings
    story.happens(events.NodeUp("a", boot_id, "watchdog", *counters), story.report())


def test_a_node_that_restarts_again_and_again_does_not_hold_the_kiosk(
    body: dict[str, Any],
) -> None:
    """After 48 s in all its load is held for staff, its bay rests, and the others go on."""
    story = found(body)
    for boot_id in range(1, 11):
        node_a(story, boot_id)
        story.wait(5.0)
        story.happens(events.NodeLost("a", "node silent"))
        story.wait(1.0)
    assert [one.kind for one in story.written] == ["uncertain"]
    assert not story.bays["a"].usable
    story.wait(CONFIG.session.farewell_s)
    story.show(story.code())
    assert story.state == "PREPARING"


def test_a_node_that_is_away_costs_the_others_nothing_of_that_time(body: dict[str, Any]) -> None:
    """An hour without its node: the load is then looked for as patiently as at first."""
    story = found(body)
    node_a(story, 1)
    story.happens(events.NodeLost("a", "node silent"))
    story.wait(3600.0)
    assert story.state == "IDLE"
    node_a(story, 2)
    story.rest(2)
    story.watched(Glance.READY)
    assert story.commanded(commands.DropLoad) == 1


def test_another_bays_restart_disturbs_no_drop(body: dict[str, Any]) -> None:
    """Its node comes up while the gate of the bay under examination moves."""
    story = found(body)
    node_a(story, 1)
    story.rest(2)
    story.watched(Glance.READY)
    looked = story.commanded(commands.Watch)
    story.happens(node_b(2))
    story.rest(8)
    assert story.commanded(commands.Watch) == looked
    story.drop()
    story.watched(Glance.EMPTY)
    assert story.commanded(commands.DropLoad) == 1
    assert [one.kind for one in story.written] == ["deposit"]


def test_whoever_stands_there_is_seen_to_before_an_older_intent(body: dict[str, Any]) -> None:
    """Bay b's own intent waits for its node; the resident at bay a is not made to wait for it."""
    story = Story(TWO_BAYS, seq=7)
    story.happens(events.OpenIntent(1, body | {"bay": "b"}, 40.0))
    story.identify()
    story.load(LOAD_G)
    story.look(sight("paper", 0.998))
    story.happens(events.NodeLost("a", "node silent"))
    node_a(story, 2)
    story.rest(2)
    story.watched(Glance.READY)
    assert story.commanded(commands.DropLoad) == 2


def test_an_intent_of_a_bay_that_is_gone_is_held_for_staff(body: dict[str, Any]) -> None:
    """The bay was taken out, or is called otherwise now: the record closes it, and names it."""
    story = found(body, NO_BAY_A)
    (uncertain,) = story.written
    assert (uncertain.kind, uncertain.closes) == ("uncertain", 1)
    assert uncertain.body["reason"] == "no such bay here, only b"
    (note,) = [one for one in story.asked if isinstance(one, commands.Note)]
    assert (note.bay, note.reason) == ("a", "record 1: no such bay here, only b")
    assert story.state == "IDLE"
