"""The node's small parts: ticks, counters, conversions, signals that must last."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.commands import SampleFast, SetLoadLimit
from controller.core.events import Samples
from firmware.core import counters, ticks
from firmware.core.adc import LoadCell
from firmware.core.config import Config
from firmware.core.known_faults import KnownFaults
from firmware.core.motor import Motor
from firmware.core.senses import Lasting
from tests.firmware.stand_in import Rig, ready
from wire import faults

tick = st.integers(0, ticks.PERIOD - 1)


@given(tick, st.integers(-(ticks.PERIOD // 2), ticks.PERIOD // 2 - 1))
def test_ticks_wrap_and_differences_do_not_mind(start: int, ms: int) -> None:
    """Any two instants less than 6.2 days apart, before, across or after the wrap."""
    later = ticks.add(start, ms)
    assert 0 <= later < ticks.PERIOD
    assert ticks.diff(later, start) == ms


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2**32 - 1), st.integers(0, 3))))
def test_counters_come_back_from_their_block(story: list[tuple[bool, int, int]]) -> None:
    """Whatever happened, in whatever order, the last block says it all."""
    kept = counters.Counters(b"")
    block = b""
    for is_gate, session, bin_index in story:
        if is_gate:
            kept.gate_opened(session, 7, bin_index)
        else:
            kept.hatch_opens()
        block = kept.to_store()
        assert len(block) == counters.SIZE
        assert kept.to_store() == b""
    again = counters.Counters(block)
    assert not again.damaged
    assert vars(again) == vars(kept)


def test_a_damaged_block_is_known_for_what_it_is() -> None:
    """Every changed byte, every shorter block; but none at all is a new board."""
    kept = counters.Counters(b"")
    kept.gate_opened(1, 2, 3)
    block = kept.to_store()
    for at in range(len(block)):
        bent = block[:at] + bytes((block[at] ^ 1,)) + block[at + 1 :]
        assert counters.Counters(bent).damaged
        assert counters.Counters(block[:at]).damaged == (at > 0)
        assert counters.newest(bent, block) == counters.newest(block, bent) == block


def test_of_two_blocks_the_later_one_counts() -> None:
    """A board writes them in turns, so that a power failure leaves one whole."""
    kept = counters.Counters(b"")
    kept.hatch_opens()
    first = kept.to_store()
    kept.gate_opened(1, 2, 3)
    second = kept.to_store()
    assert counters.newest(first, second) == counters.newest(second, first) == second


def test_a_motor_turns_round_only_after_rest() -> None:
    """50 ms without drive and without current, whoever asks and however often."""
    motor = Motor(Config())
    motor.drive(1000)
    motor.keep_time(500, False, False, 600)
    for current_ma in (600, 600, 0, 0):
        motor.drive(-700)
        assert motor.permille == 0
        motor.keep_time(30, False, False, current_ma)
    motor.drive(-700)
    assert motor.permille == -700


def conversions(rig: Rig) -> list[int]:
    return [raw for event in rig.heard if isinstance(event, Samples) for raw in event.raw]


def test_conversions_come_all_or_once_a_second() -> None:
    """80 a second while they matter, without a gap, oldest first; else one a second."""
    rig = ready()
    rig.bay.raw, rig.bay.noise = 1_999, 0
    rig.run(100)
    rig.heard.clear()
    for at in range(1_000):
        rig.bay.raw = 2_000 + at
        rig.run(1)
    got = conversions(rig)
    assert 78 <= len(got) <= 82
    assert got == sorted(got)
    assert max(later - earlier for earlier, later in pairwise(got)) <= 13
    rig.submit(SampleFast("a", False))
    rig.run(100)
    rig.heard.clear()
    rig.run(10_000)
    assert 9 <= len(conversions(rig)) <= 11


@pytest.mark.parametrize("raw", [2**23 - 1, -(2**23), 0, -1, 5_000_000])
def test_odd_values_are_passed_on_as_they_are(raw: int) -> None:
    """Saturated, negative, nonsense: who looks for a cause must see it."""
    rig = ready()
    rig.bay.raw, rig.bay.noise = raw, 0
    rig.run(300)
    assert conversions(rig)[-5:] == [raw] * 5


def test_the_ticks_of_conversions_are_the_boards_own() -> None:
    """They say when the last one was taken, not when it was sent."""
    rig = ready()
    rig.run(1_000)
    last = [event for event in rig.heard if isinstance(event, Samples)][-1]
    assert 0 <= ticks.diff(rig.bay.ticks, last.node_ms) <= 50


def fed(*raw: int) -> LoadCell:
    cell = LoadCell(Config())
    cell.limit_raw, cell.low_raw = 1_000, -1_000
    cell.step(10, [(at, value) for at, value in enumerate(raw)])
    return cell


def test_a_cell_that_is_wired_the_wrong_way_round_is_overloaded_below() -> None:
    """Nothing pulls a pan up by as much as may lie on it, wherever its zero is."""
    assert fed(10, -9_999, -9_999).overload
    cell = LoadCell(Config())
    cell.limit_raw, cell.low_raw = 400_000, -2_400_000
    cell.step(10, [(at, -1_000_000) for at in range(3)])
    assert not cell.overload
    cell.step(10, [(at, -2_500_000) for at in range(3)])
    assert cell.overload


def test_a_single_spike_is_no_overload_and_silence_is_no_load() -> None:
    """The middle of three counts; and what nobody has measured nobody may assume."""
    assert not fed(10, 9_999, 10).overload
    assert fed(10, 9_999, 9_999).overload
    assert fed(10, 10).unknown
    assert fed(-(2**23), -(2**23), -(2**23)).unknown
    assert fed(2**23 - 1, 2**23 - 1, 2**23 - 1).unknown
    cell = fed(10, 10, 10)
    assert not cell.unknown
    cell.step(499, ())
    assert not cell.silent
    cell.step(1, ())
    assert cell.silent
    assert cell.unknown


def test_the_load_limit_is_safe_before_anybody_sets_it() -> None:
    """8 kg on the cell of the design; the controller may only know it better."""
    rig = Rig()
    rig.bay.raw = 9 * 180_355
    rig.run(500)
    assert not rig.bay.outputs.lock_on
    rig.submit(SetLoadLimit("a", 10 * 180_355, -10 * 180_355))
    rig.run(100)
    assert rig.bay.outputs.lock_on


def test_a_signal_must_last_to_count() -> None:
    """On after 100 ms in a row, off after 300; one scan of the opposite begins anew."""
    signal = Lasting(100, 300)
    assert not any(signal.step(30, True) for _ in range(3))
    assert not signal.step(30, False)
    assert [signal.step(30, True) for _ in range(4)] == [False, False, False, True]
    assert all(signal.step(100, False) for _ in range(2))
    assert not signal.step(100, False)
    assert Lasting(0, 0).step(0, True)


def test_latched_faults_stay_until_cleared_and_others_go_by_themselves() -> None:
    """Clearing takes away what is over, not what is still so."""
    known = KnownFaults()
    both = 1 << faults.FIRE | 1 << faults.TAMPER
    known.see(both)
    assert known.changes() == [(faults.FIRE, True), (faults.TAMPER, True)]
    known.clear()
    known.see(both)
    assert list(known.changes()) == []
    known.see(0)
    assert known.changes() == [(faults.TAMPER, False)]
    known.raise_once(faults.HATCH_STUCK)
    known.see(0)
    assert known.changes() == [(faults.HATCH_STUCK, True)]
    known.clear()
    assert known.changes() == [(faults.FIRE, False), (faults.HATCH_STUCK, False)]
    assert not known.bits


@pytest.mark.parametrize(
    ("warm_dc", "temperature_dc", "tof_mm", "alive"),
    [
        (330, 220, 350, True),  # a hand on a mild day
        (250, 220, 350, False),  # a bottle from somebody's bag
        (330, 295, 350, True),  # a hand on a warm day
        (330, 340, 300, False),  # a hot day: warmth says nothing, and nothing stands high
        (330, 340, 100, True),  # a hot day, and something stands high: it may be somebody
        (2_000, 220, 350, True),  # a sensor that gives no sense
        (220, 220, 0, True),
    ],
)
def test_presence_is_warmth_or_doubt(
    warm_dc: int, temperature_dc: int, tof_mm: int, alive: bool
) -> None:
    """Warm against the cabinet; where warmth says nothing, anything large counts as somebody."""
    rig = ready()
    rig.bay.inputs.warm_dc = warm_dc
    rig.bay.inputs.temperature_dc = temperature_dc
    rig.bay.inputs.tof_mm = tof_mm
    rig.run(800)
    assert rig.reports[-1].presence == alive
