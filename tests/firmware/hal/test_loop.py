"""The program on the board: watchdog, identity, garbage, service jumper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from firmware.core.node import Node
from firmware.hal import pins, watch
from firmware.hal.board import Outputs
from firmware.main import run
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import CHIPS, Start, driving, halfway, scan
from wire.messages import RESET_CAUSES


def test_the_watchdog_is_fed_while_every_part_runs(bench: Bench, start: Start) -> None:
    """At rest and in motion, with all chips or none: never more than half of its time apart."""
    board = start()
    board.watch()
    for missing in ((), CHIPS):
        for chip in missing:
            del bench.bus[chip]
        for outputs in (Outputs(), driving(-375)):
            for _ in range(100):
                scan(board, outputs)
    assert bench.feeds is not None
    gaps = [after - before for before, after in pairwise(bench.feeds)]
    assert len(gaps) > 20
    assert max(gaps) <= 250_000


@pytest.mark.parametrize("skipped", ["read", "stepped", "write"])
def test_the_watchdog_is_not_fed_when_a_part_did_not_run(
    bench: Bench, start: Start, skipped: str
) -> None:
    """A loop that lost one of its parts does not keep the board alive."""
    board, outputs = start(), Outputs()
    board.watch()
    scan(board)
    steps = {"read": board.read, "stepped": board.stepped, "write": lambda: board.write(outputs)}
    del steps[skipped]
    for _ in range(200):
        for step in steps.values():
            step()
        board.feed()
        bench.sleep_ms(5)
    assert bench.feeds is not None
    assert len(bench.feeds) <= 1  # for what had run before


def test_every_part_of_the_scan_is_asked_for() -> None:
    """Whichever single part is left out, the watchdog goes hungry."""
    parts = [watch.READ, watch.STEP, watch.WRITE, watch.CELLS, watch.EXPANDER, watch.SENSORS]
    for left_out in [*parts, None]:
        checkpoints = watch.Checkpoints()
        for part in parts:
            if part != left_out:
                checkpoints.passed(part)
        assert checkpoints.take() == (left_out is None)
        assert not checkpoints.take()


@pytest.mark.parametrize(("number", "word"), [(1, "power"), (3, "watchdog"), (0, "unknown")])
def test_the_reset_cause_is_told_in_the_wires_words(
    bench: Bench, start: Start, number: int, word: str
) -> None:
    """With the bay's name and a boot id that differs at every start."""
    bench.reset_cause = number
    name, boot_id, cause = start().identity()
    assert (name, RESET_CAUSES[cause]) == (b"a", word)
    assert 0 <= boot_id < 2**32
    assert start().identity()[1] != boot_id


@pytest.mark.parametrize("waits_ms", [0, 60, 10_000])
def test_a_restart_that_was_asked_for_says_so_once(
    bench: Bench, start: Start, waits_ms: int
) -> None:
    """Everything off; what was said has left, or a tenth of a second is over; then it resets."""
    board = start()
    scan(board, driving(-375))
    bench.sent_at_us = bench.now_us + waits_ms * 1000
    began_us = bench.now_us
    with pytest.raises(SystemExit):
        board.restart()
    (reset_us,) = bench.resets
    assert reset_us - began_us == min(waits_ms, 100) * 1000
    assert not bench.bridge_on
    assert bench.outputs[pins.LOCK_ON] == 0
    causes = [RESET_CAUSES[start().identity()[2]] for _ in range(2)]
    assert causes == ["asked", "watchdog"]  # the second time it was the watchdog itself


def test_a_power_cut_is_no_restart_that_was_asked_for(bench: Bench, start: Start) -> None:
    """Whatever the register holds after it."""
    with pytest.raises(SystemExit):
        start().restart()
    bench.reset_cause = 1
    assert RESET_CAUSES[start().identity()[2]] == "power"


def test_the_loop_restarts_the_board_once_the_node_wants_it(bench: Bench, start: Start) -> None:
    """After the scan's outputs were written, and sent."""

    class Tired:
        def step(self, inputs: object) -> Outputs:
            outputs = Outputs()
            outputs.restarts, outputs.tx = True, b"bye"
            return outputs

    with pytest.raises(SystemExit):
        run(start(), Tired())
    assert (len(bench.resets), bench.sent) == (1, b"bye")


def test_garbage_is_collected_only_while_nothing_moves(bench: Bench, start: Start) -> None:
    """And no threshold starts a collection by itself."""
    board = start()
    halfway(bench)
    assert bench.threshold == -1
    for _ in range(100):
        scan(board, driving(-375))
    assert bench.collections == []
    for _ in range(100):
        scan(board)
    assert 5 <= len(bench.collections) <= 7


