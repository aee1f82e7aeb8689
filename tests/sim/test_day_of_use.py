"""A simulated day of use: what the controller keeps at its end is what it kept in the morning."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.days.day import a_day
from sim.run import Options, run_scenario
from sim.seeing import shipped_classifier
from sim.trace import Trace

if TYPE_CHECKING:
    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome

HOUR_S = 3600.0

FIRST_S = 8 * HOUR_S
"""By eight in the morning people have come for two hours."""

AT_REST_MB, MOST_GROWTH = 240.0, 0.05
"""What a kiosk's process holds with model and screens (`kiosk bench screen`), and how much more
of it a day may leave behind."""

OURS = ("controller", "contract", "vision", "wire")
HERE = Path(__file__).parents[2]


class Keeper:
    """Counts what code of the kiosk has allocated and not given back (`sim.run.Witness`)."""

    def __init__(self) -> None:
        self.morning_mb = self.evening_mb = 0.0

    def trace(self, file: Path | None) -> Trace:
        """An ordinary trace."""
        return Trace(file)

    def meets(self, parts: Parts) -> None:
        """Count from here on."""
        tracemalloc.start()

    def ticks(self, now_s: float) -> None:
        """Look once in the morning."""
        if not self.morning_mb and now_s >= FIRST_S:
            self.morning_mb = kept_mb()

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """Look in the evening, before anything is taken down."""
        self.evening_mb = kept_mb()
        tracemalloc.stop()


def kept_mb() -> float:
    """What the kiosk's packages hold now."""
    gc.collect()
    ours = [tracemalloc.Filter(True, str(HERE / name / "*")) for name in OURS]
    kept = tracemalloc.take_snapshot().filter_traces(ours)
    return sum(one.size for one in kept.statistics("filename")) / 1e6


@pytest.mark.campaign
def test_a_day_of_use_leaves_nothing_behind() -> None:
    """Three hundred loads, one truck, a full journal's worth of records."""
    keeper = Keeper()
    outcome = run_scenario(a_day(20261127), Options(), shipped_classifier(), witness=keeper)
    grown_mb = keeper.evening_mb - keeper.morning_mb
    print(  # noqa: T201  a campaign's result
        f"{outcome.deposits} deposits: {keeper.morning_mb:.1f} MB at eight, "
        f"{grown_mb:+.1f} MB at midnight"
    )
    assert outcome.passed, outcome.failures
    assert keeper.morning_mb > 0
    assert grown_mb <= MOST_GROWTH * AT_REST_MB
