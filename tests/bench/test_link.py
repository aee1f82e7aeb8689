"""The link's bench measures what it says, and would say so if it were missed."""

from __future__ import annotations

import pytest

from bench import link_codec
from bench.link_bay import timings
from bench.link_seals import undetected
from bench.row import Row


def test_commands_take_line_and_scan_and_no_more(seed: int) -> None:
    """Bytes take their time, a scan takes its own, and nothing waits for anything else."""
    timed = timings(seed, lights=40, unlocks=1, stops=1)
    for took_ms in (timed.light, timed.unlock):
        assert min(took_ms) > 2.5
        assert max(took_ms) <= 25
    assert len(timed.light) == len(timed.clock_error) == 40
    assert 2 < timed.least_rtt < 20
    assert max(timed.clock_error) <= timed.least_rtt / 2 + 1.5


def test_a_failing_line_is_timed_to_the_leaf_at_rest(seed: int) -> None:
    """Not to the command that stops it: a leaf has momentum."""
    (stopped_ms,) = timings(seed, lights=1, unlocks=0, stops=1).stop
    assert 100 < stopped_ms < 1_000


def test_eight_bits_let_pass_what_crc32_does_not(seed: int) -> None:
    """About one in twenty of these bends, as many as are made for one byte's checksum."""
    by_crc, by_xor = undetected(seed, 5_000)
    assert by_crc == 0
    assert 50 < by_xor < 1_000


def test_the_codec_is_quicker_than_the_line() -> None:
    """By far, on any machine that runs tests."""
    assert link_codec.frames_per_s() > 2_000
    assert len(link_codec.report_frame()) <= 64


@pytest.mark.parametrize(("value", "is_met"), [(14.9, True), (15.1, False)])
def test_a_limit_is_of_the_value_and_a_goal_of_the_ratio(value: float, is_met: bool) -> None:
    """15 ms against a peer's 100 ms: the ratio is shown, the limit counts."""
    row = Row("effect", value, "ms", "peer", 100.0, 15.0, at_least=False, is_limit=True)
    assert row.met is is_met
    assert row.as_dict()["ratio"] == pytest.approx(value / 100, abs=0.001)
    assert Row("effect", value, "ms", "peer", 100.0, 15.0, at_least=False).met
