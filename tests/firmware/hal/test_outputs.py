"""The real board's file on a fake RP2040: what it drives, and what it does before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal import chips, pins, settings
from firmware.hal.board import Outputs
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import CHIPS, Start, driving, halfway, scan


@pytest.mark.parametrize("missing", [(), *((chip,) for chip in CHIPS), CHIPS])
def test_everything_is_off_before_anything_else(
    bench: Bench, start: Start, missing: tuple[int, ...]
) -> None:
    """Bridge, lock and diverter low, every half at zero duty, whatever is broken on the bus."""
    for chip in missing:
        del bench.bus[chip]
    start()
    assert bench.log == [
        ("pin", pins.BRIDGE_ON, 0),
        ("pin", pins.LOCK_ON, 0),
        ("pwm", pins.HATCH_OPENING, 0),
        ("pwm", pins.HATCH_CLOSING, 0),
        ("pwm", pins.GATE_OPENING, 0),
        ("pwm", pins.GATE_CLOSING, 0),
        ("pin", pins.DIVERTER_UP, 0),
        ("pin", pins.DIVERTER_DOWN, 0),
    ]


def test_without_the_bays_name_everything_is_off_and_the_error_says_what_to_do(
    bench: Bench, start: Start
) -> None:
    """A board that does not know its bay must not guess."""
    Path(settings.PATH).unlink()
    with pytest.raises(settings.SettingsError, match=r"no bay\.txt; .*scripts/flash --bay"):
        start()
    assert len(bench.log) == 8
    assert not any(value for _, _, value in bench.log)
    assert bench.feeds is None


@pytest.mark.parametrize(
    "text", [b"", b"two words\n", b"x" * 33, b"a\ncells 5", b"a\ncells", b"a\nrows 2", b"\xff\xfe"]
)
def test_a_bay_file_that_says_nonsense_is_named(text: bytes) -> None:
    """Half a name or five cells are no setting to go on with."""
    with pytest.raises(settings.SettingsError, match=r"bay\.txt"):
        settings.parse(text)


def test_outputs_reach_their_pins(bench: Bench, start: Start) -> None:
    """Lock, lamps, gate and diverter; the expander's lines are low for on."""
    board = start()
    outputs = Outputs()
    outputs.lock_on = outputs.light_on = outputs.warn_on = True
    outputs.gate_permille = 1000
    outputs.diverter_to, outputs.diverter_on = 2, True
    outputs.tx = b"hello"
    scan(board, outputs)
    assert bench.outputs[pins.LOCK_ON] == 1
    assert (bench.duty[pins.GATE_OPENING], bench.duty[pins.GATE_CLOSING]) == (65535, 0)
    assert (bench.outputs[pins.DIVERTER_UP], bench.outputs[pins.DIVERTER_DOWN]) == (1, 0)
    assert bench.expander.driven == 0xFFFF & ~(1 << pins.LIGHT_BIT | 1 << pins.WARN_BIT)
    assert bench.sent == b"hello"
    scan(board)
    assert bench.outputs[pins.DIVERTER_UP] == bench.duty[pins.GATE_OPENING] == 0
    assert bench.expander.driven == 0xFFFF


def test_the_curtains_test_switches_its_sender_off(bench: Bench, start: Start) -> None:
    """The sender is on unless the expander pulls its line down."""
    board, outputs = start(), Outputs()
    outputs.curtain_test = True
    scan(board, outputs)
    assert not bench.expander.driven & 1 << pins.SENDER_BIT
    scan(board)
    assert bench.expander.driven & 1 << pins.SENDER_BIT


def test_the_diverter_keeps_its_way_between_two_places(bench: Bench, start: Start) -> None:
    """Found between places after a start it looks for the first."""
    board, outputs = start(), Outputs()
    outputs.diverter_to, outputs.diverter_on = 3, True
    ways = []
    for places in (0b1111, 0b1110, 0b1111, 0b1011, 0b0111):
        bench.expander.world = bench.expander.world & ~0xF | places
        scan(board, outputs)
        ways.append(bench.outputs[pins.DIVERTER_UP] - bench.outputs[pins.DIVERTER_DOWN])
    assert ways == [-1, 1, 1, 1, 0]


@given(st.lists(st.integers(-1000, 1000), max_size=20))
def test_never_both_halves_but_for_a_brake(permilles: list[int]) -> None:
    """Whatever is asked for in whatever order: the fake PWM refuses both, unless both are full."""
    with pytest.MonkeyPatch.context() as patch:
        bench = Bench()
        patch.setattr(settings, "read", lambda: (b"a", 1))
        board = bench.start(patch).Rp2Board()
        halfway(bench)
        for permille in permilles:
            board.write(driving(permille))
            shorted = 65535 if permille == 0 else 0
            assert bench.duty[11] == (chips.duty(permille) if permille > 0 else shorted)
            assert bench.duty[12] == (chips.duty(permille) if permille < 0 else shorted)
            assert bench.bridge_on
        board.write(Outputs())
        assert (bench.duty[11], bench.duty[12], bench.bridge_on) == (0, 0, False)


def test_a_brake_shorts_the_motor_and_is_no_drive(bench: Bench, start: Start) -> None:
    """Both inputs high, set while the bridge is off, so that neither drives alone for a moment."""
    board = start()
    halfway(bench)
    board.write(driving(-700))
    bench.log.clear()
    board.write(driving(0))
    hatch = [step for step in bench.log if step[1] in (10, 11, 12)]
    assert hatch[0] == ("pin", pins.BRIDGE_ON, 0)
    assert hatch[-1] == ("pin", pins.BRIDGE_ON, 1)
    assert set(hatch[1:-1]) == {("pwm", 11, 65535), ("pwm", 12, 65535)}
