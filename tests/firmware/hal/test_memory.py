"""FRAM: what is stored comes back, and what does not is said."""

from __future__ import annotations

import pytest

from firmware.core.counters import Counters
from firmware.core.profile import SIZE as PROFILE_SIZE
from firmware.hal.board import Outputs
from firmware.hal.memory import COUNTER_PLACES
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import Start, scan


def counted(openings: int) -> bytes:
    """The block after so many openings."""
    counters = Counters(b"")
    for _ in range(openings):
        counters.hatch_opens()
    block: bytes = counters.to_store()
    return block


def test_what_was_stored_comes_back_after_a_restart(bench: Bench, start: Start) -> None:
    """Counters and profile, each by itself."""
    board = start()
    assert board.stored_counters() == board.stored_profile() == b""
    outputs = Outputs()
    for openings in (1, 2, 3):
        outputs.fram = counted(openings)
        assert not scan(board, outputs).store_failed
    outputs.fram, outputs.learned = b"", bytes(range(PROFILE_SIZE))
    scan(board, outputs)
    again = start()
    assert again.stored_counters() == counted(3)
    assert again.stored_profile() == bytes(range(PROFILE_SIZE))


def test_a_block_that_power_cut_short_leaves_the_one_before(bench: Bench, start: Start) -> None:
    """The two places take turns, also across a restart."""
    board, outputs = start(), Outputs()
    board.stored_counters()
    for openings in (1, 2):
        outputs.fram = counted(openings)
        scan(board, outputs)
    again = start()
    assert again.stored_counters() == counted(2)
    before = bytes(bench.fram.cells)
    outputs.fram = counted(3)
    scan(again, outputs)
    changed = [at for at, byte in enumerate(bench.fram.cells) if byte != before[at]]
    bench.fram.cells[changed[-1]] ^= 0xFF
    assert start().stored_counters() == counted(2)


@pytest.mark.parametrize("place", COUNTER_PLACES)
def test_damaged_counters_are_not_taken_for_new_ones(
    bench: Bench, start: Start, place: int
) -> None:
    """A bent block in either place, nothing ever in the other: the node hears of the damage."""
    block = bytearray(counted(1))
    block[3] ^= 1
    bench.fram.cells[place : place + len(block)] = block
    assert Counters(start().stored_counters()).damaged


def test_a_store_that_reads_back_another_is_said(bench: Bench, start: Start) -> None:
    """Until one is taken again; the good block is not overwritten meanwhile."""
    board, outputs = start(), Outputs()
    board.stored_counters()
    outputs.fram = counted(1)
    scan(board, outputs)
    bench.fram.worn = True
    for openings in (2, 3):
        outputs.fram = counted(openings)
        scan(board, outputs)
    assert scan(board).store_failed
    assert start().stored_counters() == counted(1)
    bench.fram.worn = False
    scan(board, outputs)
    assert not scan(board).store_failed
    assert start().stored_counters() == counted(3)
