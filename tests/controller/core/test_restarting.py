"""A node is asked to start anew: for a sense that is gone, or from afar; at rest, and seldom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.command import RESTART_NODE
from controller.core import commands, events
from controller.core.faults import NODE_LOST
from controller.core.flow.restart import SENSES, why_not
from controller.core.health.diagnosis import failing
from controller.core.health.parts import Part
from controller.core.patience import FIRST_S
from controller.core.restarting import BACK_S
from controller.core.symptoms.table import Symptom
from tests.controller.core.story import Story
from tests.controller.core.test_remote import Afar, command

FROZEN = "thermal-sensor"


@pytest.fixture
def afar() -> Afar:
    """A kiosk whose node is up, nobody in front of it, and the platform's side of it."""
    return Afar()


@pytest.fixture
def story(afar: Afar) -> Story:
    return afar.story


def passes(story: Story, seconds: float, *faults: str, **seen: Any) -> None:
    """Time passes, and the node reports these faults every five seconds."""
    for _ in range(round(seconds / 5)):
        story.wait(5)
        story.happens(replace(story.report(), faults=faults, **seen))


def asked(story: Story) -> int:
    """How often the node was asked."""
    return story.commanded(commands.RestartNode)


def notes(story: Story) -> list[commands.Note]:
    """What the log was told."""
    return [one for one in story.asked if isinstance(one, commands.Note)]


def starts(story: Story, boot_id: int, cause: str = "asked") -> None:
    """The node is away for a moment, and another start of it is heard."""
    story.happens(events.NodeLost("a", "the node restarted"))
    story.wait(1)
    story.up_since_s = story.now_s
    counts = story.gate_cycles, story.hatch_openings
    story.happens(events.NodeUp("a", boot_id, cause, *counts), story.report())


@pytest.mark.parametrize("sense", sorted(SENSES))
def test_a_sense_that_is_gone_for_a_minute_is_started_anew(story: Story, sense: str) -> None:
    """And it is told in the log."""
    passes(story, FIRST_S, sense)
    assert asked(story) == 0
    passes(story, 10, sense)
    assert asked(story) == 1
    assert notes(story) == [commands.Note("node-restart-asked", "a", sense)]
    starts(story, 2)
    passes(story, 5)
    assert notes(story)[1:] == [commands.Note("node-restarted", "a", "the node has started anew")]


def test_what_stays_gone_is_tried_ever_more_rarely(story: Story) -> None:
    """After a minute, ten, a hundred; a day of senses is a new beginning."""
    passes(story, 70, FROZEN)
    starts(story, 2)
    passes(story, 610, FROZEN)
    assert asked(story) == 2
    starts(story, 3)
    passes(story, 5_900, FROZEN)
    assert asked(story) == 2
    passes(story, 200, FROZEN)
    assert asked(story) == 3
    starts(story, 4)
    passes(story, 10)
    story.wait(86_400)
    passes(story, 70, FROZEN)
    assert asked(story) == 4


@pytest.mark.parametrize(
    "seen",
    [{"hand": True}, {"gate": "OPEN"}, {"hatch": "OPENING"}, {"hatch": "FAULT_OPEN"}],
    ids=str,
)
def test_a_bay_that_does_not_rest_is_left_alone(story: Story, seen: dict[str, Any]) -> None:
    """Until it does."""
    passes(story, 300, FROZEN, **seen)
    assert asked(story) == 0
    passes(story, 5, FROZEN)
    assert asked(story) == 1


@pytest.mark.parametrize("fault", ["hatch-stuck", "emergency-stop", "edge-broken", "tamper"])
def test_no_other_fault_starts_a_node_anew(story: Story, fault: str) -> None:
    """What staff must look at is not to be forgotten."""
    passes(story, 600, fault)
    assert asked(story) == 0


def test_where_a_load_waits_for_its_recovery_nothing_is_started(story: Story) -> None:
    """Its node's counters and lock are what it is judged by; another bay's load hinders nobody."""
    bay = story.bays["a"]
    assert why_not(story.session, bay) == ("", "")
    bay.interrupted = True
    assert why_not(story.session, bay)[0] == "load-waits"
    bay.interrupted = False
    bay.unreadable.add(7)
    assert why_not(story.session, bay)[0] == "load-waits"
    passes(story, 100, FROZEN)
    assert asked(story) == 0


