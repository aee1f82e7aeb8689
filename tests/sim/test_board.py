"""The node's board: ticks that wrap, identities, and edges."""

from __future__ import annotations

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
    readings = {board.read(b"").warm_dc for _ in range(20)}
    assert len(readings) > 1
    assert board.edges() == before
    board.world.switch("smoke", True)
    assert board.edges() != before
    assert board.read(b"").smoke is True
