"""What a node notices of its own wear, before or instead of a hatch that stands still."""

from __future__ import annotations

import pytest

from controller.core.commands import CloseHatch, DropLoad, OpenHatch
from controller.core.events import HatchClosed, HatchObstructed, HatchOpened
from firmware.core.config import Config
from firmware.core.profile import CLOSING, SIZE, Profile
from firmware.core.switch import Chatter
from tests.firmware.mishaps import drives, meets_without_edge, still
from tests.firmware.stand_in import KILO, RUN_MA, Rig, closed_with, opened, ready


def run_there_and_back(rig: Rig, times: int = 1) -> Rig:
    """The hatch opens and closes, with nobody near."""
    for _ in range(times):
        rig.submit(OpenHatch("a"))
        rig.until(HatchOpened)
        rig.submit(CloseHatch("a"))
        rig.until(HatchClosed)
    return rig


@pytest.fixture
def learned() -> Rig:
    """A hatch that knows how it runs when it is new."""
    return run_there_and_back(ready(), times=8)


def faults(rig: Rig) -> tuple[str, ...]:
    return rig.reports[-1].faults


def test_a_hatch_that_runs_harder_is_named_before_it_stops(learned: Rig) -> None:
    """A third more current, three runs in a row; the bay works on."""
    learned.bay.run_ma = RUN_MA * 135 // 100
    run_there_and_back(learned, times=2)
    assert faults(learned) == ()
    run_there_and_back(learned)
    assert faults(learned) == ("hatch-friction",)
    run_there_and_back(learned)


def test_one_heavy_run_is_no_wear(learned: Rig) -> None:
    """Somebody leaned on it, once; and a little more current is the weather."""
    learned.bay.run_ma = RUN_MA * 150 // 100
    run_there_and_back(learned, times=2)
    learned.bay.run_ma = RUN_MA * 115 // 100
    run_there_and_back(learned, times=5)
    assert faults(learned) == ()


def test_a_drive_that_slips_is_told_from_one_that_rubs(learned: Rig) -> None:
    """It arrives a fifth later and draws no more: belt or coupling, not rails."""
    learned.bay.grip = 0.8
    run_there_and_back(learned, times=3)
    assert faults(learned) == ("hatch-slipping",)


def test_a_weak_supply_is_no_slip(learned: Rig) -> None:
    """On the battery the motor is slower; what it would take at 24 V counts."""
    learned.bay.inputs.supply_mv = 20_800
    learned.bay.grip = 20_800 / 24_000
    run_there_and_back(learned, times=5)
    assert faults(learned) == ()


def test_after_a_repair_it_learns_anew(learned: Rig) -> None:
    """Other rails, another usual; nothing is reported against the old one."""
    learned.bay.run_ma = RUN_MA * 140 // 100
    run_there_and_back(learned, times=3)
    learned.wire("learn_hatch")
    learned.wire("clear_faults")
    run_there_and_back(learned, times=12)
    assert faults(learned) == ()


def test_what_it_learned_survives_the_power(learned: Rig) -> None:
    """Eight years of wear must not begin at the last power failure."""
    learned.host.reset(78, 1)
    learned.run(1_500)
    learned.bay.run_ma = RUN_MA * 135 // 100
    run_there_and_back(learned, times=3)
    assert faults(learned) == ("hatch-friction",)


def test_a_learned_hatch_feels_an_obstacle_at_less_current(learned: Rig) -> None:
    """350 mA above what it usually draws there, where the fixed limit alone would push on."""
    learned.bay.run_ma = 500
    learned.wire("learn_hatch")
    run_there_and_back(learned, times=8)
    learned.submit(OpenHatch("a"))
    learned.until(HatchOpened)
    learned.submit(CloseHatch("a"))
    learned.run(2_000)
    learned.bay.run_ma = 880
    assert drives(learned, 0, 30) <= 25


def test_a_damaged_profile_is_forgotten(learned: Rig) -> None:
    """Better to learn again than to judge by nonsense."""
    block = learned.host.learned
    assert len(block) == SIZE
    assert Profile(Config(), block).limit_ma(CLOSING, 200) == RUN_MA + 350
    for at in range(SIZE):
        bent = block[:at] + bytes((block[at] ^ 4,)) + block[at + 1 :]
        assert Profile(Config(), bent).limit_ma(CLOSING, 200) == Config().pinch_ma
        assert Profile(Config(), block[:at]).limit_ma(CLOSING, 200) == Config().pinch_ma