def test_a_load_that_staff_must_look_at_is_not_set_free(afar: Afar, story: Story) -> None:
    """The ledger holds it: whoever timed the lock had load and points. Once they looked, it may."""
    bay = story.bays["a"]
    bay.await_staff("load did not leave the pan")
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    passes(story, 100, FROZEN)
    assert (asked(story), afar.told()) == (0, [("refused", "load-waits")])
    story.hatch_openings += 1
    passes(story, 10, FROZEN)
    assert asked(story) == 1


def test_somebody_who_is_served_is_not_cut_off(afar: Afar, story: Story) -> None:
    """The command waits, and is done when they have gone."""
    story.show(story.code())
    passes(story, 5)
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    assert (afar.told(), asked(story)) == ([("waiting", "")], 0)


def test_a_restart_of_ours_is_no_crash_and_no_lost_node(story: Story) -> None:
    """No fault is recorded for the second that it takes, and the node is not called unsteady."""
    for boot_id in (2, 3, 4):
        while asked(story) < boot_id - 1:
            passes(story, 5, FROZEN)
        starts(story, boot_id)
    recorded = [wish.body["fault"] for wish in story.faults]
    assert NODE_LOST not in recorded
    bay = story.bays["a"]
    assert {Part.NODE, Part.SUPPLY}.isdisjoint(failing(bay.look(story.now_s)))


def test_a_node_that_does_not_come_back_is_lost(story: Story) -> None:
    """The ten seconds are over: it has a record like any other."""
    passes(story, 70, FROZEN)
    story.happens(events.NodeLost("a", "node silent"))
    assert not [wish for wish in story.faults if wish.body["fault"] == NODE_LOST]
    story.wait(BACK_S)
    story.happens(events.RoomSeen(enough=True))
    assert [wish for wish in story.faults if wish.body["fault"] == NODE_LOST]


def test_what_a_node_refuses_counts_against_no_part(story: Story) -> None:
    """Twice `edge` would name the edge, if it were about a closing."""
    for pause_s in (70, 610):
        passes(story, pause_s, FROZEN)
        story.happens(events.CommandRefused("a", "RestartNode", "edge"))
    assert asked(story) == 2
    assert story.bays["a"].signs.refused["edge"] == 0


def test_from_afar_it_is_done_once_the_node_has_started(afar: Afar, story: Story) -> None:
    """On record before it is asked, and told as done when it is heard again."""
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    assert (asked(story), afar.told()) == (1, [])
    assert story.written[-1].body == {
        "what": "command 0000000000000001 restart-node a",
        "by": "wang",
    }
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))  # it is sent again meanwhile
    starts(story, 2)
    assert (asked(story), afar.told()) == (1, [("done", "")])
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    assert (asked(story), afar.told()) == (1, [("done", "")] * 2)


def test_from_afar_the_nodes_own_reason_comes_back(afar: Afar, story: Story) -> None:
    """Whoever asked reads the wire's own word, and nothing is under way any more."""
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    story.happens(events.CommandRefused("a", "RestartNode", "hand-inside"))
    assert afar.told() == [("refused", "hand-inside")]
    afar.comes(command(2, RESTART_NODE, arguments={"bay": "a"}))
    starts(story, 2)
    assert afar.told(2) == [("done", "")]


def test_from_afar_a_node_that_neither_starts_nor_answers_has_failed(
    afar: Afar, story: Story
) -> None:
    """After ten seconds, though its old start is heard all the while."""
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    passes(story, BACK_S - 5)
    assert afar.told() == []
    passes(story, 5)
    assert afar.told() == [("refused", "failed")]


def test_from_afar_no_lost_node_and_no_doubtful_scale_is_asked(afar: Afar, story: Story) -> None:
    """Halved counts would look like any others after a start."""
    story.pan_g = 900
    story.rest(4)
    for _ in range(200):
        story.now_s += 1 / 80
        doubled = 2 * story.counts() + story.noise.randint(-40, 40)
        story.happens(events.Samples("a", int(story.now_s * 1000), (doubled,)))
    assert Symptom.OUT_OF_STEP in story.bays["a"].scale.symptoms
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    story.happens(events.NodeLost("a", "node silent"))
    afar.comes(command(2, RESTART_NODE, arguments={"bay": "a"}))
    assert asked(story) == 0
    assert (afar.told(1), afar.told(2)) == (
        [("refused", "scale-in-doubt")],
        [("refused", "node-lost")],
    )


def test_a_controller_that_starts_anew_asks_no_second_time(afar: Afar) -> None:
    """It was asked for once; what came of it nobody has heard."""
    afar.comes(command(1, RESTART_NODE, arguments={"bay": "a"}))
    afar.started(*afar.kept)
    assert (asked(afar.story), afar.told()) == (0, [("refused", "failed")])
