"""A kiosk's day on the simulator: how fast it runs, and how residents fare in it.

The whole controller, the journal on disk, the ledger, and the firmware on either host. Who comes
is drawn by `sim.days`. Speed is that of a tenth of a day, which is as busy as a whole one; a
campaign runs whole ones (`tests/bench/test_sim.py`). It is virtual time over real time, by the wall
clock of this machine. The wait is that of sessions with one load each, which the kiosk takes
without a question; how long each state takes, and whom the figure leaves out, is told on stderr.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from bench import sim_month
from bench.row import Row
from sim.days.day import LOADS, a_day, mean_things, single_visits
from sim.days.stopwatch import Stopwatch
from sim.hosts import find_micropython
from sim.run import Options, Outcome, run_scenario
from sim.scenario import DAY_S
from sim.seeing import shipped_classifier

if TYPE_CHECKING:
    from controller.adapters.onnx_classifier import OnnxClassifier

SEED = 1
PART = 0.1
USES = 25
"""What a kiosk of the field sees a day; the refusals are held against that."""

SESSIONS = 3
"""Seeds that are run on both hosts; a campaign runs a hundred."""

VISITS = 40
KINDS = ("pet-bottle", "newspaper", "carton", "can")
"""What the plain kiosk has bins for."""

ADVERTISED_S = 60.0
"""Operators advertise "under one minute"."""

MOST_S, MOST_MICROPYTHON_S = 60.0, 180.0
"""In so much time a whole day is to run."""

MOST_WAIT_S = 20.0
MOST_FULL_PERCENT = 1.0


def measure() -> list[Row]:
    """The day's wall time on each host, sameness, the wait, full bins, and availability."""
    eyes = shipped_classifier()
    rows = [speed("cpython", MOST_S, eyes, PART)]
    if find_micropython():
        rows.append(speed("micropython", MOST_MICROPYTHON_S, eyes, PART))
        rows.append(_same(range(1, SESSIONS + 1), eyes))
    return [*rows, _wait(eyes), _full(eyes), *sim_month.rows()]


def speed(node: str, most_s: float, eyes: OnnxClassifier, part: float) -> Row:
    """How many times as fast as real time the day, or a part of it, runs on a node host.

    Raises:
        RuntimeError: Something was lost or broke.
    """
    outcome = run_scenario(a_day(SEED, loads=LOADS * part, part=part), Options(node=node), eyes)
    _must_pass(outcome)
    of_it = f"{part:g} of a kiosk-day" if part < 1 else "kiosk-day"
    name = f"{of_it} of {LOADS} loads, {outcome.deposits} in it, {node} node"
    ratio = outcome.virtual_s / outcome.wall_s
    return Row(name, ratio, "x real time", "real time", 1.0, round(DAY_S / most_s))


def same_trace(seed: int, eyes: OnnxClassifier) -> bool:
    """Whether a visit is one trace on both hosts, and again."""
    visit = single_visits(seed, 1, KINDS)
    hosts = ("cpython", "micropython", "cpython")
    return len({run_scenario(visit, Options(node=one), eyes).trace_sha256 for one in hosts}) == 1


def _same(seeds: Sequence[int], eyes: OnnxClassifier) -> Row:
    share = 100.0 * sum(same_trace(seed, eyes) for seed in seeds) / len(seeds)
    return Row(f"same trace, {len(seeds)} seeds, 2 hosts", share, "%", "all", 100.0, 1.0)


def _wait(eyes: OnnxClassifier) -> Row:
    """From scan to points where nothing is asked or returned: one deposit a session."""
    watch = Stopwatch()
    outcome = run_scenario(single_visits(SEED, VISITS, KINDS), Options(), eyes, witness=watch)
    _must_pass(outcome)
    if outcome.faults:
        raise RuntimeError(f"the kiosk was not healthy: {', '.join(outcome.faults)}")
    tell(watch)
    p95_s = statistics.quantiles(watch.waits_s, n=20)[-1]
    name = "session, scan to points shown, healthy kiosk, p95 (virtual), one deposit"
    return Row(name, p95_s, "s", "advertised", ADVERTISED_S, MOST_WAIT_S, False, True)


def tell(watch: Stopwatch) -> None:
    """Where the seconds go, and who is not counted."""
    left_out = ", ".join(f"{count} {why}" for why, count in watch.left_out.most_common()) or "none"
    typer.echo(f"timed {len(watch.waits_s)} sessions; left out: {left_out}", err=True)
    states = list(dict.fromkeys(state for one in watch.stages_s for state in one))
    for state in states:
        spent_s = sorted(one.get(state, 0.0) for one in watch.stages_s)
        p95_s = statistics.quantiles(spent_s, n=20)[-1]
        typer.echo(
            f"  {state:12} median {statistics.median(spent_s):5.2f} s, p95 {p95_s:5.2f} s", err=True
        )


def _full(eyes: OnnxClassifier) -> Row:
    """Of a day's loads at the field's rate, how many come back because a bin is full."""
    watch = Stopwatch()
    day = a_day(SEED, loads=USES * mean_things(), part=PART)
    outcome = run_scenario(day, Options(), eyes, witness=watch)
    _must_pass(outcome)
    percent, goal = 100.0 * watch.full / max(outcome.deposits, 1), MOST_FULL_PERCENT
    name = f"refused for full, a day's {USES} uses within {PART:g} of it, one truck"
    return Row(name, percent, "%", "goal", goal, goal, False, True)


def _must_pass(outcome: Outcome) -> None:
    """A day on which something was lost or broke says nothing of speed."""
    if not outcome.passed:
        raise RuntimeError(f"{outcome.scenario} failed: {'; '.join(outcome.failures)}")
