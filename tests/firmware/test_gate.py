"""Stories of the gate: one drop, all that forbids it, and what is said when it goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core.commands import CloseHatch, DropLoad, OpenHatch, SampleFast
from controller.core.events import GateCycled, HatchClosed, HatchOpened, NodeUp
from firmware.core import counters
from firmware.core.release import RELEASE
from tests.firmware.mishaps import still
from tests.firmware.stand_in import Rig, closed_with, opened, ready

KILO = 180_355


def loaded() -> Rig:
    """A kilogram behind the closed hatch."""
    return closed_with(1000 + KILO)


def test_a_drop_turns_first_then_opens_then_closes_and_is_counted() -> None:
    """Diverter while the leaves are home; counter when they are down; event when home again."""
    rig = loaded()
    rig.submit(DropLoad("a", 2))
    rig.run(450)
    assert rig.bay.outputs.diverter_on
    assert rig.bay.leaves == 0
    rig.run(700)
    assert not rig.bay.outputs.diverter_on
    assert rig.bay.inputs.diverter_at == 2
    assert rig.bay.leaves > 0.5
    assert rig.reports[-1].gate == "MOVING"
    assert rig.reports[-1].gate_cycles == 0
    rig.run(300)
    assert rig.reports[-1].gate == "OPEN"
    assert rig.reports[-1].gate_cycles == 1
    assert counters.Counters(rig.host.fram).gate_cycles == 1
    assert rig.count(GateCycled) == 0
    assert rig.until(GateCycled) == GateCycled("a", 2, 1)
    assert rig.bay.leaves <= 0.02
    assert rig.bay.both_open_ms == 0


def test_the_command_of_the_last_drop_is_kept_with_the_count() -> None:
    """After any restart the controller can tell which of its commands was carried out."""
    rig = loaded()
    rig.submit(DropLoad("a", 1))
    rig.until(GateCycled)
    session = rig.link._session
    assert session is not None
    stored = counters.Counters(rig.host.fram)
    assert (stored.session, stored.command) == (session.number, session.last_command)
    assert (stored.gate_cycles, stored.hatch_openings, stored.bin_index) == (1, 1, 1)


FORBIDS: dict[str, Callable[[Rig], None]] = {
    "hand-inside": lambda rig: setattr(rig.bay, "hand", True),
    "presence": lambda rig: setattr(rig.bay.inputs, "warm_dc", 330),
    "edge": lambda rig: setattr(rig.bay.inputs, "edge_ohm", 99_999),
    "inner-release": lambda rig: setattr(rig.bay.inputs, "inner_release", True),
    "overload": lambda rig: setattr(rig.bay, "raw", 9 * KILO),
    "load-unknown": lambda rig: setattr(rig.bay, "raw", 2**23 - 1),
    "emergency-stop": lambda rig: setattr(rig.bay.inputs, "emergency_stop", True),
    "fire": lambda rig: setattr(rig.bay.inputs, "smoke", True),
    "undervoltage": lambda rig: setattr(rig.bay.inputs, "supply_mv", 19_000),
    "gate-not-closed": lambda rig: setattr(rig.bay, "leaves", 0.5),
}


@pytest.mark.parametrize("reason", FORBIDS)
def test_a_drop_is_refused_with_its_reason(reason: str) -> None:
    """Nothing moves, not even the diverter; somebody or something is where it must not be."""
    rig = loaded()
    FORBIDS[reason](rig)
    if reason == "gate-not-closed":
        rig.bay.gate_jammed = True
    rig.run(300)
    rig.submit(DropLoad("a", 1))
    rig.run(1_500)
    assert rig.refusals == [("DropLoad", reason)]
    assert rig.bay.leaves in (0, 0.5)
    assert rig.bay.inputs.diverter_at == 0


def test_no_drop_over_an_open_hatch_and_no_such_bin() -> None:
    """The airlock, and a bin that is not there."""
    rig = opened()
    rig.submit(DropLoad("a", 1))
    rig.submit(DropLoad("a", 4))
    rig.run(1_500)
    assert rig.refusals == [("DropLoad", "hatch-not-closed"), ("DropLoad", "no-such-bin")]


def test_the_hatch_stays_shut_while_the_gate_is_not() -> None:
    """Neither a command nor the handle inside opens both at once; the handle waits for the gate."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(700)
    assert rig.bay.leaves > 0
    rig.submit(OpenHatch("a"))
    rig.run(50)
    assert rig.refusals == [("OpenHatch", "gate-not-closed")]
    rig.bay.inputs.inner_release = True
    rig.until(HatchOpened)
    assert rig.bay.both_open_ms == 0


