"""The simulator's bench: it tells where a session's seconds go, and whom it leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from bench import sim as bench_sim
from bench.sim import MOST_MICROPYTHON_S, MOST_S, same_trace, speed
from sim.days.stopwatch import Stopwatch
from sim.hosts import find_micropython
from sim.seeing import shipped_classifier


def test_who_is_left_out_is_told_with_the_states(capsys: pytest.CaptureFixture[str]) -> None:
    """Each state's median and p95, and why the others are not in the figure."""
    watch = Stopwatch()
    watch.stages_s = [{"OPENING": 2.0, "CLOSING": 4.0}, {"OPENING": 2.5, "CLOSING": 5.0}]
    watch.left_out.update(asked=2, returned=1)
    bench_sim.tell(watch)
    said = " ".join(capsys.readouterr().err.split())
    assert "timed 2 sessions; left out: 2 asked, 1 returned" in said
    assert "OPENING median 2.25 s" in said
    assert "CLOSING median 4.50 s" in said


@pytest.mark.campaign
@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_kiosk_days_whole_on_both_hosts(tell: Any) -> None:
    """300 loads from midnight to midnight: nothing lost or doubled, and how long it takes."""
    eyes = shipped_classifier()
    rows = [
        speed("cpython", MOST_S, eyes, 1.0),
        speed("micropython", MOST_MICROPYTHON_S, eyes, 1.0),
    ]
    tell(**{row.name: round(row.value) for row in rows})
    assert [row.name for row in rows if row.value < 100] == [], "a day takes a quarter of an hour"


@pytest.mark.campaign
@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_kiosk_days_a_hundred_seeds_have_one_trace_each(seed: int, tell: Any) -> None:
    """A visit on CPython, on MicroPython, and again: the same bytes."""
    eyes = shipped_classifier()
    seeds = range(seed % 2**31, seed % 2**31 + 100)
    differ = [one for one in seeds if not same_trace(one, eyes)]
    tell(seeds=len(seeds), differ=differ)
    assert differ == []
