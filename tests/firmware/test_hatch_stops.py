"""Everything that stops the hatch or moves it without a command: silence, button, faults, fire."""

from __future__ import annotations

import pytest

from controller.core.commands import CloseHatch, OpenHatch
from controller.core.events import HatchOpened
from tests.firmware.mishaps import clear, drives, meets_edge, meets_hand, meets_warm_body, still
from tests.firmware.stand_in import Rig, closing, opened, ready


def test_silence_while_closing_stops_it_and_then_opens_it_slowly() -> None:
    """Still within 300 ms of the last heartbeat, whenever that was; then open, slowly."""
    for phase_ms in range(0, 100, 20):
        rig = closing(2_000 + phase_ms)
        rig.speaks = False
        silent_ms = rig.bay.now_ms - rig.last_beat_ms
        assert drives(rig, 0) <= 300 - silent_ms
        assert drives(rig, 400) >= 50
        rig.run(6_000)
        assert rig.bay.hatch_mm >= 395
        assert rig.bay.driven == 0


def test_silence_while_opening_lets_it_finish() -> None:
    """Open is the safe place."""
    rig = ready()
    rig.submit(OpenHatch("a"))
    rig.run(800)
    rig.speaks = False
    rig.run(3_000)
    assert rig.bay.hatch_mm >= 395
    assert rig.bay.driven == 0