def test_runs_that_were_interrupted_teach_nothing() -> None:
    """Half a run would make a reference of its own."""
    rig = ready()
    for _ in range(10):
        rig.submit(OpenHatch("a"))
        rig.until(HatchOpened)
        rig.submit(CloseHatch("a"))
        rig.run(1_800)
        rig.submit(OpenHatch("a"))
        rig.until(HatchOpened)
    assert rig.host.learned == b""


def test_a_motor_that_draws_nothing_is_named_and_not_trusted_to_close() -> None:
    """A sensor that sees no current sees no obstacle either: stop, open slowly, call staff."""
    rig = opened()
    rig.bay.run_ma = 0
    rig.submit(CloseHatch("a"))
    rig.run(1_200)
    assert rig.bay.driven < 0
    rig.run(400)
    assert rig.bay.driven >= 0
    assert "motor-silent" in faults(rig)
    rig.until(HatchOpened)
    rig.submit(CloseHatch("a"))
    assert still(rig, 2_000)
    assert rig.refusals[-1] == ("CloseHatch", "fault")


def test_a_broken_motor_wire_is_named_and_ends_the_drive() -> None:
    """Nothing moves, nothing flows; not for ever."""
    rig = ready()
    rig.bay.motor_wired = False
    rig.submit(OpenHatch("a"))
    rig.run(4_000)
    assert {"motor-silent", "hatch-stuck"} <= set(faults(rig))
    assert rig.bay.driven == 0


def test_a_closed_limit_that_comes_too_early_locks_and_drops_nothing() -> None:
    """The leaf is half way down: whatever the switch says, the hatch is open."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(2_000)
    assert rig.bay.hatch_mm > 150
    rig.bay.stuck["limit_closed"] = True
    rig.run(20)
    assert rig.bay.driven == 0
    rig.run(500)
    assert rig.state == "FAULT"
    assert "hatch-limit" in faults(rig)
    assert not rig.bay.outputs.lock_on
    rig.submit(DropLoad("a", 1))
    rig.run(1_000)
    assert rig.bay.leaves == 0
    assert rig.refusals[-1] == ("DropLoad", "fault")


def test_a_closed_limit_that_does_not_let_go_is_named() -> None:
    """The leaf runs up freely and the switch still says shut."""
    rig = ready()
    rig.bay.stuck["limit_closed"] = True
    rig.submit(OpenHatch("a"))
    rig.run(1_500)
    assert "hatch-limit" in faults(rig)


def test_a_worn_limit_that_chatters_is_named_and_works_on() -> None:
    """Contacts that bounce for 30 ms fail before long; the hatch arrives all the same."""
    rig = ready()
    rig.bay.limit_chatters = True
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)
    rig.run(300)
    assert "limit-bouncing" in faults(rig)
    rig.bay.limit_chatters = False
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)


def test_a_new_switch_may_bounce_and_a_leaf_may_rebound() -> None:
    """Five milliseconds of contact bounce, and the leaf that comes back from its stop once."""
    chatter = Chatter(chatter_ms=20, changes=5)
    on = False
    for pause_ms in (400, 1, 1, 1, 1, 1, 30, 1, 1, 1, 1, 1, 400):
        chatter.step(pause_ms, on)
        on = not on
        assert not chatter.heard


def test_fram_that_does_not_take_the_counters_keeps_the_gate_shut() -> None:
    """Without them nobody could tell after a power failure whether a load has fallen."""
    rig = closed_with(1000 + KILO)
    rig.bay.stuck["store_failed"] = True
    rig.run(300)
    assert "counters-unstored" in faults(rig)
    rig.submit(DropLoad("a", 1))
    rig.run(1_000)
    assert rig.refusals[-1] == ("DropLoad", "fault")
    assert rig.bay.leaves == 0
    del rig.bay.stuck["store_failed"]
    rig.bay.inputs.store_failed = False
    rig.run(300)
    assert faults(rig) == ()


def test_while_it_fails_the_counters_are_offered_again() -> None:
    """Once a second, so that a FRAM that recovers holds what is true."""
    rig = ready()
    rig.bay.stuck["store_failed"] = True
    rig.bay.inputs.inner_release = True
    rig.until(HatchOpened)
    offered = 0
    for _ in range(3_000):
        rig.run(1)
        scanned = rig.bay.outputs.fram != b"" and rig.bay.now_ms == rig.scanned_ms
        offered += scanned
    assert offered == 3


def test_an_obstacle_without_an_edge_is_felt_by_current() -> None:
    """The second line behind the edge, also before anything was learned."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(2_000)
    meets_without_edge(rig)
    rig.until(HatchObstructed)
