"""Numbers for conversions whose times tell only when a node came to read them."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from controller.core.symptoms.table import ScaleSignalError
from controller.core.weighing.numbering import TICKS, Numbering


def reads(
    rate_hz: float, seconds: float, missed: frozenset[int], seed: int
) -> list[tuple[int, int, int]]:
    """(node_ms, conversions read, true number of the last): a node that scans every 5 ms."""
    rng = random.Random(seed)
    found, at_ms, waiting = [], 0.0, []
    scan_ms = 0.0
    n = 0
    while at_ms < seconds * 1000:
        if n not in missed:
            waiting.append((n, at_ms))
        n, at_ms = n + 1, n * 1000 / rate_hz + 1000 / rate_hz
        while scan_ms < at_ms:
            scan_ms += rng.uniform(5, 6) + (rng.random() < 1 / 400) * rng.uniform(5, 10)
            ready = [one for one, made_ms in waiting if made_ms <= scan_ms]
            if ready:
                found.append((int(scan_ms), len(ready), ready[-1]))
                waiting = [one for one in waiting if one[0] not in ready]
    return found


@pytest.mark.parametrize("rate_hz", [72.0, 80.0, 88.0])
def test_missed_conversions_leave_their_numbers_out(rate_hz: float) -> None:
    """At any rate of the oscillator, from a node that reads at once."""
    missed = {200, 333, 334, 500}
    numbering = Numbering()
    offsets = set()
    for n in range(800):
        if n not in missed:
            (one,), _ = numbering.take(round(n * 1000 / rate_hz) + 7_000, 1)
            offsets.add(n - one.number)
    assert offsets == {0}


def test_a_node_that_reads_late_makes_few_gaps() -> None:
    """Scans of 5 ms and a pause now and then: one conversion in a hundred may seem missed."""
    for seed in range(5):
        numbering = Numbering()
        offsets = []
        for node_ms, count, true in reads(80.0, 10, frozenset(), seed):
            numbered, _ = numbering.take(node_ms, count)
            offsets.append(numbered[-1].number - true)
        assert 0 <= offsets[-1] - offsets[0] <= len(offsets) / 100


def test_times_go_forward_evenly() -> None:
    """The loop takes the jitter of scans and pauses out."""
    numbering = Numbering()
    times = []
    for node_ms, count, _ in reads(80.0, 10, frozenset(), seed=2):
        numbered, _ = numbering.take(node_ms, count)
        times += [one.at_s for one in numbered]
    steps = [b - a for a, b in pairwise(times[100:])]
    assert min(steps) > 0
    assert sum(steps) / len(steps) == pytest.approx(0.0125, rel=0.01)


def test_the_slow_stream_is_told_from_the_fast() -> None:
    """One conversion a second belongs to a pan at rest."""
    numbering = Numbering()
    assert not numbering.take(1_000, 1)[1]
    assert not numbering.take(2_000, 1)[1]
    assert numbering.take(2_012, 1)[1]


def test_node_ticks_wrap_without_a_gap() -> None:
    """After twelve days the node's milliseconds begin anew."""
    numbering = Numbering()
    numbering.take(TICKS - 6, 1)
    (one,), fast = numbering.take(6, 1)
    assert fast
    assert one.number == 1


@pytest.mark.parametrize("back_ms", [0, 1, 5_000])
def test_time_that_stands_or_goes_back_is_refused_by_name(back_ms: int) -> None:
    """What was known before still holds, and the next good time goes on from it."""
    numbering = Numbering()
    numbering.take(10_000, 1)
    with pytest.raises(ScaleSignalError, match="check the node's clock"):
        numbering.take(10_000 - back_ms, 1)
    (one,), fast = numbering.take(10_013, 1)
    assert fast and one.number == 1
