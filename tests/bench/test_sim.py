"""The simulator's bench: it tells where a session's seconds go, and whom it leaves out."""

from __future__ import annotations

import functools
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bench import sim as bench_sim
from bench import sim_month
from bench.sim import MOST_MICROPYTHON_S, MOST_S, same_trace, speed
from sim.days.availability import Availability
from sim.days.day import mean_things
from sim.days.lived import Lived, lived
from sim.days.month import DAYS, USES, month
from sim.days.picture import month_page, together
from sim.days.stopwatch import Stopwatch
from sim.hosts import find_micropython
from sim.seeing import shipped_classifier
from sim.trials.many import one_by_one

if TYPE_CHECKING:
    from pathlib import Path

    from controller.adapters.onnx_classifier import OnnxClassifier


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


def test_what_a_kiosk_is_down_for_is_told_the_most_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each cause with its seconds of a day and its share."""
    sim_month.tell(Availability(1_000, {"outage": 1.0, "emptying": 5.0}))
    first, second = capsys.readouterr().err.splitlines()
    assert first.split() == ["emptying", "5.0", "s", "a", "day,", "0.500", "%"]
    assert second.split()[0] == "outage"


@pytest.mark.campaign
@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_kiosk_days_whole_on_both_hosts(tell: Any) -> None:
    """300 loads from midnight to midnight: `speed` raises where anything is lost or doubled."""
    eyes = shipped_classifier()
    rows = [
        speed("cpython", MOST_S, eyes, 1.0),
        speed("micropython", MOST_MICROPYTHON_S, eyes, 1.0),
    ]
    tell(**{row.name: round(row.value) for row in rows})
    assert all(row.value > row.peer_value for row in rows), "a day takes longer than a day"


@pytest.mark.campaign
@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_kiosk_days_a_hundred_seeds_have_one_trace_each(seed: int, tell: Any) -> None:
    """A visit on CPython, on MicroPython, and again: the same bytes."""
    eyes = shipped_classifier()
    seeds = range(seed % 2**31, seed % 2**31 + 100)
    differ = [one for one in seeds if not same_trace(one, eyes)]
    tell(seeds=len(seeds), differ=differ)
    assert differ == []


@pytest.mark.campaign
def test_kiosk_month_day_by_day(seed: int, tell: Any, tmp_path: Path) -> None:
    """Thirty days with weather, wear, trucks, troubles and the technician: nothing lost.

    Each day is told as it ends. `KIOSK_MONTH_DAYS` runs fewer days, `KIOSK_MONTH_FROM` begins with
    a later one, `KIOSK_MONTH_LOADS` has so many brought a day.
    """
    first = int(os.environ.get("KIOSK_MONTH_FROM", "0"))
    days = range(first, first + int(os.environ.get("KIOSK_MONTH_DAYS", DAYS - first)))
    loads = float(os.environ.get("KIOSK_MONTH_LOADS", USES * mean_things()))
    drawn = month(seed, loads / mean_things())
    told: list[Lived] = []
    for one in one_by_one(partial(_a_day_of_it, seed, drawn.uses), days, chunk=1):
        told.append(one)
        _tell_day(one)
    whole, page = together(told), tmp_path / "month.html"
    page.write_text(month_page(drawn, told), encoding="utf-8")
    tell(
        days=len(days),
        deposits=sum(one.outcome.deposits for one in told),
        befell=[(one.trouble, round(one.at_s / 86_400, 1)) for one in drawn.befalls],
        available_percent=round(100 * whole.share, 3),
        down_s={cause: round(for_s) for cause, for_s in whole.down_s.items()},
        page=page,
    )
    assert {one.day: one.outcome.failures for one in told if not one.outcome.passed} == {}
    assert whole.share >= sim_month.MINISTER_PERCENT / 100


def _tell_day(one: Lived) -> None:
    """A month takes hours: who stops it early keeps the days that were run."""
    failures = "; ".join(one.outcome.failures) or "passed"
    share = 100 * one.availability.share
    deposits = one.outcome.deposits
    sys.stdout.write(f"\nday {one.day}: {deposits} deposits, {share:.3f} % available, {failures}")
    sys.stdout.flush()


def _a_day_of_it(seed: int, uses: float, day: int) -> Lived:
    return lived(month(seed, uses), day, _eyes())


@functools.cache
def _eyes() -> OnnxClassifier:
    """A process loads them once."""
    return shipped_classifier()
