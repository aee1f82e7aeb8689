"""The judge: eyes, mass, barcode and streams, weighed by what each mistake would cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalogue import PieceMass, example
from contract.container import Container
from controller.core.config import VerdictConfig
from controller.core.sight import Sight
from controller.core.verdict import MAX_CHOICES, Accept, Ask, Judge, Return
from tests.controller.core.verdict.seen import (
    BINS,
    BOTTLE_EAN,
    CAN_EAN,
    JUDGE,
    OTHER_BOTTLE_EAN,
    seen,
)

BOTTLE = {"plastic": 0.97, "glass": 0.02, "other": 0.01}
CLASSES = ("cardboard", "glass", "metal", "other", "paper", "plastic", "textile")

sights = st.builds(
    lambda shares, score, barcodes: seen(
        *barcodes,
        score=score,
        **{name: one / sum(shares) for name, one in zip(CLASSES, shares, strict=True)},
    ),
    st.lists(st.floats(0.001, 1), min_size=7, max_size=7),
    st.floats(0, 10),
    st.lists(st.sampled_from([BOTTLE_EAN, CAN_EAN, "4006381333931"]), max_size=3),
)
"""Whatever the eyes may say."""


def test_a_clear_bottle_is_accepted_into_the_plastic_bin() -> None:
    """Sure eyes and a fitting mass need no question."""
    verdict = JUDGE.judge(seen(**BOTTLE), 24)
    assert isinstance(verdict, Accept)
    assert (verdict.item.code, verdict.bin_index, verdict.pieces) == ("pet-bottle", 1, 1)
    assert verdict.priced.priced_by == "piece"


def test_mass_decides_between_two_classes_that_look_alike() -> None:
    """What looks more like glass than like plastic and weighs 24 g is no glass bottle."""
    looks = seen(glass=0.9, plastic=0.1)
    verdict = JUDGE.judge(looks, 24)
    assert isinstance(verdict, Accept)
    assert verdict.item.code == "pet-bottle"
    assert JUDGE.judge(looks, 450) == Return("returned-not-here")


def test_two_likely_items_are_asked_about() -> None:
    """Bottles in a bag, or some other plastic: the mass fits both, the price does not."""
    verdict = JUDGE.judge(seen(**BOTTLE), 110)
    assert isinstance(verdict, Ask)
    assert {item.code for item in verdict.items} == {"pet-bottle", "plastic-mixed"}


def test_paper_or_cardboard_is_no_question() -> None:
    """Both fall into one bin at one price, so nobody is bothered."""
    verdict = JUDGE.judge(seen(cardboard=0.5, paper=0.495, other=0.005), 300)
    assert isinstance(verdict, Accept)
    assert verdict.item.stream == "paper"


def test_where_the_price_differs_the_same_bin_is_no_answer() -> None:
    """Below Min a can of aluminium is worth twice one of steel; above it the same."""
    metal = seen(metal=0.995, other=0.005)
    assert isinstance(JUDGE.judge(metal, 24), Ask)
    assert isinstance(JUDGE.judge(metal, 56), Accept)


@pytest.mark.parametrize("mass_g", [250, 420, 900])
def test_a_bottle_with_water_in_it_is_not_credited_as_one(mass_g: int) -> None:
    """Nobody brings so many bottles at once; who says that it is one gets it back."""
    verdict = JUDGE.judge(seen(**BOTTLE), mass_g)
    assert not isinstance(verdict, Accept)
    offered = verdict.items if isinstance(verdict, Ask) else ()
    assert "pet-bottle" not in {item.code for item in offered}


def test_a_known_bottle_with_water_in_it_comes_back_and_is_told_why() -> None:
    """Its barcode says what it weighs empty."""
    heavy = JUDGE.judge(seen(BOTTLE_EAN, **BOTTLE), 330)
    assert heavy == Return("returned-too-heavy-for-kind")


def test_stones_in_a_bag_of_cans_come_back() -> None:
    """Two kilograms are more cans than a chamber holds."""
    verdict = JUDGE.judge(seen(metal=0.97, other=0.03), 2000)
    assert verdict == Return("returned-too-heavy-for-kind")


def test_what_is_lighter_than_its_kind_comes_back() -> None:
    """A glass bottle of 24 g is none, whatever the eyes say."""
    judge = replace(JUDGE, bins={"glass": 0})
    assert judge.judge(seen(glass=0.99, other=0.01), 24) == Return("returned-mass")


def test_a_strange_thing_comes_back() -> None:
    """However much it weighs like a bottle."""
    assert JUDGE.judge(seen(score=4.0, plastic=0.9, other=0.1), 24) == Return("returned-unknown")


def test_a_known_barcode_makes_up_for_poor_eyes() -> None:
    """Half crushed it is strange to the eyes; barcode and mass agree that it is a bottle."""
    strange = seen(score=2.0, plastic=0.6, other=0.4)
    assert not isinstance(JUDGE.judge(strange, 22), Accept)
    verdict = JUDGE.judge(replace(strange, barcodes=(BOTTLE_EAN,)), 22)
    assert isinstance(verdict, Accept)
    assert verdict.item.code == "pet-bottle"


@given(sights, st.integers(1, 8_000))
def test_an_unknown_barcode_says_nothing(sight: Sight, mass_g: int) -> None:
    """It is on half of what people eat and drink."""
    plain = replace(sight, barcodes=())
    assert JUDGE.judge(replace(plain, barcodes=("4006381333931",)), mass_g) == JUDGE.judge(
        plain, mass_g
    )


@pytest.mark.parametrize("mass_g", [22, 60, 350, 2000])
@pytest.mark.parametrize("looks", [{"metal": 0.97}, {"other": 0.97}, {"glass": 0.97}])
def test_a_label_on_something_else_is_never_taken_silently(
    looks: dict[str, float], mass_g: int
) -> None:
    """A bottle's label round a stone: asked about at best."""
    verdict = JUDGE.judge(seen(BOTTLE_EAN, plastic=0.03, **looks), mass_g)
    assert isinstance(verdict, Ask | Return)
    if isinstance(verdict, Return):
        assert verdict.reason == "returned-barcode"


