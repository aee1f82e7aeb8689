"""The part that fails in a simulated bay is named, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.health import EACH, FIRST, precision, recall
from controller.core.health.parts import Part
from sim.trials.failing import FAILURES, diagnosed
from sim.trials.many import many

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "failure", ["nothing", "limit_open stuck_off", "motor_current dead", "cell desync"]
)
def test_what_fails_is_named(failure: str) -> None:
    """One of each kind: well, told by where, by what happens later, and by the signal."""
    found = diagnosed(4, failure)
    assert found.right, found
    assert found.wrong == 0, found


def test_a_switch_that_falls_silent_during_a_drop_is_told_from_leaves_that_hang() -> None:
    """Either way they were open a moment ago; the pan feels whether they strike home."""
    assert diagnosed(FIRST + 20, "gate_closed stuck_off").named == (Part.GATE_SWITCH,)


def test_a_seed_alone_has_its_turn() -> None:
    """So that thousands can be run without naming each."""
    assert diagnosed(len(FAILURES)).failure == next(iter(FAILURES))


@pytest.mark.campaign
def test_every_failure(tell: Callable[..., None]) -> None:
    """All of them, on seeds that no rule was made with."""
    first = FIRST + EACH * len(FAILURES)
    found = many(diagnosed, range(first, first + 10 * len(FAILURES)))
    tell(recall=recall(found), precision=precision(found))
    assert recall(found) >= 0.95
    assert precision(found) >= 0.95
