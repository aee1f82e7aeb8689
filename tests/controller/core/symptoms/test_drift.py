"""A level that wanders is told while it does, and is over soon once it stands."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from controller.core.symptoms.table import Symptom
from tests.controller.core.symptoms.made_signals import converted, times
from tests.controller.core.symptoms.watched import (
    SEEDS,
    SLOWEST_HZ,
    assert_found,
    assert_gone,
    at_rest,
    later,
    shown,
    watch,
)

if TYPE_CHECKING:
    from tests.controller.core.symptoms.made_signals import Course, Stream

LOADED_S, STOPPED_S = 45.0, 65.0


def loaded(at: Course, g_per_s: float, every_s: float) -> Course:
    """Poured (`every_s` 0), or laid on piece by piece, for 20 s from `LOADED_S` on."""
    since_s = np.clip(at - LOADED_S, 0, STOPPED_S - LOADED_S)
    return g_per_s * (np.floor(since_s / every_s) * every_s if every_s else since_s)


def drifting(stream: Stream) -> list[tuple[float, bool]]:
    """Each time at which the pan begins or ceases to drift, and which of the two."""
    symptoms = watch()
    seen = [(0.0, False)]
    for at_s, raw in stream:
        symptoms.feed(at_s, raw)
        seen.append((at_s, Symptom.DRIFTING in symptoms.found))
    return [(at_s, on) for (_, before), (at_s, on) in pairwise(seen) if on is not before]


@pytest.mark.parametrize(
    ("hz", "g_per_s", "within_s"),
    [(SLOWEST_HZ, 2.0, 15), (1.0, 2.0, 16), (SLOWEST_HZ, 0.05, 75), (1.0, 0.05, 75), (1.0, -2, 16)],
)
def test_a_level_that_runs_away_drifts(hz: float, g_per_s: float, within_s: float) -> None:
    """2 g/s shows within 16 s and is over after 15; 3 g a minute within 75 s, over after 70."""
    for seed in SEEDS:
        at = times(100, hz)
        fault = converted(at, 700 + g_per_s * at, np.random.default_rng(seed))
        symptoms = assert_found(fault, Symptom.DRIFTING, within_s, seed)
        mass_g = 700 + 100 * g_per_s
        again = later(at_rest(90, seed, mass_g=mass_g, hz=hz), 110.5)
        assert_gone(symptoms, again, 15 if abs(g_per_s) > 1 else 70, from_s=110.5)


def test_creep_that_keeps_class_iii_is_no_drift() -> None:
    """0.5 e after 5.9 kg, all of it with a time constant of 30 s: the quickest that is allowed."""
    for seed in SEEDS:
        at = times(120, SLOWEST_HZ)
        crept = 5_900 + 1.0 * (1 - np.exp(-at / 30))
        assert shown(watch(), converted(at, crept, np.random.default_rng(seed))) == {}


@pytest.mark.parametrize("hz", [SLOWEST_HZ, 1.0])
def test_a_single_small_step_is_no_drift(hz: float) -> None:
    """Something of 3 g falls onto the pan at any moment: the level goes one way, but once."""
    for when_s in range(20, 60, 2):
        at = times(120, hz)
        force_g = np.where(at > when_s, 703.0, 700.0)
        assert shown(watch(), converted(at, force_g, np.random.default_rng(when_s))) == {}


@pytest.mark.parametrize(
    ("g_per_s", "every_s"),
    [
        (0.6, 0),
        (1.5, 0),
        (2.0, 0),
        (2.5, 0),
        (3.0, 0),
        (2.5, 1.2),
        (1.0, 3.0),
        (0.6, 5.0),
    ],
)
def test_who_loads_slowly_is_waited_for_and_not_for_long(g_per_s: float, every_s: float) -> None:
    """Something poured, or leaflets of 3 g one by one: 15 s after the last all is well."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        at = times(140, SLOWEST_HZ)
        stream = converted(at, loaded(at, g_per_s, every_s), rng)
        changes = drifting(stream)
        assert all(LOADED_S < at_s < STOPPED_S + 15 for at_s, _ in changes), f"seed {seed}"
        assert not changes or not changes[-1][1]


def test_loading_slowly_is_known_for_a_drift_while_it_lasts() -> None:
    """Or the test above would pass on nothing: 2 g/s for 20 s is no level to declare."""
    at = times(140, SLOWEST_HZ)
    (begins, ends) = drifting(converted(at, loaded(at, 2.0, 0), np.random.default_rng(0)))
    assert begins[0] < LOADED_S + 15
    assert STOPPED_S < ends[0] < STOPPED_S + 15


@pytest.mark.parametrize("hz", [SLOWEST_HZ, 1.0])
@pytest.mark.parametrize("g_per_s", [0.05, 0.1, 0.3, 2.0])
def test_a_drift_is_told_for_as_long_as_it_goes_on(hz: float, g_per_s: float) -> None:
    """Five minutes of it, fast or slow: told within 75 s, and never taken back."""
    for seed in range(3):
        at = times(300, hz)
        changes = drifting(converted(at, 700 + g_per_s * at, np.random.default_rng(seed)))
        ((told_s, on),) = changes
        assert on
        assert told_s <= 75


def test_a_drift_that_is_found_outlasts_unrest() -> None:
    """Somebody touches the pan and goes: it drifts until twelve seconds have stood still."""
    at = times(60, SLOWEST_HZ)
    symptoms = assert_found(
        converted(at, 700 + 2.0 * at, np.random.default_rng(0)), Symptom.DRIFTING, 16.0
    )
    touched = at_rest(14, 1, mass_g=1_400)
    assert set(shown(symptoms, later(touched[: 11 * 72], 70.5))) == {Symptom.DRIFTING}
    assert symptoms.found == (Symptom.DRIFTING,)
    assert_gone(symptoms, later(touched[11 * 72 :], 70.5), 15, from_s=70.5)