def test_barcodes_of_two_items_are_a_mixed_load() -> None:
    """One load is one item code."""
    assert JUDGE.judge(seen(BOTTLE_EAN, CAN_EAN, **BOTTLE), 36) == Return("returned-mixed")


def test_two_makes_of_one_item_are_asked_about() -> None:
    """A bag of two bottles, or one label too many."""
    verdict = JUDGE.judge(seen(BOTTLE_EAN, OTHER_BOTTLE_EAN, **BOTTLE), 58)
    assert isinstance(verdict, Ask)


def test_a_full_bin_gives_its_stream_back_and_leaves_the_others() -> None:
    """The reason is the bin's, not the load's."""
    full = replace(JUDGE, full=frozenset({"plastic"}))
    assert full.judge(seen(**BOTTLE), 24) == Return("returned-full")
    assert isinstance(full.judge(seen(metal=0.995, other=0.005), 14), Accept)


def test_what_another_bay_takes_is_said_to_be_wrong_here() -> None:
    """Glass has no bin in this bay."""
    assert JUDGE.judge(seen(glass=0.97, other=0.03), 300) == Return("returned-not-here")


@pytest.mark.parametrize("problem", ["dark", "overexposed", "blurred"])
def test_a_bad_picture_is_no_ground_for_a_verdict(problem: str) -> None:
    """A covered lens returns the load, however sure the net is."""
    sight = replace(seen(**BOTTLE), problems=(problem,))
    assert JUDGE.judge(sight, 24) == Return("returned-dark")


@pytest.mark.parametrize(
    ("looks", "mass_g", "pieces"), [("metal", 14, 1), ("metal", 28, 2), ("plastic", 30, 1)]
)
def test_below_min_as_many_pieces_count_as_the_mass_vouches_for(
    looks: str, mass_g: int, pieces: int
) -> None:
    """Two cans weigh 28 g and one never does; one large bottle weighs as much as two small."""
    item = example().item("can" if looks == "metal" else "pet-bottle")
    accepted = JUDGE.accept(item, mass_g)
    assert accepted.pieces == pieces
    assert accepted.priced.points == 4 * pieces


@given(sights, st.integers(1, 15_000))
def test_every_verdict_can_be_carried_out(sight: Sight, mass_g: int) -> None:
    """What is accepted fits its row and has a bin; a question has one to four answers."""
    verdict = JUDGE.judge(sight, mass_g)
    if isinstance(verdict, Accept):
        assert verdict.item.mass_g.min <= mass_g <= verdict.item.mass_g.max
        assert verdict.bin_index == BINS[verdict.item.stream]
    elif isinstance(verdict, Ask):
        assert 1 <= len(set(verdict.items)) == len(verdict.items) <= MAX_CHOICES
        assert all(item.stream in BINS for item in verdict.items)
    else:
        assert verdict.reason.startswith("returned-")


