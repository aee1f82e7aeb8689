"""The catalogue: signed by the operator, and every wrong row refused by name."""

import json
from collections.abc import Callable
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
    value["containers"] = list(value["containers"])
    change(value)
    return json.dumps(value).encode()


def test_the_example_covers_what_vision_can_name() -> None:
    """Every class but trash has an item, and trash has none: what has no name goes back."""
    catalogue = example()
    assert {label for item in catalogue.items for label in item.classes} == VISION_LABELS
    assert catalogue.candidates("trash") == ()
    assert [item.code for item in catalogue.candidates("metal")] == ["can", "steel-can"]
    assert catalogue.item("pet-bottle").price.points_per_piece == 4


def test_the_examples_pieces_weigh_what_their_loads_may() -> None:
    """One usual piece, and the most of them, are within the range of a load."""
    by_piece = [item for item in example().items if item.piece_g is not None]
    assert {item.code for item in by_piece} == {"pet-bottle", "can", "steel-can"}
    for item in by_piece:
        assert item.piece_g is not None
        assert item.mass_g.min <= item.piece_g.median
        assert item.piece_g.most * item.piece_g.median <= item.mass_g.max


def test_a_container_is_known_by_its_barcode() -> None:
    """What the barcode stands for, and nothing for a barcode that nobody entered."""
    container = example().container("2000000001012")
    assert container is not None
    assert (container.item_code, container.material) == ("pet-bottle", "plastic")
    assert (container.mass_g, container.volume_ml) == (21, 500)
    assert example().container("4006381333931") is None


def test_a_catalogue_needs_no_containers_pieces_or_frequencies() -> None:
    """One that was signed before they were thought of is as good as ever."""
    value = example().model_dump()
    del value["containers"]
    value["items"] = [
        {key: field for key, field in item.items() if key not in ("piece_g", "frequency")}
        for item in value["items"]
    ]
    old = load_plain(json.dumps(value).encode())
    assert old.containers == ()
    assert {item.frequency for item in old.items} == {100}


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
        (
            lambda c: c["items"][2]["price"].update(points_per_piece=10_001),
            "absurd-price",
            r"items\[2\].price.points_per_piece.*slip of the pen",
        ),
        (
            lambda c: c["items"][1].update(subsidy_fen_per_t=-1),
            "negative-subsidy",
            r"items\[1\].subsidy_fen_per_t",
        ),
        (
            lambda c: c["items"][1].update(subsidy_fen_per_t=500_001),
            "absurd-subsidy",
            "more than 500000 fen a tonne",
        ),
        (
            lambda c: c["items"][0].update(carbon_g_per_kg=-1150),
            "negative-carbon",
            r"items\[0\].carbon_g_per_kg",
        ),
        (
            lambda c: c["items"][2].update(carbon_g_per_kg=100_600),
            "absurd-carbon",
            r"items\[2\].carbon_g_per_kg.*30000 g CO2e a kg",
        ),
        (lambda c: c["items"][1].update(code="pet-bottle"), "duplicate-item", r"items\[1\].code"),
        (lambda c: c.update(valid_from="2026-02-30"), "bad-date", "valid_from"),
        (lambda c: c.update(valid_from="1 Nov"), "schema", "valid_from"),
        (lambda c: c["items"][0]["mass_g"].update(min=171), "mass-range", r"items\[0\].mass_g"),
        (lambda c: c["items"][0]["names"].pop("en"), "missing-field", r"items\[0\].names.en"),
        (lambda c: c["items"][0].update(colour="blue"), "unknown-field", r"items\[0\].colour"),
        (lambda c: c["items"][0].update(carbon_g_per_kg=1.15), "schema", "carbon_g_per_kg"),
        (lambda c: c["items"][0].update(classes=[]), "schema", r"items\[0\].classes"),
        (lambda c: c.update(items=[]), "schema", "items"),
        (lambda c: c.update(currency="EUR"), "schema", "currency"),
        (lambda c: c["items"][0].update(code="PET bottle"), "schema", r"items\[0\].code"),
        (lambda c: c["items"][0].update(frequency=0), "schema", r"items\[0\].frequency"),
        (
            lambda c: c["items"][0]["piece_g"].update(heavy=22),
            "piece-mass",
            r"items\[0\].piece_g.*above median",
        ),
        (
            lambda c: c["containers"][1].update(ean="2000000001020"),
            "bad-ean",
            r"containers\[1\].ean.*check digit",
        ),
        (lambda c: c["containers"][1].update(ean="012345"), "schema", r"containers\[1\].ean"),
        (
            lambda c: c["containers"][1].update(ean="2000000001012"),
            "duplicate-container",
            r"containers\[1\]: ean 2000000001012",
        ),
        (
            lambda c: c["containers"][0].update(item_code="fridge"),
            "container-item",
            r"containers\[0\]: there is no item 'fridge'",
        ),
        (
            lambda c: c["containers"][0].update(material="glass"),
            "container-material",
            r"containers\[0\]: pet-bottle is not of class 'glass'",
        ),
        (lambda c: c["containers"][0].update(mass_g=0), "schema", r"containers\[0\].mass_g"),
        (
            lambda c: c["containers"][0].update(volume_ml=-1),
            "schema",
            r"containers\[0\].volume_ml",
        ),
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


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
def test_whatever_stands_in_a_field_is_a_catalogue_or_a_named_mistake(data: st.DataObject) -> None:
    """One place of the example, at any depth, replaced by anything that JSON can say."""
    value = json.loads(example().model_dump_json())
    place: Any = value
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(ANYTHING)
    try:
        found = load_plain(json.dumps(value).encode())
    except CatalogueError:
        return
    assert load_signed(sign(found, OPERATOR), OPERATOR.public) == found


def test_an_item_that_is_not_there_is_named() -> None:
    """As in an old kiosk that still knows it."""
    with pytest.raises(CatalogueError, match="has no item 'fridge'"):
        example().item("fridge")
