"""The catalogue: signed by the operator, and every wrong row refused by name."""

import json
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.canonical import canonical
from contract.catalogue import example, load_plain, load_signed, sign
from contract.errors import CatalogueError
from tests.contract.samples import signer

OPERATOR = signer("operator")
VISION_LABELS = {"cardboard", "glass", "metal", "paper", "plastic", "textile"}


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The example with a change."""
    value = example().model_dump()
    value["items"] = list(value["items"])
    change(value)
    return json.dumps(value).encode()


def test_the_example_covers_what_vision_can_name() -> None:
    """Every class but trash has an item, and trash has none: what has no name goes back."""
    catalogue = example()
    assert {label for item in catalogue.items for label in item.classes} == VISION_LABELS
    assert catalogue.candidates("trash") == ()
    assert [item.code for item in catalogue.candidates("metal")] == ["can", "steel-can"]
    assert catalogue.item("pet-bottle").price.points_per_piece == 4


def test_the_examples_items_of_one_class_seldom_weigh_the_same() -> None:
    """Where two ranges overlap the kiosk must ask; at most 20 g of each pair do."""
    for first, second in combinations(example().items, 2):
        if set(first.classes) & set(second.classes):
            low = max(first.mass_g.min, second.mass_g.min)
            assert min(first.mass_g.max, second.mass_g.max) - low <= 20


def test_a_signed_catalogue_is_read_back() -> None:
    """Even where somebody laid it out anew: the content is signed, not the spaces."""
    data = sign(example(), OPERATOR)
    assert load_signed(data, OPERATOR.public) == example()
    pretty = json.dumps(json.loads(data), indent=2).encode()
    assert load_signed(pretty, OPERATOR.public) == example()


def test_prices_cannot_be_changed_under_the_signature() -> None:
    """A cent more for bottles needs the operator."""
    value = json.loads(sign(example(), OPERATOR))
    value["catalogue"]["items"][0]["price"]["points_per_piece"] = 5
    with pytest.raises(CatalogueError) as error:
        load_signed(canonical(value), OPERATOR.public)
    assert error.value.code == "bad-signature"
    with pytest.raises(CatalogueError) as error:
        load_signed(sign(example(), signer("somebody")), OPERATOR.public)
    assert error.value.code == "unknown-key"


def test_a_signed_catalogue_that_is_wrong_is_refused_all_the_same() -> None:
    """The operator's signature does not make a row usable."""
    wrong = example().model_copy(update={"valid_from": "2026-11-31"})
    with pytest.raises(CatalogueError, match="valid_from") as error:
        load_signed(sign(wrong, OPERATOR), OPERATOR.public)
    assert error.value.code == "bad-date"


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (
            lambda c: c["items"][2]["price"].update(points_per_kg=-1),
            "negative-price",
            r"items\[2\].price.points_per_kg",
        ),
        (lambda c: c["items"][1].update(code="pet-bottle"), "duplicate-item", r"items\[1\].code"),
        (lambda c: c.update(valid_from="2026-02-30"), "bad-date", "valid_from"),
        (lambda c: c.update(valid_from="1 Nov"), "schema", "valid_from"),
        (lambda c: c["items"][0]["mass_g"].update(min=61), "mass-range", r"items\[0\].mass_g"),
        (lambda c: c["items"][0]["names"].pop("en"), "missing-field", r"items\[0\].names.en"),
        (lambda c: c["items"][0].update(colour="blue"), "unknown-field", r"items\[0\].colour"),
        (lambda c: c["items"][0].update(carbon_g_per_kg=1.15), "schema", "carbon_g_per_kg"),
        (lambda c: c["items"][0].update(classes=[]), "schema", r"items\[0\].classes"),
        (lambda c: c.update(items=[]), "schema", "items"),
        (lambda c: c.update(currency="EUR"), "schema", "currency"),
        (lambda c: c["items"][0].update(code="PET bottle"), "schema", r"items\[0\].code"),
    ],
)
def test_a_wrong_row_is_named(
    change: Callable[[dict[str, Any]], object], code: str, where: str
) -> None:
    """Each mistake has its code, and the message says in which row and field it is."""
    with pytest.raises(CatalogueError, match=where) as error:
        load_plain(changed(change))
    assert error.value.code == code


@given(st.binary(max_size=200))
def test_noise_is_no_catalogue(noise: bytes) -> None:
    """Nothing but a `CatalogueError` ever comes out."""
    for read in (load_plain, lambda data: load_signed(data, OPERATOR.public)):
        with pytest.raises(CatalogueError):
            read(noise)


def test_an_item_that_is_not_there_is_named() -> None:
    """As in an old kiosk that still knows it."""
    with pytest.raises(CatalogueError, match="has no item 'fridge'"):
        example().item("fridge")
