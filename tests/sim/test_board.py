"""The node's board: ticks that wrap, identities, edges, interrupts, and sensors that live."""

from __future__ import annotations

import itertools

import pytest

from firmware.hal.board import Outputs
from sim.board import TICKS, SimBoard
from sim.world import BayFigures, BayWorld

S = 1_000_000


def built(seed: int = 1) -> SimBoard:
    """A board that was just powered on."""
    return SimBoard(BayWorld(seed, "a", BayFigures()), "a", seed)


def test_ticks_wrap_early_and_run_a_little_wrong() -> None:
    """Within half a minute of power-on the ticks are at zero again, in every run."""
    for seed in range(10):
        board = built(seed)
        assert board.ticks(0) > board.ticks(25 * S)
        run_ms = (board.ticks(25 * S) - board.ticks(0)) % TICKS
        assert abs(run_ms - 25_000) <= 2


def test_samples_carry_the_ticks_of_their_conversion() -> None:
    """Every conversion comes once, stamped before the read that brings it."""
    board = built()
    board.world.advance(S // 20)
    first = board.read(b"abc")
    assert first.rx == b"abc"
    assert 3 <= len(first.samples) <= 5
    assert all((first.now_ms - ticks) % TICKS <= 50 for ticks, _ in first.samples)
    assert board.read(b"").samples == ()


def test_a_restart_is_another_boot_with_everything_off() -> None:
    """After a reset the boot id is another and the outputs are safe."""
    board = built()
    outputs = Outputs()
    outputs.bridge_on, outputs.light_on = True, True
    board.write(outputs)
    before = board.identity()
    board.restart(3)
    assert board.identity()[0] == before[0] == b"a"
    assert board.identity()[1] != before[1]
    assert board.identity()[2] == 3
    assert not board.world.hatch.bridge_on
    assert not board.world.light_on


def test_only_digital_inputs_are_edges() -> None:
    """A switch wakes the node; noise of an analogue sensor does not."""
    board = built()
    before = board.edges()
    readings = set()
    for _ in range(20):
        board.advance(board.world.now_us + S // 10)
        readings.add(board.read(b"").warm_dc)
    assert len(readings) > 1
    assert board.edges() == before
    board.world.switch("smoke", True)
    assert board.edges() != before
    assert board.read(b"").smoke is True


def opened(seed: int = 1) -> SimBoard:
    """A board whose hatch stands open."""
    board = built(seed)
    drive(board, 1000)
    board.advance(board.world.now_us + 4 * S)
    board.read(b"")
    drive(board, 0)
    board.advance(board.world.now_us + S)
    return board


def drive(board: SimBoard, permille: int) -> None:
    """What a node writes that drives the hatch like that."""
    outputs = Outputs()
    outputs.bridge_on, outputs.hatch_permille = permille != 0, permille
    board.write(outputs)


@pytest.mark.parametrize("seed", range(5))
def test_a_pressed_edge_takes_the_bridge_off_within_a_millisecond(seed: int) -> None:
    """No scan is needed, and the next one is told."""
    board = opened(seed)
    assert board.world.obstruct(200, 500, in_curtain=False)
    drive(board, -700)
    while board.world.hatch.bridge_on:
        board.advance(board.world.now_us + 100)
        assert board.world.now_us < 20 * S
    pinch = board.world.hatch.pinches[-1]
    assert 200 <= board.world.now_us - pinch.pressed_us <= 1_350
    board.advance(board.world.now_us + S)
    assert board.read(b"").edge_touched
    assert not board.world.hatch.moving


def test_a_touch_between_two_scans_is_kept_for_the_next() -> None:
    """The edge is free again before anybody looks."""
    board = opened()
    board.world.obstruct(390, 500, in_curtain=False)
    drive(board, -700)
    board.advance(board.world.now_us + S)
    board.world.obstruct(0)
    board.advance(board.world.now_us + S)
    first, second = board.read(b""), board.read(b"")
    assert (first.edge_touched, first.edge_ohm) == (True, 8200)
    assert not second.edge_touched


def test_what_an_interrupt_took_off_stays_off_until_a_scan_has_seen_why() -> None:
    """Outputs that were decided before it do not drive the leaf on."""
    board = opened()
    drive(board, -700)
    board.read(b"")
    board.world.hand(True)
    board.advance(board.world.now_us + 2_000)
    board.world.hand(False)
    drive(board, -700)
    assert not board.world.hatch.bridge_on
    board.read(b"")
    drive(board, -700)
    assert board.world.hatch.bridge_on


@pytest.mark.parametrize("permille", [1000, -400])
def test_the_emergency_stop_ends_every_drive(permille: int) -> None:
    """Whichever way it goes, and nobody scans."""
    board = opened()
    drive(board, -400)
    board.advance(board.world.now_us + S)
    drive(board, permille)
    board.advance(board.world.now_us + S // 10)
    board.world.switch("emergency_stop", True)
    board.advance(board.world.now_us + 1_100)
    assert not board.world.hatch.bridge_on


def test_a_curtain_ends_a_closing_and_lets_an_opening_be() -> None:
    """A hand at an opening hatch is in nobody's way."""
    board = opened()
    drive(board, -400)
    board.advance(board.world.now_us + S)
    drive(board, 500)
    board.world.hand(True)
    board.advance(board.world.now_us + 5_000)
    assert board.world.hatch.bridge_on
    drive(board, -400)
    board.advance(board.world.now_us + 1_100)
    assert not board.world.hatch.bridge_on


def test_a_limit_ends_the_drive_to_it() -> None:
    """The last hard limit is no program's."""
    board = opened()
    drive(board, -400)
    board.advance(board.world.now_us + 10 * S)
    assert board.world.hatch.limit_closed
    assert not board.world.hatch.bridge_on
    assert board.world.hatch.pinches == []


def test_a_sound_curtain_sees_its_sender_go_off() -> None:
    """One that is stuck clear does not: that is what the test is for."""
    board = built()
    outputs = Outputs()
    outputs.curtain_test = True
    board.write(outputs)
    assert board.read(b"").curtain_blocked
    board.sensor_fault("curtain", "stuck_off")
    assert not board.read(b"").curtain_blocked
    board.sensor_fault("curtain", "well")
    board.write(Outputs())
    assert not board.read(b"").curtain_blocked


@pytest.mark.parametrize("seed", range(10))
def test_no_sensor_that_lives_repeats_itself_for_two_seconds(seed: int) -> None:
    """Thermal array, distance and load cell change ten times a second, never in between."""
    board = built(seed)
    seen: dict[str, list[int]] = {"thermal_sum": [], "tof_mm": [], "raw": []}
    for _ in range(2_000):
        board.advance(board.world.now_us + S // 20)
        inputs = board.read(b"")
        seen["thermal_sum"].append(inputs.thermal_sum)
        seen["tof_mm"].append(inputs.tof_mm)
        seen["raw"] += [raw for _, raw in inputs.samples]
    for name, readings in seen.items():
        longest = max(len(list(same)) for _, same in itertools.groupby(readings))
        assert longest < 20, name
    changes = sum(a != b for a, b in itertools.pairwise(seen["thermal_sum"]))
    assert 850 < changes <= 1_000


def test_a_brownout_is_seen_and_then_over() -> None:
    """The supply sags as far as it is told, and is back in time."""
    board = built()
    board.world.brownout(18_000, 100)
    assert board.read(b"").supply_mv == pytest.approx(18_000, abs=50)
    board.advance(S // 5)
    assert board.read(b"").supply_mv == pytest.approx(24_000, abs=50)
    assert board.powered
    board.world.brownout(5_000, 100)
    assert not board.powered


@pytest.mark.parametrize("part", ["thermal", "distance", "supply"])
def test_a_sensor_that_freezes_wakes_nobody(part: str) -> None:
    """It reads what the node was told, so that the node finds out no sooner than it looks."""
    assert stirring(part, "frozen") == 0


@pytest.mark.parametrize(
    ("part", "kind"), [("thermal", "dead"), ("edge", "dead"), ("gate_closed", "stuck_off")]
)
def test_a_sensor_that_reads_otherwise_wakes_the_node_until_it_was_told(
    part: str, kind: str
) -> None:
    """And what the node was told is no news."""
    assert stirring(part, kind) == 20


def stirring(part: str, kind: str) -> int:
    """How often a second's 20 looks stir after a sensor broke; none does once that was read."""
    board = built()
    board.advance(2 * S)
    board.read(b"")
    board.sensor_fault(part, kind)
    stirred = 0
    for _ in range(20):
        board.advance(board.world.now_us + S // 20)
        stirred += board.stirs
    board.read(b"")
    assert not board.stirs
    return stirred


def test_leaves_on_their_way_stop_the_board_where_a_pin_turns_and_nowhere_else() -> None:
    """A node that waits is looked at when the leaves leave home and when they are down."""
    board = built()
    outputs = Outputs()
    outputs.gate_permille = 1000
    board.write(outputs)
    for from_ms, shows in ((16, (False, False)), (784, (False, True))):
        before = board.edges()
        board.advance(S, to_edge=True)
        assert board.edges() != before
        assert from_ms * 1000 <= board.world.now_us <= (from_ms + 1) * 1000
        assert board.world.gate.shows[:2] == shows
