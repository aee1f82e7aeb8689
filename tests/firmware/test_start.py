"""The self-test at start: nothing is locked, moved or promised before every part has answered."""

from __future__ import annotations

import pytest

from controller.core.commands import OpenHatch
from controller.core.events import HatchOpened, NodeUp
from tests.firmware.mishaps import still
from tests.firmware.stand_in import Rig


def test_a_sound_bay_is_ready_within_half_a_second() -> None:
    """Limits plausible, current zero, edge supervised, each sensor seen to change."""
    rig = Rig()
    rig.run(500)
    assert rig.state == "CLOSED"
    assert rig.bay.outputs.lock_on
    assert rig.reports[-1].faults == ()


def test_before_that_nothing_is_locked_and_a_command_is_refused() -> None:
    """A node that cannot yet know whether somebody is inside does nothing at all."""
    rig = Rig()
    rig.bay.sensors_live = False
    rig.until(NodeUp, 1_000)
    rig.run(200)
    rig.submit(OpenHatch("a"))
    assert still(rig, 800)
    assert rig.refusals == [("OpenHatch", "not-ready")]
    assert rig.state == "INIT"
    assert not rig.bay.outputs.lock_on


def test_a_sensor_that_never_answers_is_named_and_ends_the_wait() -> None:
    """The bay knows that it does not know: never locked, but it opens when it is asked to."""
    rig = Rig()
    rig.bay.sensors_live = False
    for _ in range(3_000):
        rig.run(1)
        assert not rig.bay.outputs.lock_on
    assert {"thermal-sensor", "distance-sensor"} <= set(rig.reports[-1].faults)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_a_cell_that_is_silent_or_repeats_itself_is_named() -> None:
    """No conversions and always the same conversion are two faults, and nobody is locked in."""
    silent = Rig()
    silent.bay.cell_speaks = False
    silent.run(1_000)
    assert "load-cell-silent" in silent.reports[-1].faults
    frozen = Rig()
    frozen.bay.noise = 0
    frozen.run(2_500)
    assert "load-cell-stuck" in frozen.reports[-1].faults
    for rig in (silent, frozen):
        assert not rig.bay.outputs.lock_on


def test_current_with_the_bridge_off_is_found_before_anything_moves() -> None:
    """A bridge that has burnt through drives when it likes: free the hatch and call staff."""
    rig = Rig()
    rig.bay.leak_ma = 800
    rig.run(1_000)
    assert rig.state == "FAULT"
    assert "motor-current" in rig.reports[-1].faults
    assert not rig.bay.outputs.lock_on
    rig.submit(OpenHatch("a"))
    assert still(rig, 1_000)
    assert rig.refusals == [("OpenHatch", "fault")]


@pytest.mark.parametrize(
    ("part", "value", "fault"),
    [
        ("edge_ohm", 99_999, "edge-broken"),
        ("limit_open", True, "both-limits"),
        ("warm_dc", 9_999, "thermal-sensor"),
        ("tof_mm", 0, "distance-sensor"),
        ("supply_mv", 17_000, "undervoltage"),
        ("store_failed", True, "counters-unstored"),
    ],
)
def test_what_is_wrong_at_start_is_named(part: str, value: int, fault: str) -> None:
    """Each part by its own fault."""
    rig = Rig()
    rig.bay.stuck[part] = value
    rig.run(1_500)
    assert fault in rig.reports[-1].faults
