"""A node that is asked to start anew: at rest alone, once, in time, and with everything kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core.commands import CloseHatch, DropLoad, OpenHatch, RestartNode
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HatchClosed,
    HatchObstructed,
    HatchOpened,
    NodeLost,
    NodeUp,
)
from firmware.core.config import Config
from firmware.core.restart import Restart
from tests.firmware.stand_in import KILO, Rig, closed_with, opened, ready


def came_back(rig: Rig) -> NodeUp:
    """Ask, and wait for the node's next start."""
    rig.submit(RestartNode("a"))
    up = rig.until(NodeUp, 3_000)
    assert isinstance(up, NodeUp)
    return up


def refused(rig: Rig) -> str:
    """Ask, and wait for the word of a node that does not."""
    rig.submit(RestartNode("a"))
    told = rig.until(CommandRefused, 1_000)
    assert isinstance(told, CommandRefused)
    assert told.command == "RestartNode"
    assert rig.restarted_ms == []
    return told.reason


def test_a_resting_bay_starts_anew_and_says_that_it_was_asked_to() -> None:
    """Another boot, the counters as they were; and it is as ready as before."""
    rig = closed_with(1000 + KILO)
    rig.submit(DropLoad("a", 0))
    rig.until(GateCycled)
    rig.run(1_000)
    asked_ms, moved_ms = rig.bay.now_ms, rig.bay.moved_ms
    up = came_back(rig)
    assert (up.reset_cause, up.gate_cycles, up.hatch_openings) == ("asked", 1, 1)
    assert 90 <= rig.restarted_ms[0] - asked_ms <= 200  # what was said before has left by then
    rig.run(2_000)
    assert (rig.state, rig.bay.moved_ms, len(rig.restarted_ms)) == ("CLOSED", moved_ms, 1)
    assert rig.bay.outputs.lock_on
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_an_open_hatch_stays_open_over_a_restart() -> None:
    """A start closes nothing, also where a hand comes in meanwhile."""
    rig = opened()
    rig.run(500)
    rig.submit(RestartNode("a"))
    rig.until(NodeLost, 1_000)
    rig.bay.hand = True
    stood_mm = rig.bay.hatch_mm
    rig.run(4_000)
    assert (rig.state, rig.bay.hatch_mm, len(rig.restarted_ms)) == ("OPEN", stood_mm, 1)


def test_the_answer_leaves_before_the_restart_does() -> None:
    """The command is acknowledged, so that no controller has to guess whether it arrived."""
    rig = ready()
    rig.submit(RestartNode("a"))
    session = rig.link._session
    assert session is not None
    assert session.commands.repeat_s < float("inf")
    rig.run(60)
    assert rig.restarted_ms == []
    assert session.commands.repeat_s == float("inf")


def freeze(rig: Rig) -> None:
    """A sensor's reader repeats itself; the node opens, because it doubts."""
    rig.bay.sensors_live = False
    rig.until(HatchOpened, 12_000)
    rig.run(1_000)


def test_a_node_that_has_lost_its_senses_is_what_it_is_for() -> None:
    """It doubts who is inside, and stands open: then it may start anew, and see again."""
    rig = ready()
    freeze(rig)
    assert rig.reports[-1].presence
    assert "thermal-sensor" in rig.reports[-1].faults
    rig.submit(RestartNode("a"))
    rig.until(NodeLost, 1_000)
    rig.bay.sensors_live = True
    rig.until(NodeUp, 3_000)
    rig.run(1_500)
    assert (rig.state, rig.reports[-1].presence, rig.reports[-1].faults) == ("OPEN", False, ())


def doubts(rig: Rig) -> None:
    """Behind a shut hatch the node has just lost a sensor, and will open."""
    rig.bay.inputs.tof_mm = 0
    rig.run(700)


