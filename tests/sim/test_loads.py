"""What the simulator's people bring: of known masses, repeatable, and none of the catalogue's."""

from __future__ import annotations

from collections import Counter

from contract.catalogue import example
from sim.drawn import ITEM_CLASS
from sim.trials.loads import brought

LOADS = [brought(seed) for seed in range(3_000)]


def test_a_seed_brings_the_same_load_every_time() -> None:
    """Or no figure could be had twice."""
    assert [brought(seed) for seed in range(50)] == LOADS[:50]


def test_everything_that_is_brought_can_be_drawn_and_named() -> None:
    """Each kind has a drawing, each code a row, each barcode a container."""
    catalogue = example()
    for load in LOADS:
        assert set(load.kind.split("+")) <= set(ITEM_CLASS)
        assert load.code in {"", *(item.code for item in catalogue.items)}
        assert all(catalogue.container(ean) for ean in load.barcodes)
        assert load.mass_g > 0


def test_bottles_weigh_what_bottles_were_found_to_weigh() -> None:
    """10 to 40 g each, and never less for a full bag than for one bottle in it."""
    bottles = [load for load in LOADS if load.code == "pet-bottle"]
    assert {load.pieces for load in bottles} == {1, 2, 3, 4}
    for load in bottles:
        assert 9 <= load.mass_g / load.pieces <= 42


def test_water_is_heavier_than_any_bottle() -> None:
    """A good gulp at least."""
    filled = [load for load in LOADS if load.story == "water in a bottle"]
    assert filled and min(load.mass_g for load in filled) > 110


def test_most_people_tell_the_truth() -> None:
    """A few lie, more of them among those whose load must come back."""
    said = Counter((load.code == "", load.says == "what-it-is") for load in LOADS)
    own = said[False, False] / (said[False, True] + said[False, False])
    others = said[True, False] / (said[True, True] + said[True, False])
    assert 0.01 < own < 0.06 < others < 0.16
