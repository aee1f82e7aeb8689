"""The judge: what the eyes say, against the mass, the catalogue and the bay's streams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalogue import example
from controller.core.config import VerdictConfig
from controller.core.sight import Sight
from controller.core.verdict import Accept, Ask, Judge, Return

JUDGE = Judge(example(), {"paper": 0, "plastic": 1, "metal": 2}, 40, VerdictConfig())


def seen(**classes: float) -> Sight:
    """A sight with these class probabilities."""
    ranked = tuple(sorted(classes.items(), key=lambda one: -one[1]))
    return Sight(ranked[0][0], ranked[0][1], ranked)


def test_a_clear_bottle_is_accepted_into_the_plastic_bin() -> None:
    """Sure eyes and a fitting mass need no question."""
    verdict = JUDGE.judge(seen(plastic=0.97, glass=0.03), 24)
    assert isinstance(verdict, Accept)
    assert (verdict.item.code, verdict.bin_index) == ("pet-bottle", 1)
    assert verdict.priced.priced_by == "piece"


def test_two_likely_classes_are_asked_about() -> None:
    """Neither is believed, both are offered."""
    verdict = JUDGE.judge(seen(metal=0.5, plastic=0.45, glass=0.05), 24)
    assert isinstance(verdict, Ask)
    assert {"pet-bottle", "can"} <= {item.code for item in verdict.items}


@given(st.floats(0, 0.39), st.integers(1, 8000))
def test_a_weak_guess_is_never_accepted(probability: float, mass_g: int) -> None:
    """Below the asking threshold everything goes back, whatever it weighs."""
    sight = Sight("plastic", probability, (("plastic", probability),))
    assert JUDGE.judge(sight, mass_g) == Return("returned-unknown")


@given(st.sampled_from(["plastic", "metal", "paper", "glass"]), st.integers(1, 15_000))
def test_what_is_accepted_fits_its_row_of_the_catalogue(label: str, mass_g: int) -> None:
    """No accepted load is heavier than its item can be, or in a stream that has no bin."""
    verdict = JUDGE.judge(Sight(label, 0.99, ((label, 0.99),)), mass_g)
    if isinstance(verdict, Accept):
        assert mass_g <= verdict.item.mass_g.max
        assert verdict.item.stream in JUDGE.bins


@pytest.mark.parametrize("problem", ["dark", "overexposed", "blurred"])
def test_a_bad_picture_is_no_ground_for_a_verdict(problem: str) -> None:
    """A covered lens returns the load, however sure the net is."""
    sight = Sight("plastic", 0.99, (("plastic", 0.99),), problems=(problem,))
    assert JUDGE.judge(sight, 24) == Return("returned-dark")