BAD_MOMENTS: dict[str, tuple[str, Callable[[Rig], object]]] = {
    "a hand": ("hand-inside", lambda rig: setattr(rig.bay, "hand", True)),
    "an edge": ("edge", lambda rig: vars(rig.bay.inputs).update(edge_ohm=99_999)),
    "somebody": ("presence", lambda rig: vars(rig.bay.inputs).update(warm_dc=330)),
    "doubt": ("presence", doubts),
    "a red button": ("emergency-stop", lambda rig: rig.bay.stuck.update(emergency_stop=True)),
    "smoke": ("fire", lambda rig: rig.bay.stuck.update(smoke=True)),
    "low supply": ("undervoltage", lambda rig: rig.bay.stuck.update(supply_mv=17_000)),
    "too much": ("overload", lambda rig: setattr(rig.bay, "raw", 1000 + 9 * KILO)),
    "FRAM": ("counters-unstored", lambda rig: rig.bay.stuck.update(store_failed=True)),
    "tamper": ("fault", lambda rig: rig.bay.stuck.update(tamper=True)),
    "a gate": ("gate-not-closed", lambda rig: rig.submit(DropLoad("a", 0))),
    "a leaf": ("busy", lambda rig: rig.submit(OpenHatch("a"))),
}


@pytest.mark.parametrize("moment", BAD_MOMENTS)
def test_a_restart_at_a_bad_moment_is_refused_with_the_reason(moment: str) -> None:
    """And the node goes on as it was."""
    reason, happens = BAD_MOMENTS[moment]
    rig = ready()
    happens(rig)
    rig.run(400)
    assert refused(rig) == reason
    rig.run(500)
    assert rig.restarted_ms == []


def test_what_happens_between_answer_and_restart_still_counts() -> None:
    """A hand within that tenth of a second: it is refused after all."""
    rig = ready()
    rig.submit(RestartNode("a"))
    rig.run(60)
    rig.bay.hand = True
    assert isinstance(rig.until(CommandRefused, 300), CommandRefused)
    rig.run(1_000)
    assert (rig.refusals, rig.restarted_ms) == ([("RestartNode", "hand-inside")], [])


def test_a_motion_goes_before_a_restart() -> None:
    """Whatever was asked for first: a closing that begins is not cut off."""
    rig = opened()
    rig.run(500)
    rig.submit(RestartNode("a"))
    rig.run(30)
    rig.submit(CloseHatch("a"))
    rig.run(300)
    assert rig.state in ("CLOSE_WARN", "CLOSING")
    assert (rig.refusals, rig.restarted_ms) == ([("RestartNode", "busy")], [])


def test_the_same_bytes_restart_nothing_a_second_time() -> None:
    """Twice in a row, and again to the node that has started: one restart."""
    rig = ready()
    rig.submit(RestartNode("a"))
    recorded = rig.to_node[-1]
    rig.inject(recorded)
    rig.until(NodeUp, 3_000)
    for _ in range(3):
        rig.inject(recorded)
        rig.run(400)
    assert len(rig.restarted_ms) == 1


def test_a_late_restart_is_refused() -> None:
    """Its deadline is in the node's own ticks."""
    rig = ready()
    rig.wire("restart", expires_ms=rig.bay.ticks - 1)
    told = rig.until(CommandRefused, 500)
    assert isinstance(told, CommandRefused)
    rig.run(1_000)
    assert (told.reason, rig.restarted_ms) == ("expired", [])


def test_asked_ten_times_a_second_it_is_done_once_and_each_is_answered() -> None:
    """The first goes on, and the others put it off by nothing."""
    rig = ready()
    began_ms = rig.bay.now_ms
    for _ in range(3):
        rig.submit(RestartNode("a"))
        rig.run(30)
    assert rig.refusals == [("RestartNode", "busy")] * 2
    rig.until(NodeUp, 3_000)
    rig.run(1_000)
    assert len(rig.restarted_ms) == 1
    assert rig.restarted_ms[0] - began_ms <= 200


def test_a_scan_that_comes_late_takes_none_of_the_time_in_which_it_is_judged() -> None:
    """What had passed before the command was found says nothing of what happens after it."""
    restart = Restart(Config())
    restart.ask()
    for passes_ms, is_due in ((400, False), (99, False), (1, True), (5, False)):
        restart.step(passes_ms, "")
        assert restart.due == is_due


def test_what_a_closing_met_is_not_forgotten_by_a_restart() -> None:
    """Three closings that meet something call for staff; a start would count from none again."""
    rig = opened()
    rig.bay.obstacle_mm = 100.0
    rig.submit(CloseHatch("a"))
    rig.until(HatchObstructed)
    rig.bay.obstacle_mm = 0.0
    rig.run(7_000)
    assert rig.state == "OPEN"
    assert refused(rig) == "hatch-not-closed"
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    rig.run(500)
    assert came_back(rig).reset_cause == "asked"
