"""The gate: what is doubtful or strange is unknown, and never the other way round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.openset import Gate, energy_of

GATE = Gate(doubt_weight=2.0, usual=3.0, strange=11.0, threshold=1.4)
WITH_ENERGY = Gate(2.0, 3.0, 11.0, 1.4, energy_weight=1.0, energy_usual=-8.0, energy_strange=-2.0)
shares = st.floats(0, 1)
distances = st.floats(-50, 200)


@given(shares, shares, distances)
def test_less_doubt_never_makes_a_thing_less_known(one: float, other: float, far: float) -> None:
    """The score falls as probability rises."""
    low, high = sorted((one, other))
    assert GATE.score(high, far) <= GATE.score(low, far)


@given(shares, distances, distances)
def test_a_stranger_thing_is_never_better_known(share: float, one: float, other: float) -> None:
    """The score does not fall as strangeness rises."""
    near, far = sorted((one, other))
    assert GATE.score(share, near) <= GATE.score(share, far)


@given(distances)
def test_a_usual_look_does_not_make_up_for_any_doubt(far: float) -> None:
    """Something between all classes is unknown however usual its features are."""
    assert GATE.is_unknown(GATE.score(0.02, far))


@given(shares)
def test_certainty_does_not_make_up_for_any_strangeness(share: float) -> None:
    """A net is sure of many things that it has never seen."""
    assert GATE.is_unknown(GATE.score(share, 15.0))


def test_the_threshold_is_one() -> None:
    """What is just as doubtful and strange as the threshold says still passes."""
    assert GATE.score(1.0, 3.0) == 0.0
    assert GATE.score(0.8, 11.0) == pytest.approx(1.0)
    assert not GATE.is_unknown(1.0)
    assert GATE.is_unknown(1.0001)


@given(shares, distances, distances, distances)
def test_more_energy_never_makes_a_thing_better_known(
    share: float, far: float, one: float, other: float
) -> None:
    """Scores that are worth little before they become shares speak against a thing."""
    low, high = sorted((one, other))
    assert WITH_ENERGY.score(share, far, low) <= WITH_ENERGY.score(share, far, high)


@given(shares, distances, distances)
def test_a_gate_without_weight_for_energy_does_not_look_at_it(
    share: float, far: float, energy: float
) -> None:
    """A card from before there was energy means what it meant."""
    assert GATE.score(share, far, energy) == GATE.score(share, far)


def test_energy_is_high_where_no_known_class_scores() -> None:
    """One strong class or many weak ones lower it; softmax alone cannot tell 10:9 from 1:0."""
    logits = np.array([[10.0, 9.0], [1.0, 0.0], [-4.0, -5.0]])
    energy = energy_of(logits, 1.0)
    assert energy.tolist() == sorted(energy)
    assert energy[0] == pytest.approx(-np.log(np.exp(10) + np.exp(9)))