def test_the_hatch_does_not_close_over_leaves_that_are_down() -> None:
    """Somebody pushed them down by hand, and they hang there."""
    rig = opened()
    rig.bay.leaves, rig.bay.gate_jammed = 0.4, True
    rig.run(2_000)
    assert rig.reports[-1].faults == ("gate-not-closed",)
    rig.submit(CloseHatch("a"))
    rig.run(1_500)
    assert rig.refusals == [("CloseHatch", "gate-not-closed")]
    assert rig.bay.hatch_mm >= 395


def test_somebody_found_inside_stops_the_drop() -> None:
    """The leaves come back at once, and the hatch opens when they are home."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(500)
    assert 0 < rig.bay.leaves < 0.8
    rig.bay.inputs.warm_dc = 335
    rig.run(110)
    assert rig.bay.outputs.gate_permille < 0
    rig.until(HatchOpened)
    assert rig.reports[-1].gate_cycles == 0
    assert rig.refusals == []  # something may have fallen, so nothing is claimed


def test_a_hatch_that_is_forced_open_stops_the_drop() -> None:
    """Nothing can keep a crowbar out, but the way to the bin closes at once."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(600)
    assert rig.bay.outputs.gate_permille > 0
    rig.bay.hatch_mm = 10
    rig.run(5)
    assert rig.bay.outputs.gate_permille < 0


def test_silence_before_the_leaves_move_keeps_them_home() -> None:
    """The diverter stops where it is, and the refusal waits for whoever comes back."""
    rig = loaded()
    rig.submit(DropLoad("a", 3))
    rig.run(100)
    rig.speaks = False
    rig.run(3_000)
    assert rig.bay.leaves == 0
    assert not rig.bay.outputs.diverter_on
    rig.speaks = True
    rig.run(1_000)
    assert rig.refusals == [("DropLoad", "no-lease")]


def test_silence_after_the_leaves_have_moved_finishes_the_drop() -> None:
    """Half a drop helps nobody: it is finished, counted, and told later."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(400)
    assert rig.bay.leaves > 0.02
    rig.speaks = False
    rig.run(3_000)
    assert rig.bay.leaves == 0
    assert counters.Counters(rig.host.fram).gate_cycles == 1
    rig.speaks = True
    rig.until(GateCycled, 1_000)


def test_the_red_button_lets_the_spring_close_the_gate() -> None:
    """No drive at all, neither leaves nor diverter."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(900)
    rig.bay.inputs.emergency_stop = True
    rig.run(5)
    for _ in range(2_000):
        rig.run(1)
        assert rig.bay.outputs.gate_permille == 0
        assert not rig.bay.outputs.diverter_on
    assert rig.bay.leaves == 0


def test_leaves_that_do_not_move_are_refused_and_named() -> None:
    """They never left their place, so it is certain that nothing fell."""
    rig = loaded()
    rig.bay.gate_jammed = True
    rig.submit(DropLoad("a", 0))
    rig.run(2_000)
    assert rig.refusals == [("DropLoad", "gate-stuck")]
    assert "gate-stuck" in rig.reports[-1].faults
    rig.bay.gate_jammed = False
    rig.submit(DropLoad("a", 0))
    rig.run(100)
    assert rig.refusals[-1] == ("DropLoad", "fault")


