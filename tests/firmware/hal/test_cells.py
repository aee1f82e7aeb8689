"""Load cells: the real PIO program beside model HX711, instruction by instruction."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from firmware.hal import hx711, settings
from tests.firmware.hal import fake_pio
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import Start, scan


def conversions(cells: int, rounds: list[list[int]]) -> tuple[fake_pio.StateMachine, list[int]]:
    """Run the real PIO program beside that many chips; the machine, and what Python makes of it."""
    options = {"push_thresh": hx711.BITS}
    chips_ = [fake_pio.Hx711() for _ in range(cells)]
    machine = fake_pio.StateMachine(fake_pio.asm_pio(**options)(hx711.program(cells)), chips_)
    sums = []
    for values in rounds:
        for chip, value in zip(chips_, values, strict=True):
            machine.run(37)  # they are not ready at the same moment
            assert not machine.words
            chip.convert(value)
        machine.run(200)
        assert [chip.pulses for chip in chips_] == [25] * cells
        words = [machine.get() for _ in range(cells)]
        assert hx711.values(words, cells) == values
        sums.append(hx711.added(values))
    return machine, sums


raws = st.integers(-0x800000, 0x7FFFFF)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(raws, min_size=n, max_size=n), min_size=1, max_size=3)
    )
)
def test_one_clock_reads_up_to_four_cells(rounds: list[list[int]]) -> None:
    """Any values, any number of cells: 25 pulses each, high for a microsecond, and the sum."""
    machine, sums = conversions(len(rounds[0]), rounds)
    assert set(machine.highs) == {1}
    for values, total in zip(rounds, sums, strict=True):
        if 0x7FFFFF in values or -0x800000 in values:
            assert total in (0x7FFFFF, -0x800000)
        else:
            assert total == max(-0x800000, min(0x7FFFFF, sum(values)))


def test_when_python_is_late_the_clock_waits_low() -> None:
    """High for more than 60 us would put the chips to sleep."""
    chip = fake_pio.Hx711()
    program = fake_pio.asm_pio(push_thresh=hx711.BITS)(hx711.program(1))
    machine = fake_pio.StateMachine(program, [chip])
    for value in range(10):
        chip.convert(value)
        machine.run(1000)
    assert machine.words == list(range(8))
    assert not chip.asleep
    assert max(machine.highs) == 1
    machine.get()
    machine.run(200)
    assert machine.words[-1] == 8


def test_the_pan_of_four_cells_is_their_sum(bench: Bench, start: Start) -> None:
    """The number comes from bay.txt; a cell that is silent makes the pan silent."""
    Path(settings.PATH).write_text("a\ncells 4\n")
    board = start()
    scan(board)
    for cell, value in zip(bench.cells, (100, -20, 3000, 7), strict=True):
        cell.convert(value)
    assert [raw for _, raw in scan(board).samples] == [3087]
    for cell in bench.cells[:3]:
        cell.convert(1)
    assert scan(board).samples == ()
