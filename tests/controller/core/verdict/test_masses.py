"""Densities of mass: they are densities, and they say what the catalogue says."""

from __future__ import annotations

import pytest

from contract.catalogue import example
from controller.core.verdict.masses import MOST_G, Masses

CATALOGUE = example()


def total(density: object, most_g: int = MOST_G) -> float:
    """The sum of a density over all whole grams."""
    return sum(density(Masses(mass_g, 1.0)) for mass_g in range(1, most_g + 1))  # type: ignore[operator]


@pytest.mark.parametrize("code", [item.code for item in CATALOGUE.items])
def test_each_items_density_sums_to_one(code: str) -> None:
    """But for what the operator's range cuts off: a density that sums to less loses every case."""
    item = CATALOGUE.item(code)
    assert total(lambda masses: masses.item(item)) == pytest.approx(1, abs=0.08)


def test_anything_sums_to_one_from_wherever_it_begins() -> None:
    """From one gram, and from what an item weighs at least."""
    for least_g in (1, 8, 100):
        sums = total(lambda masses, least_g=least_g: masses.anything(least_g))
        assert sums == pytest.approx(1, abs=0.03)


def test_a_known_container_weighs_what_its_barcode_says() -> None:
    """Far more probable at its own mass than a bottle whose make nobody knows."""
    bottle, container = CATALOGUE.item("pet-bottle"), CATALOGUE.container("2000000001029")
    assert container is not None
    at_37_g, at_20_g = Masses(37, 1.0), Masses(20, 1.0)
    assert at_37_g.container(bottle, container) > 3 * at_37_g.item(bottle)
    assert at_20_g.container(bottle, container) < at_20_g.item(bottle)


def test_water_fills_a_container_to_its_brim_and_no_further() -> None:
    """Half a litre in a bottle of half a litre."""
    container = CATALOGUE.container("2000000001012")
    assert container is not None
    filled = [Masses(mass_g, 1.0).filled(container) > 0 for mass_g in (21, 22, 521, 522)]
    assert filled == [False, True, True, False]


def test_each_further_piece_is_rarer_and_weighs_as_much_again() -> None:
    """Most probable are one can at 14 g, two at 28 g, three at 42 g."""
    can = CATALOGUE.item("can").piece_g
    assert can is not None
    likeliest = []
    for mass_g in (14, 28, 42):
        shares = Masses(mass_g, 1.0).by_pieces(can)
        likeliest.append(shares.index(max(shares)) + 1)
    assert likeliest == [1, 2, 3]