def test_leaves_stuck_half_way_are_a_fault_and_no_refusal() -> None:
    """Part of the load may have fallen: the pan must tell."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(500)
    rig.bay.gate_jammed = True
    rig.run(4_000)
    assert rig.refusals == []
    assert rig.count(GateCycled) == 0
    assert {"gate-stuck", "gate-not-closed"} <= set(rig.reports[-1].faults)
    rig.submit(OpenHatch("a"))
    rig.run(100)
    assert rig.refusals == [("OpenHatch", "gate-not-closed")]
    rig.bay.gate_jammed = False
    rig.run(2_000)
    assert rig.reports[-1].faults == ("gate-stuck",)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_a_stuck_diverter_drops_nothing() -> None:
    """The load stays on the pan, and the part is named."""
    rig = loaded()
    rig.bay.inputs.diverter_at = -1
    rig.bay._turning_ms = -1_000_000
    rig.submit(DropLoad("a", 1))
    rig.run(6_000)
    assert rig.refusals == [("DropLoad", "diverter-stuck")]
    assert rig.bay.leaves == 0


def test_counters_outlive_power_and_are_missed_when_they_are_lost() -> None:
    """A restart goes on counting; a damaged block is a fault, and the gate stays shut."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.until(GateCycled)
    rig.host.reset(78, 1)
    up = rig.until(NodeUp)
    assert up == NodeUp("a", 78, "power", 1, 1, RELEASE)
    rig.host.fram = rig.host.fram[:-1] + b"\x00"
    rig.host.reset(79, 3)
    assert rig.until(NodeUp) == NodeUp("a", 79, "watchdog", 0, 0, RELEASE)
    assert rig.run(300).reports[-1].faults == ("counters-lost",)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    rig.submit(DropLoad("a", 0))
    rig.run(100)
    assert rig.refusals[-1] == ("DropLoad", "fault")


def test_a_diverter_without_a_lease_stands_even_under_leaves_that_are_pushed_down() -> None:
    """Leaves away from home are no licence to go on turning."""
    rig = loaded()
    rig.submit(DropLoad("a", 2))
    rig.run(100)
    assert rig.bay.outputs.diverter_on
    rig.bay.leaves, rig.bay.gate_jammed = 0.3, True
    rig.speaks = False
    rig.run(300)
    assert not rig.bay.outputs.diverter_on


def test_leaves_that_go_while_the_hatch_unlocks_keep_it_shut() -> None:
    """The airlock holds up to the last moment before the drive."""
    rig = loaded()
    rig.submit(OpenHatch("a"))
    rig.run(50)
    rig.bay.leaves, rig.bay.gate_jammed = 0.3, True
    assert still(rig, 2_000)
    assert rig.refusals == [("OpenHatch", "gate-not-closed")]


def stuck_switch() -> Rig:
    """A drop whose leaves come home, and the switch that would say so does not; two seconds on."""
    rig = loaded()
    rig.submit(DropLoad("a", 0))
    rig.run(1_600)
    rig.bay.stuck = {"gate_closed": 0}
    rig.run(3_000)
    assert rig.bay.leaves == 0
    assert "gate-not-closed" in rig.reports[-1].faults
    return rig


def test_over_a_stuck_switch_the_node_gives_up_driving_and_sleeps() -> None:
    """Scanned every 5 ms for ever it would be nothing but warm: the drive has ended."""
    rig = stuck_switch()
    rig.submit(SampleFast("a", False))
    rig.run(12_000)
    scans = rig.scans
    rig.run(5_000)
    assert rig.bay.outputs.gate_permille == 0
    assert rig.scans - scans <= 150  # every 50 ms, and for what the controller says


def test_asleep_over_a_stuck_switch_nothing_is_allowed_and_its_end_is_seen() -> None:
    """Neither hatch nor gate while nobody knows where the leaves are; both within 50 ms after."""
    rig = stuck_switch()
    for command in (OpenHatch("a"), DropLoad("a", 1)):
        rig.submit(command)
        rig.run(100)
    assert rig.refusals == [("OpenHatch", "gate-not-closed"), ("DropLoad", "busy")]
    rig.bay.stuck = {}
    rig.run(60)
    assert rig.reports[-1].faults == ()
    rig.submit(DropLoad("a", 1))
    rig.until(GateCycled)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_leaves_that_are_pushed_down_wake_a_node_that_sleeps_and_are_driven_home() -> None:
    """Every drive that gave up has another one behind it, as soon as the leaves were home."""
    rig = ready()
    rig.submit(SampleFast("a", False))
    rig.run(2_000)
    rig.bay.leaves, rig.bay.gate_jammed = 0.5, True
    rig.run(2_000)
    assert rig.bay.outputs.gate_permille == 0
    rig.bay.gate_jammed = False
    rig.run(1_000)
    rig.bay.leaves = 0.5
    rig.run(30)
    assert rig.bay.outputs.gate_permille < 0
    rig.run(1_000)
    assert rig.reports[-1].gate == "CLOSED"
    assert rig.reports[-1].faults == ()