def test_a_warning_that_loses_its_lease_ends_in_nothing() -> None:
    """The hatch stays open, and the controller hears why as soon as it is back."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(600)
    rig.speaks = False
    assert still(rig, 2_000)
    rig.speaks = True
    rig.run(1_000)
    assert rig.refusals == [("CloseHatch", "no-lease")]


def test_an_unlocking_that_loses_its_lease_is_taken_back() -> None:
    """Where the silence begins before the lock has let go, the hatch stays shut."""
    rig = ready()
    session = rig.link._session
    assert session is not None
    session.next_heartbeat_s = 1e9  # not one more
    rig.run(200 - (rig.bay.now_ms - rig.last_beat_ms))
    rig.submit(OpenHatch("a"))
    rig.run(20)
    assert rig.state == "UNLOCK"
    rig.run(200)
    assert rig.state == "CLOSED"
    assert rig.bay.hatch_mm == 0
    assert rig.refusals == [("OpenHatch", "no-lease")]


def test_the_red_button_stops_everything_and_its_release_starts_nothing() -> None:
    """Bridge and lock off at once; afterwards it opens when it is asked to."""
    rig = closing(2_000)
    rig.bay.inputs.emergency_stop = True
    rig.run(5)
    assert rig.bay.driven == 0
    rig.submit(OpenHatch("a"))
    assert still(rig, 3_000)
    assert rig.refusals == [("OpenHatch", "emergency-stop")]
    assert "emergency-stop" in rig.reports[-1].faults
    rig.bay.inputs.emergency_stop = False
    assert still(rig, 3_000)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_a_closed_hatch_is_free_under_the_red_button() -> None:
    """Whoever pulls the button may need to get at somebody."""
    rig = ready()
    rig.bay.inputs.emergency_stop = True
    rig.run(5)
    assert not rig.bay.outputs.lock_on
    rig.bay.inputs.emergency_stop = False
    rig.run(1_100)
    assert rig.bay.outputs.lock_on


def test_both_limits_at_once_are_a_fault_within_20_ms() -> None:
    """Free and out of use until staff have looked."""
    rig = closing(2_000)
    wired, rig.bay._move_hatch = rig.bay._move_hatch, lambda: None  # type: ignore[method-assign]
    rig.bay.inputs.limit_closed = rig.bay.inputs.limit_open = True
    rig.run(20)
    assert rig.bay.driven == 0
    rig.run(100)
    assert rig.state == "FAULT"
    assert "both-limits" in rig.reports[-1].faults
    assert not rig.bay.outputs.lock_on
    rig.submit(OpenHatch("a"))
    rig.run(100)
    assert rig.refusals == [("OpenHatch", "fault")]
    rig.bay._move_hatch = wired  # type: ignore[method-assign]
    rig.wire("clear_faults")
    rig.run(100)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_a_jammed_hatch_is_given_up_soon() -> None:
    """Not three seconds of stalled motor: current says it after one."""
    rig = ready()
    rig.bay.hatch_jammed = True
    rig.submit(OpenHatch("a"))
    rig.run(1_000)
    assert rig.state == "FAULT"
    assert "hatch-stuck" in rig.reports[-1].faults
    assert rig.bay.driven == 0


def test_a_limit_that_never_comes_bounds_the_drive() -> None:
    """The leaf runs, nothing jams, and yet it ends."""
    rig = ready()
    move = rig.bay._move_hatch

    def blind() -> None:
        move()
        rig.bay.inputs.limit_open = False

    rig.bay._move_hatch = blind  # type: ignore[method-assign]
    rig.submit(OpenHatch("a"))
    rig.run(3_500)
    assert rig.bay.driven == 0
    assert "hatch-stuck" in rig.reports[-1].faults


def test_somebody_behind_the_closed_hatch_is_let_out() -> None:
    """The lock goes at once, the hatch opens by itself, with or without a controller."""
    rig = ready()
    rig.speaks = False
    rig.bay.inputs.warm_dc = 330
    rig.run(200)
    assert not rig.bay.outputs.lock_on
    rig.run(6_000)
    assert rig.bay.hatch_mm >= 395


def test_the_handle_inside_opens_it_without_a_controller() -> None:
    """Nobody has to be asked."""
    rig = Rig()
    rig.speaks = False
    rig.run(500)
    rig.bay.inputs.inner_release = True
    rig.run(3_000)
    assert rig.bay.hatch_mm >= 395


def test_an_opening_of_its_own_leaves_no_licence_behind() -> None:
    """The closing after it needs its lease like any other."""
    rig = ready()
    rig.bay.inputs.inner_release = True
    rig.until(HatchOpened)
    rig.bay.inputs.inner_release = False
    rig.run(1_500)
    rig.submit(CloseHatch("a"))
    rig.run(2_000)
    assert rig.bay.driven < 0
    rig.speaks = False
    assert drives(rig, 0) <= 300


def test_a_node_that_starts_with_somebody_inside_does_not_lock() -> None:
    """Not even for the tenth of a second that its sensors need."""
    rig = Rig()
    rig.bay.inputs.warm_dc = 330
    for _ in range(1_000):
        rig.run(1)
        assert not rig.bay.outputs.lock_on


def test_a_heavy_load_is_never_locked_in() -> None:
    """More than the limit may be a child: no closing, and no lock where it is closed."""
    rig = opened()
    rig.bay.raw += 9 * 180_355
    rig.run(200)
    rig.submit(CloseHatch("a"))
    assert still(rig, 1_500)
    assert rig.refusals == [("CloseHatch", "overload")]
    shut = ready()
    shut.bay.raw += 9 * 180_355
    shut.run(200)
    assert not shut.bay.outputs.lock_on


def test_a_locked_hatch_that_moves_is_reported_and_counted() -> None:
    """Force, or a broken limit: staff look; the journal knows that it may have been open."""
    rig = ready()
    rig.bay.hatch_mm = 30
    rig.run(200)
    assert "hatch-forced" in rig.reports[-1].faults
    assert rig.reports[-1].hatch_openings == 1


def test_a_free_hatch_that_is_pushed_up_is_counted_and_no_fault() -> None:
    """Under the red button it is free, and a load may be taken out by hand."""
    rig = ready()
    rig.bay.inputs.emergency_stop = True
    rig.run(100)
    rig.bay.hatch_mm = 200
    rig.run(300)
    rig.bay.hatch_mm = 0
    rig.run(300)
    assert rig.reports[-1].hatch_openings == 1
    assert "hatch-forced" not in rig.reports[-1].faults


def test_fire_closes_an_open_hatch_over_an_empty_chamber() -> None:
    """After a second of warning, by itself, and it stays shut until staff have looked."""
    rig = opened()
    rig.speaks = False
    rig.bay.inputs.smoke = True
    assert still(rig, 1_000)
    rig.run(6_000)
    assert rig.bay.hatch_mm <= 2
    assert rig.bay.outputs.lock_on
    rig.bay.inputs.smoke = False
    rig.speaks = True
    rig.run(2_000)
    rig.submit(OpenHatch("a"))
    rig.run(100)
    assert rig.refusals == [("OpenHatch", "fire")]
    rig.wire("clear_faults")
    rig.run(100)
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


@pytest.mark.parametrize("meets", [meets_hand, meets_warm_body])
def test_fire_never_closes_on_anybody(meets: object) -> None:
    """As long as somebody is there it stays open; when they are out it closes."""
    assert callable(meets)
    rig = opened()
    meets(rig)
    rig.run(500)
    rig.bay.inputs.temperature_dc = 610
    rig.bay.inputs.tof_mm = 100 if meets is meets_warm_body else 350
    rig.run(10_000)
    assert rig.bay.hatch_mm >= 395
    clear(rig)
    rig.bay.inputs.tof_mm = 350
    rig.run(10_000)
    assert rig.bay.hatch_mm <= 2


def test_fire_that_meets_something_gives_up_closing() -> None:
    """It opens again and stays open, though the fire goes on."""
    rig = opened()
    rig.bay.inputs.smoke = True
    rig.run(3_000)
    assert rig.bay.driven < 0
    meets_edge(rig)
    rig.run(3_000)
    clear(rig)
    rig.run(20_000)
    assert rig.bay.hatch_mm >= 395


def test_a_failing_supply_stops_it_where_it_is_until_it_is_back() -> None:
    """Below 20 V no drive is trusted; then it opens slowly."""
    rig = closing(2_000)
    rig.bay.inputs.supply_mv = 17_000
    rig.run(50)
    assert still(rig, 3_000)
    rig.bay.inputs.supply_mv = 24_000
    rig.run(9_000)
    assert rig.bay.hatch_mm >= 395


def test_after_power_failure_half_open_it_waits_to_be_asked() -> None:
    """Nothing moves at power-on; the opening from before was counted already."""
    rig = opened()
    rig.bay.hatch_mm = 200
    rig.host.reset(78, 1)
    assert still(rig, 3_000)
    assert rig.state == "INIT"
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)


def test_a_button_pressed_in_the_third_reversal_forgives_no_pinch() -> None:
    """It ends the reversal, not the count: open and out of use, as without the button."""
    rig = opened()
    for _ in range(3):
        rig.submit(CloseHatch("a"))
        rig.run(2_000)
        meets_edge(rig)
        drives(rig, 1000)
        rig.bay.inputs.emergency_stop = True
        rig.run(100)
        clear(rig)
        rig.bay.inputs.emergency_stop = False
        rig.bay.hatch_mm = 400
        rig.run(2_000)
    assert rig.state == "FAULT_OPEN"
    assert "hatch-blocked" in rig.reports[-1].faults
    rig.submit(CloseHatch("a"))
    assert still(rig, 2_000)
    rig.wire("clear_faults")
    rig.run(100)
    assert rig.state == "OPEN"


def test_current_that_still_flows_delays_the_opening_not_the_lease() -> None:
    """A drive that begins late would begin without anybody's leave."""
    rig = ready()
    rig.bay.leak_ma = 300
    rig.submit(OpenHatch("a"))
    rig.run(300)
    assert rig.state == "UNLOCK"
    rig.speaks = False
    rig.run(200)
    rig.bay.leak_ma = 0
    assert still(rig, 1_000)
    assert rig.bay.hatch_mm == 0
