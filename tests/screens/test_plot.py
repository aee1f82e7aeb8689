"""A plot shows the last two minutes and keeps no more than that."""

from __future__ import annotations

import re
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from controller.screens.service.plot import HIGH, POINTS, SPAN_S, WIDE, Plot


def drawn(plot: Plot, now_s: float) -> list[tuple[float, float]]:
    """The points of the line as they are drawn."""
    (line,) = re.findall(r'points="([^"]*)"', plot.svg(now_s, "Mass"))
    return [(float(x), float(y)) for x, y in (one.split(",") for one in line.split())]


def test_a_page_that_is_open_for_a_day_keeps_two_minutes() -> None:
    """Four figures a second, and the memory that they take does not grow."""
    plot = Plot("mass", "g", 10)
    for number in range(4 * 86_400):
        plot.take(number / 4, float(number % 100))
    assert len(plot.points) <= POINTS
    assert plot.points[-1][0] - plot.points[0][0] <= SPAN_S


def test_the_axis_of_what_is_never_negative_begins_at_nothing() -> None:
    """An empty bin is at the bottom of its plot, not in the middle of one from -5 %."""
    level = Plot("bin-number", "%", 10, floor=0.0)
    level.take(0, 0.0)
    assert level.span == (0.0, 10.0)
    level.take(1, 60.0)
    assert level.span == (0.0, 60.0)


def test_noise_alone_fills_no_plot() -> None:
    """The axis spans what is worth seeing at least; a load is then seen for what it is."""
    plot = Plot("mass", "g", 10)
    for number in range(40):
        plot.take(float(number), 0.1 * (number % 2))
    heights = [y for _, y in drawn(plot, 40)]
    assert max(heights) - min(heights) < 0.05 * HIGH
    plot.take(40, 1_000)
    heights = [y for _, y in drawn(plot, 40)]
    assert max(heights) - min(heights) > 0.8 * HIGH
    assert "1000 g" in plot.svg(40, "Mass")


def test_nothing_known_is_no_zero() -> None:
    """A silent node gives no figure, and no point."""
    plot = Plot("motor", "mA", 100)
    plot.take(1, None)
    assert drawn(plot, 1) == []
    assert "–" in plot.svg(1, "Motor")


def test_a_plot_costs_by_its_points() -> None:
    """It is drawn four times a second on the loop that keeps the nodes' leases alive."""

    def drawing_s(points: int) -> float:
        plot = Plot("mass", "g", 10)
        for number in range(points):
            plot.take(number / 4, float(number % 100))
        costs = []
        for _ in range(5):
            began_s = process_time()
            plot.svg(points / 4, "Mass")
            costs.append(process_time() - began_s)
        return min(costs)

    assert drawing_s(POINTS) < 3 * (POINTS / 60) * drawing_s(60)


@given(
    st.lists(
        st.tuples(st.floats(0, 200), st.none() | st.floats(-1e6, 1e6)), min_size=1, max_size=50
    )
)
def test_every_point_lies_inside(rows: list[tuple[float, float | None]]) -> None:
    """Whatever is measured."""
    plot = Plot("mass", "g", 10)
    for at_s, figure in sorted(rows, key=lambda row: row[0]):
        plot.take(at_s, figure)
    now_s = max(at_s for at_s, _ in rows)
    assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in drawn(plot, now_s))
