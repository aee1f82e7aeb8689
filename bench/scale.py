"""The pan's scale in simulation: how near the physical limit, how often wrong, how dear.

Landings are drawn over the whole range of the machine (`sim.trials.landing`), from Min to 8 kg.
Each is weighed by the kiosk's scale and, as peers, by the simple filters of `scale_filters`. One
clock counts for all, from the last contact, and one tolerance, class III in service at 99.7 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from bench import scale_month
from bench.row import Row
from bench.scale_filters import FILTERS, filtered
from bench.scale_share import upper_share
from sim.trials.landing import AFTER_US, landing
from sim.trials.many import many
from sim.trials.weighing import Weighed, course, judged

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 1_000_000
"""The first seed: the figures of the declaration rule were chosen on seeds far below."""

TRIALS = 10_000
PICTURED = 2_000
TIMED = 200
DPI = 150

MOST_P95, MOST_P997 = 2.5, 4.0
MOST_WRONG, MOST_NEVER = 0.1, 0.1
MOST_CPU_US, PERIOD_US = 100.0, 12_500.0

STREAM_S = AFTER_US / 1e6
"""What is not declared by the end of the stream counts as declared then: in a filter's favour."""

KIOSK = "the kiosk's scale"

Weighings = dict[str, list[Weighed]]
"""What came of every landing, by the name of the way of weighing."""

Figure = Callable[[list[Weighed]], float]


def measure() -> list[Row]:
    """Landings by the thousand, the processor's time, and thirty days on many cells."""
    return [*landings(), _cpu(), *scale_month.rows()]


def landings(trials: int = TRIALS) -> list[Row]:
    """Time to declared, wrong declarations and time to correct, each beside the filters'.

    Wrong is a mass that is beyond the limit before it is rounded (OIML R 76-1, 3.5.3.2): rounding
    moves it by half an e more, which is half the limit of a light load, whoever weighs.
    """
    weighings = weighed(trials)
    count = sum(one.wrong for one in weighings[KIOSK])
    sure = f"{count} of {trials}, 95 % sure below {100 * upper_share(count, trials):.3f} %"
    ratio = f"of {trials}, declared / Cramér-Rao time"
    return [
        *_beside_all(weighings, f"p95 {ratio}", "", _ratio_at(0.95), MOST_P95),
        *_beside_all(weighings, f"p99.7 {ratio}", "", _ratio_at(0.997), MOST_P997),
        *_beside_all(weighings, f"declared wrong, {sure}", "%", _wrong, MOST_WRONG),
        _beside_best(
            weighings, "wrong once rounded to e", "%", _indicated_wrong, 1.0, is_limit=False
        ),
        _beside_best(weighings, f"not declared in {STREAM_S:g} s", "%", _undeclared, MOST_NEVER),
        _beside_best(weighings, "time to correct, p95", "ms", _correct_ms, 1.0, is_limit=False),
    ]


def plot(folder: Path, trials: int = PICTURED) -> list[Path]:
    """Draw a handful of weighings, and `trials` ratios beside the filters'.

    Args:
        folder: Where to; it is made if need be.
        trials: How many landings the picture of the ratios rests on.

    Returns:
        The pictures' paths.
    """
    # Only here: who measures needs no matplotlib.
    from bench.scale_cases import pictures
    from bench.scale_plot import ratios_figure, weighing_figure

    figures = {f"weighing-{name}": weighing_figure(one) for name, one in pictures().items()}
    found = {name: ratios(one) for name, one in weighed(trials).items()}
    figures["ratios"] = ratios_figure(found, ((MOST_P95, 1 - 0.95), (MOST_P997, 1 - 0.997)))
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=DPI)
    return [folder / f"{name}.png" for name in figures]


def weighed(trials: int) -> Weighings:
    """So many landings, each weighed in every way."""
    trialed = many(compared, range(FIRST, FIRST + trials))
    return {way: [one[way] for one in trialed] for way in (KIOSK, *FILTERS)}


def compared(seed: int) -> dict[str, Weighed]:
    """One landing, weighed by the kiosk's scale and by each filter."""
    landed = landing(seed)
    courses = {KIOSK: course(landed, seed)} | filtered(landed)
    return {way: judged(landed, one) for way, one in courses.items()}


def ratios(weighings: list[Weighed]) -> NDArray[np.float64]:
    """Time to declared over Cramér-Rao time, shape (trials,)."""
    return np.array([min(one.declared_s, STREAM_S) / one.bound_s for one in weighings])


def _ratio_at(share: float) -> Figure:
    return lambda weighings: _quantile(ratios(weighings), share)


def _wrong(weighings: list[Weighed]) -> float:
    return 100 * fmean(one.wrong for one in weighings)


def _indicated_wrong(weighings: list[Weighed]) -> float:
    return 100 * fmean(one.indicated_wrong for one in weighings)


def _undeclared(weighings: list[Weighed]) -> float:
    return 100 * fmean(math.isinf(one.declared_s) for one in weighings)


def _correct_ms(weighings: list[Weighed]) -> float:
    """When the level itself is right for good, whatever is declared."""
    return 1000 * _quantile(np.array([min(one.correct_s, STREAM_S) for one in weighings]), 0.95)


def _quantile(values: NDArray[np.float64], share: float) -> float:
    return float(np.quantile(values, share, method="higher"))


def _beside_all(
    weighings: Weighings, name: str, unit: str, figure: Figure, most: float
) -> list[Row]:
    value = figure(weighings[KIOSK])
    return [
        Row(name, value, unit, way, figure(weighings[way]), most, at_least=False, is_limit=True)
        for way in FILTERS
    ]


def _beside_best(
    weighings: Weighings,
    name: str,
    unit: str,
    figure: Figure,
    most: float,
    *,
    is_limit: bool = True,
) -> Row:
    found = {way: figure(one) for way, one in weighings.items()}
    best = min(FILTERS, key=found.__getitem__)
    return Row(name, found[KIOSK], unit, best, found[best], most, at_least=False, is_limit=is_limit)


def _cpu() -> Row:
    """Measured with nothing beside it, over the same kind of landings."""
    cpu_us = fmean(course(landing(seed), seed).cpu_us for seed in range(TIMED))
    return Row(
        f"processor time a conversion, mean of {TIMED} weighings",
        cpu_us,
        "us",
        "time between two at 80/s",
        PERIOD_US,
        MOST_CPU_US,
        at_least=False,
        is_limit=True,
    )