@given(sights, st.integers(1, 8_000))
def test_a_dearer_mistake_never_makes_the_judge_bolder(sight: Sight, mass_g: int) -> None:
    """What is not accepted silently stays so where a wrong deposit costs ten times as much."""
    strict = replace(JUDGE, config=VerdictConfig(wrongly_accepted_fen=4_000))
    if not isinstance(JUDGE.judge(sight, mass_g), Accept):
        assert not isinstance(strict.judge(sight, mass_g), Accept)


def test_a_catalogue_without_any_new_fact_is_judged_all_the_same() -> None:
    """No pieces, no containers, no frequencies: ranges and eyes remain."""
    items = tuple(item.model_copy(update={"piece_g": None}) for item in example().items)
    plain = example().model_copy(update={"items": items, "containers": ()})
    judge = Judge(plain, BINS, 40, VerdictConfig())
    verdict = judge.judge(seen(paper=0.995, other=0.005), 900)
    assert isinstance(verdict, Accept)
    assert verdict.item.code == "newspaper"


def test_what_the_eyes_call_unknown_is_never_taken_silently() -> None:
    """However sure its classes are; a known barcode of what it looks like says what it is."""
    strange = seen(score=1.5, plastic=0.99, other=0.01)
    assert not isinstance(JUDGE.judge(strange, 22), Accept)
    known = seen(BOTTLE_EAN, score=1.5, plastic=0.99, other=0.01)
    assert isinstance(JUDGE.judge(known, 22), Accept)


@pytest.mark.parametrize("score", [10.0, 300.0, 1e9])
def test_a_score_without_end_is_judged_like_any_strange_one(score: float) -> None:
    """The gate's score has no upper end."""
    assert isinstance(JUDGE.judge(seen(score=score, plastic=0.5, other=0.5), 22), Return)


def test_a_barcode_on_something_unseen_is_no_proof() -> None:
    """Eyes that name no class at all contradict every container."""
    blind = Sight("", 0.0, unknown=True, unknown_score=2.0, barcodes=(BOTTLE_EAN,))
    assert not isinstance(JUDGE.judge(blind, 22), Accept)


def test_heavier_than_the_usual_pan_is_no_proof_of_anything() -> None:
    """A pan with a higher Max must not make the only row that reaches there certain."""
    rows = [
        item.model_copy(update={"mass_g": item.mass_g.model_copy(update={"max": 40_000})})
        if item.code == "newspaper"
        else item
        for item in example().items
    ]
    judge = replace(JUDGE, catalogue=example().model_copy(update={"items": tuple(rows)}))
    looks = seen(score=5, other=0.99, paper=0.01)
    assert isinstance(judge.judge(looks, 14_990), Return)
    assert isinstance(judge.judge(looks, 15_050), Return)


def test_a_container_s_row_keeps_its_range() -> None:
    """The barcode vouches for what it is, and the row for what such a load may weigh."""
    glass = {"glass": 2} | BINS
    item = example().item("glass-bottle")
    container = Container(
        ean="2000000001050", item_code=item.code, material="glass", mass_g=item.mass_g.min,
        volume_ml=500,
    )  # fmt: skip
    catalogue = example().model_copy(update={"containers": (container,)})
    judge = replace(JUDGE, catalogue=catalogue, bins=glass)
    looks = seen(container.ean, glass=0.98, plastic=0.02)
    assert isinstance(judge.judge(looks, item.mass_g.min), Accept)
    assert not isinstance(judge.judge(looks, item.mass_g.min - 10), Accept)
    assert isinstance(judge.judge(looks, 2 * item.mass_g.min), Accept)


def test_two_makes_of_one_kind_are_not_blamed_for_their_barcodes() -> None:
    """A bag of bottles that goes back, goes back for what it weighs."""
    verdict = JUDGE.judge(seen(BOTTLE_EAN, OTHER_BOTTLE_EAN, **BOTTLE), 7_000)
    assert isinstance(verdict, Return)
    assert verdict.reason != "returned-barcode"


def test_a_mass_that_no_number_of_pieces_explains_counts_one() -> None:
    """Densities that vanish are no evidence for many pieces."""
    alike = PieceMass(median=10, heavy=11, most=12)
    can = JUDGE.catalogue.item("can").model_copy(update={"piece_g": alike})
    assert JUDGE.accept(can, 8_000).pieces == 1
    assert JUDGE.accept(can, 20).pieces == 2
