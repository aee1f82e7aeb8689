"""The verdict's bench: what counts as right, how people answer, and what it is held against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.verdict import BINS, PAN, Judged, answered, is_right, judged, side_by_side, trial
from bench.verdict_peer import Thresholds
from contract.catalogue import example
from controller.core.config import VerdictConfig
from controller.core.sight import Sight
from controller.core.verdict import Accept, Ask, Judge, Return
from sim.chance import rng
from sim.drawn import ITEM_CLASS, empty_chamber
from sim.trials.loads import Brought

CATALOGUE = example()
JUDGE = Judge(CATALOGUE, BINS, PAN.min_g, VerdictConfig())
BOTTLE = Brought("bottle", "pet-bottle", "pet-bottle", 22.0)
WATER = Brought("water in a bottle", "pet-bottle", "", 400.0)


def perfect(label: str) -> Sight:
    """Eyes that know; what is none of ours is `other`."""
    name = "other" if label == "unknown" else label
    shares = (
        (name, 0.998),
        *((one, 0.0004) for one in ("paper", "plastic", "metal") if one != name),
    )
    return Sight(name, 0.998, shares, name == "other", 4.0 if name == "other" else 0.1)


POOL = {kind: [perfect(label)] for kind, label in ITEM_CLASS.items()}


def accept(code: str, mass_g: int) -> Accept:
    """That item, accepted."""
    return JUDGE.accept(CATALOGUE.item(code), mass_g)


@pytest.mark.parametrize(
    ("load", "code", "mass_g", "right"),
    [
        (BOTTLE, "pet-bottle", 22, True),
        (BOTTLE, "plastic-mixed", 22, False),
        (WATER, "plastic-mixed", 400, False),
        (Brought("carton", "carton", "cardboard", 300.0), "newspaper", 300, True),
        (Brought("steel can", "steel-can", "steel-can", 56.0), "can", 56, True),
        (Brought("steel can", "steel-can", "steel-can", 28.0), "can", 28, False),
        (Brought("bag", "can", "can", 28.0, pieces=2), "can", 28, True),
        (Brought("can", "can", "can", 28.0, pieces=1), "can", 28, False),
    ],
)
def test_right_is_the_item_or_one_of_its_bin_and_price(
    load: Brought, code: str, mass_g: int, right: bool
) -> None:
    """And never a piece too many, nor anything in it that is none of ours."""
    assert is_right(load, accept(code, mass_g), CATALOGUE, mass_g) is right


def test_a_return_is_right_for_what_must_come_back_alone() -> None:
    """Giving all back is no way to a good figure."""
    assert is_right(WATER, Return("returned-mass"), CATALOGUE, 400)
    assert not is_right(BOTTLE, Return("returned-mass"), CATALOGUE, 22)


def test_people_answer_truly_or_for_their_own_good() -> None:
    """The truth, the best price, or the first answer that is offered."""
    question = Ask((CATALOGUE.item("plastic-mixed"), CATALOGUE.item("pet-bottle")))
    assert answered(replace(BOTTLE, mass_g=90.0), question, CATALOGUE, 90) == "pet-bottle"
    assert answered(WATER, question, CATALOGUE, 400) == ""
    pays = replace(WATER, says="what-pays")
    assert answered(pays, question, CATALOGUE, 400) == "pet-bottle"
    passes = replace(WATER, says="what-passes")
    assert answered(passes, question, CATALOGUE, 400) == "plastic-mixed"


def test_one_load_goes_from_the_pan_to_what_came_of_it() -> None:
    """An honest bottle is credited, the same with water in it comes back after a question."""
    assert judged(BOTTLE, POOL, 1, JUDGE) == Judged(BOTTLE, True, True, False)
    assert judged(WATER, POOL, 1, JUDGE) == Judged(WATER, False, True, True)


def test_the_bare_thresholds_take_water_for_plastic() -> None:
    """The peer is the rule that the kiosk had: a class that is believed, and a range of mass."""
    peer = Thresholds(BINS, PAN.min_g)
    assert judged(BOTTLE, POOL, 1, peer).right
    assert judged(WATER, POOL, 1, peer) == Judged(WATER, True, False, False)


def test_with_perfect_eyes_mass_and_question_leave_little_to_go_wrong() -> None:
    """99 of 100 right, and the rule before that never reaches it."""
    ours, peer = trial(POOL, 800, JUDGE), trial(POOL, 800, Thresholds(BINS, PAN.min_g))
    assert sum(one.right for one in ours) >= 0.99 * len(ours)
    assert sum(one.right for one in peer) < 0.97 * len(peer)
    wrong = [one for one in ours if one.accepted and not one.right]
    assert len(wrong) <= 0.005 * len(ours)


def test_a_mixed_bag_is_half_of_each_picture() -> None:
    """The left half of one and the right half of the other."""
    one, other = empty_chamber(rng(1, "one")), empty_chamber(rng(2, "other"))
    both = side_by_side(one, other)
    assert both.shape == one.shape
    assert (both[:, :320] == one[:, :320]).all()
    assert (both[:, 320:] == other[:, 320:]).all()
