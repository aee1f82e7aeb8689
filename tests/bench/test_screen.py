"""What the screen's bench makes of what was told and what was drawn."""

from __future__ import annotations

import pytest

from bench.screen import delays_ms


def test_a_position_that_another_overtook_counts_until_the_later_one_is_drawn() -> None:
    """The screen shows the latest, and what went before was never due."""
    told = [(0, 10.0), (5, 10.1), (9, 10.15), (100, 11.0)]
    shown = [[0, 10.03], [9, 10.2], [100, 11.05]]
    assert delays_ms(told, shown) == pytest.approx([30, 100, 50, 50])


def test_what_was_drawn_before_it_was_told_is_no_answer() -> None:
    """The hatch passes the same position both ways."""
    assert delays_ms([(50, 20.0)], [[50, 10.0], [50, 20.04]]) == pytest.approx([40])
    assert delays_ms([(50, 20.0)], [[50, 10.0]]) == []
