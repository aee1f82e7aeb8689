"""From grams to points: integers, to the nearest, a half down."""

from decimal import ROUND_HALF_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalogue import Item, example
from contract.points import Priced, nearest, price

CATALOGUE = example()


@pytest.mark.parametrize(
    ("code", "mass_g", "pieces", "expected"),
    [
        ("pet-bottle", 24, 1, Priced(4, 28, "piece")),
        ("pet-bottle", 39, 2, Priced(8, 45, "piece")),
        ("pet-bottle", 40, 2, Priced(3, 46, "mass")),
        ("newspaper", 39, 1, Priced(0, 117, "none")),
        ("newspaper", 1250, 1, Priced(75, 3737, "mass")),
        ("textile", 600, 1, Priced(12, 2160, "mass")),
    ],
)
def test_mass_from_min_on_and_pieces_below(
    code: str, mass_g: int, pieces: int, expected: Priced
) -> None:
    """Below Min no mass is priced: by the piece where there is such a price, else nothing."""
    assert price(CATALOGUE.item(code), mass_g, pieces) == expected


def test_min_is_the_scales_own() -> None:
    """Another pan, another Min."""
    assert price(CATALOGUE.item("newspaper"), 60, 1, min_g=100).priced_by == "none"


def test_an_item_without_a_mass_price_goes_by_the_piece_at_any_mass() -> None:
    """A returnable crate is worth the same however heavy."""
    row = CATALOGUE.item("can").model_dump()
    row["price"] = {"points_per_kg": None, "points_per_piece": 30}
    assert price(Item.model_validate(row), 900, 2).points == 60


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_rounding_is_to_the_nearest_a_half_down(numerator: int, denominator: int) -> None:
    """As decimal arithmetic has it."""
    exact = Decimal(numerator) / Decimal(denominator)
    assert nearest(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_DOWN))


@given(st.integers(0, 15_000))
def test_more_is_never_worth_less_above_min(mass_g: int) -> None:
    """Adding to a load that is priced by mass never costs the resident anything."""
    item = CATALOGUE.item("cardboard")
    assert price(item, mass_g + 1, 1).points >= price(item, mass_g, 1).points