def test_the_service_jumper_keeps_the_program_from_starting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the watchdog runs nobody could load the board any more."""
    module = bench.start(monkeypatch)
    assert not module.service_jumper()
    bench.levels[pins.SERVICE_JUMPER] = 0
    assert module.service_jumper()


class EnoughError(Exception):
    """The story is over."""


def test_the_program_runs_on_the_board(bench: Bench, start: Start) -> None:
    """The real loop with the real node: it is fed, and nothing moves by itself."""
    board = start()
    board.watch()
    node = Node(board.identity(), board.stored_counters(), board.stored_profile())

    def enough() -> None:
        raise EnoughError

    bench.after_ms(2000, enough)
    with pytest.raises(EnoughError):
        run(board, node)
    assert bench.feeds is not None
    assert len(bench.feeds) > 10
    assert not bench.bridge_on
    assert bench.outputs[pins.LOCK_ON] == 0  # no load cell, so nobody knows what lies on the pan


def asleep() -> Outputs:
    """A node that wants to sleep on."""
    outputs = Outputs()
    outputs.wake_in_ms = 1_500
    return outputs


def test_the_watchdog_is_fed_while_the_node_sleeps(bench: Bench, start: Start) -> None:
    """A sleep is three times the watchdog's patience, and the board keeps watch meanwhile."""
    board = start()
    board.watch()
    for _ in range(10):
        scan(board, asleep())
    assert bench.feeds is not None
    gaps = [after - before for before, after in pairwise(bench.feeds)]
    assert bench.feeds[-1] - bench.feeds[0] > 10_000_000
    assert max(gaps) <= 250_000


def test_no_sleep_hides_a_node_that_does_not_step(bench: Bench, start: Start) -> None:
    """Each sleep is watched over only after a whole scan."""
    board = start()
    board.watch()
    scan(board)
    for _ in range(5):
        board.read()
        board.write(asleep())
        board.feed()
    assert bench.feeds is not None
    assert len(bench.feeds) <= 1


def smoulder(bench: Bench) -> None:
    bench.expander.world &= ~(1 << 7)


def sag(bench: Bench) -> None:
    bench.adc[pins.ADC_SUPPLY] //= 2


def break_edge(bench: Bench) -> None:
    bench.adc[pins.ADC_EDGE] = 65_000


def leak(bench: Bench) -> None:
    bench.adc[pins.ADC_MOTOR] += 2_000  # 150 mA


def warm(bench: Bench) -> None:
    bench.thermal.pixels[20] += 20


def crawl_in(bench: Bench) -> None:
    bench.distance.mm = 250


def load(bench: Bench) -> None:
    bench.cells[0].convert(200_000)


def touch(bench: Bench) -> None:
    """So short that no look of the board's falls into it."""
    bench.put(6, 1)
    bench.put(6, 0)


SLOW_MS = 200
"""Warmth and distance are read ten times a second, a piece at a time."""


@pytest.mark.parametrize(
    ("stir", "within_ms"),
    [
        (smoulder, 60),
        (sag, 60),
        (break_edge, 60),
        (leak, 60),
        (load, 60),
        (touch, 5),
        (warm, 60 + SLOW_MS),
        (crawl_in, 60 + SLOW_MS),
    ],
)
def test_what_is_no_pins_level_wakes_a_sleeping_node(
    bench: Bench, start: Start, stir: Callable[[Bench], None], within_ms: int
) -> None:
    """Within 50 ms of its being read, and a scan."""
    board = start()
    bench.cells[0].convert(1_000)
    for _ in range(8):
        scan(board, Outputs())
    scan(board, asleep())
    began_us = bench.now_us
    stir(bench)
    board.read()
    assert bench.now_us - began_us <= within_ms * 1000


def test_a_quiet_bay_lets_the_node_sleep_until_its_deadline(bench: Bench, start: Start) -> None:
    """Nothing else wakes it, and garbage is collected meanwhile as often as without a sleep."""
    board = start()
    for _ in range(8):
        scan(board, Outputs())
    began_us = bench.now_us
    for _ in range(4):
        scan(board, asleep())
    assert bench.now_us - began_us > 3 * 1_490_000
    assert len(bench.collections) >= 5


def test_no_sleep_is_endless(bench: Bench, start: Start) -> None:
    """The board watches over a sleep, so that it is the board that bounds it."""
    board, outputs = start(), Outputs()
    for _ in range(8):
        scan(board)
    outputs.wake_in_ms = 10_000
    scan(board, outputs)
    began_us = bench.now_us
    board.read()
    assert bench.now_us - began_us <= 2_005_000
