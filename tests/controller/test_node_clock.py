"""The node's clock from heartbeats and reports, over lines that delay each as they like."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.adapters.node_clock import CRYSTAL_PPM, DOUBTS, KEPT_BEATS, NodeClock
from controller.core.weighing.numbering import TICKS

REPORT_S = 0.2


class Line:
    """A node with a crystal of its own behind a line that delays; `delay` gives seconds."""

    def __init__(self, start_ms: float, skew_ppm: float, seed: int, jitter_ms: float) -> None:
        self.clock = NodeClock()
        self.now_s = 1000.0
        self._start_ms = start_ms
        self._rate = 1000 * (1 + skew_ppm / 1e6)
        self._chance = random.Random(seed)
        self._jitter_ms = jitter_ms
        self._beat = 0

    def true_ms(self, at_s: float) -> float:
        """What the node's clock shows, not cut off and not wrapped."""
        return self._start_ms + (at_s - 1000.0) * self._rate

    def ticks(self, at_s: float) -> int:
        return int(self.true_ms(at_s)) % TICKS

    def delay_s(self) -> float:
        return self._chance.uniform(0, self._jitter_ms) / 1000

    def beat(self) -> None:
        """A heartbeat goes out, and a report about it comes back a little later."""
        self._beat = self._beat % 0xFFFF + 1
        self.clock.sent(self._beat, self.now_s)
        heard_s = self.now_s + self.delay_s()
        reported_s = heard_s + self._chance.uniform(0, REPORT_S - 0.05)
        self.now_s = reported_s + self.delay_s()
        self.clock.report(self._beat, self.ticks(heard_s), self.ticks(reported_s), self.now_s)

    def run(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.beat()

    def error_ms(self) -> float:
        """How far the clock's ticks, which are cut off, are from the node's."""
        ahead = (self.clock.ticks(self.now_s) + 0.5 - self.true_ms(self.now_s)) % TICKS
        return min(ahead, TICKS - ahead)

    def early_ms(self) -> float:
        """How much less `at_least` says than the node's clock shows."""
        early = (self.true_ms(self.now_s) - self.clock.at_least(self.now_s)) % TICKS
        return early if early < TICKS / 2 else early - TICKS


starts = st.one_of(st.floats(0, TICKS - 1), st.floats(TICKS - 90_000, TICKS - 1))
skews = st.floats(-CRYSTAL_PPM, CRYSTAL_PPM)


@given(starts, skews, st.integers(0, 2**32), st.floats(0, 16))
def test_the_clock_is_right_within_what_it_states(
    start_ms: float, skew_ppm: float, seed: int, jitter_ms: float
) -> None:
    """Any offset, crystal and jitter, across the wrap: never worse than half the least round trip,
    one tick and 0.4 ms a second; a deadline never later than meant."""
    line = Line(start_ms, skew_ppm, seed, jitter_ms)
    for _ in range(8):
        line.run(random.Random(seed).uniform(0.1, 12))
        stated_ms = line.clock.error_ms(line.now_s)
        assert line.error_ms() <= stated_ms + 0.5
        assert stated_ms <= line.clock.least_rtt_ms / 2 + 1 + 60 * 0.4
        assert line.early_ms() >= -0.01
    assert line.clock.ignored == 0


@pytest.mark.parametrize("jitter_ms", [0.0, 1.0, 4.0, 16.0])
def test_on_a_busy_line_the_error_stays_below_half_the_least_round_trip(
    jitter_ms: float, seed: int
) -> None:
    """Over ten minutes with the worst crystal: p99 within half the least round trip and a tick."""
    line = Line(TICKS - 300_000, CRYSTAL_PPM, seed, jitter_ms)
    errors_ms = []
    for _ in range(3000):
        line.beat()
        errors_ms.append(line.error_ms())
    settled = sorted(errors_ms[300:])
    assert settled[int(len(settled) * 0.99)] <= jitter_ms / 4 + 1.5
    assert line.clock.least_rtt_ms <= jitter_ms / 2


def test_the_drift_is_learned_from_low_round_trips(seed: int) -> None:
    """A minute shows a crystal's drift to a few ppm, and no line makes it a worse one."""
    for ppm in (-150, 0, 40, 200):
        line = Line(5_000, ppm, seed, 2.0)
        line.run(62)
        assert abs(line.clock.skew_ppm - ppm) < 25
        line = Line(5_000, ppm, seed, 16.0)
        line.run(20)
        assert abs(line.clock.skew_ppm) <= CRYSTAL_PPM


def test_before_a_heartbeat_is_answered_only_the_past_is_certain() -> None:
    """A report alone came after it was made: deadlines count from it, nothing else is claimed."""
    clock = NodeClock()
    assert clock.at_least(1.0) == 0
    assert clock.host_s(5_000) is None
    clock.report(0, 0, 5_000, 10.0)
    assert not clock.is_synchronised
    assert (clock.ticks(10.0), clock.at_least(10.0)) == (5_000, 5_000)
    assert clock.at_least(10.5) in (5_499, 5_500)
    assert math.isinf(clock.error_ms(10.0))
    assert clock.host_s(5_000) is None
    assert clock.ignored == 0


def test_a_tick_of_the_node_has_its_time_here(seed: int) -> None:
    """Conversions carry ticks; their time is known as well as the clock is, across the wrap."""
    line = Line(TICKS - 20_000, 120, seed, 3.0)
    for _ in range(200):
        line.beat()
        asked_s = line.now_s - 0.4
        host_s = line.clock.host_s(line.ticks(asked_s))
        assert host_s is not None
        assert abs(host_s - asked_s) * 1000 <= line.clock.error_ms(line.now_s) + 1


def test_lies_are_ignored_and_counted(seed: int) -> None:
    """A beat that was never sent, ticks that run backwards, a beat heard before it was sent."""
    line = Line(50_000, 30, seed, 1.0)
    line.run(5)
    before = line.clock.ticks(line.now_s)
    now = line.ticks(line.now_s)
    lies = [(40_000, now, now), (line._beat, now - 3, now - 4_000), (line._beat, now, now + 9_000)]
    for lie in lies:
        line.clock.report(*lie, line.now_s)
        assert abs(line.clock.ticks(line.now_s) - before) <= 1
        assert line.clock.at_least(line.now_s) <= now
        line.beat()
        before = line.clock.ticks(line.now_s)
        now = line.ticks(line.now_s)
    assert line.clock.ignored == 3
    assert line.error_ms() <= line.clock.error_ms(line.now_s) + 0.5


@pytest.mark.parametrize("step_ms", [-400_000, -250, 250, 400_000])
def test_a_clock_that_was_set_begins_anew(step_ms: int, seed: int) -> None:
    """One contradiction is a lie, five in a row are the truth; deadlines never run late."""
    line = Line(3_000_000, 0, seed, 1.0)
    line.run(10)
    line._start_ms += step_ms
    for _ in range(DOUBTS):
        line.beat()
        assert line.early_ms() >= -0.01
    line.run(5)
    assert line.clock.ignored == DOUBTS
    assert line.error_ms() <= line.clock.error_ms(line.now_s) + 0.5
    assert line.clock.error_ms(line.now_s) < 3


@given(
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF),
            st.integers(0, 2**32 - 1),
            st.integers(0, 2**32 - 1),
            st.floats(0, 2),
        ),
        max_size=300,
    )
)
def test_any_claims_leave_a_clock_that_answers(claims: list[tuple[int, int, int, float]]) -> None:
    """Whatever a node claims, ticks fit 30 bits and memory has an end."""
    clock = NodeClock()
    now_s = 0.0
    for number, (beat, beat_ms, node_ms, later_s) in enumerate(claims):
        now_s += later_s
        clock.sent(number & 0xFFFF, now_s)
        clock.report(beat % 80, beat_ms, node_ms, now_s)
        assert 0 <= clock.ticks(now_s) < TICKS
        assert 0 <= clock.at_least(now_s) < TICKS
        assert clock.error_ms(now_s) >= 0
        assert len(clock._exchanges) <= 62
        assert len(clock._sent) <= KEPT_BEATS


def test_beats_that_wrap_are_found_again(seed: int) -> None:
    """Heartbeats count to 65535 and go on at 0: that one counts like any other."""
    clock = NodeClock()
    clock.report(0, 0, 900, 0.9)
    for beat in (65_535, 0, 1):
        clock.sent(beat, 1.0 + beat / 1e6)
    clock.report(0, 1_000, 1_001, 1.002)
    assert clock.is_synchronised
    assert clock.ignored == 0
