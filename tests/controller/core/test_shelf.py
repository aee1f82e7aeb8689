"""The shelf: a bad, old or foreign catalogue changes nothing, and says why."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bodies import CatalogueBody
from contract.catalogue import Catalogue, example, load_plain, sign
from controller.core.shelf import Shelf, change_catalogue
from controller.core.states import State
from tests.contract.samples import signer
from tests.controller.core.story import Story

OPERATOR = signer("operator")
TODAY = "2026-11-27"


def signed(version: str, valid_from: str, **more: Any) -> bytes:
    """The example as another version that holds from another day."""
    value = json.loads(example().model_dump_json())
    value |= {"version": version, "valid_from": valid_from} | more
    return sign(load_plain(json.dumps(value).encode()), OPERATOR)


FIRST = signed("2026-11-a", "2026-11-01")
NEXT = signed("2026-12-a", "2026-12-01")


@pytest.fixture
def shelf() -> Shelf:
    """A shelf with November's catalogue on it."""
    shelf = Shelf(OPERATOR.public, "hangzhou", "hz-xihu-0001")
    (offer,) = shelf.offer([FIRST], TODAY)
    assert offer.taken
    return shelf


def version(found: Catalogue | None) -> str:
    """Which it is."""
    assert found is not None
    return found.version


def test_a_new_price_list_waits_for_its_day(shelf: Shelf) -> None:
    """It may come early; it holds from the day it names."""
    shelf.offer([NEXT], TODAY)
    assert version(shelf.in_force("2026-11-30")) == "2026-11-a"
    assert version(shelf.in_force("2026-12-01")) == "2026-12-a"


def test_of_two_with_one_day_the_higher_version_holds(shelf: Shelf) -> None:
    """A correction on the same day is a new version."""
    shelf.offer([signed("2026-11-b", "2026-11-01")], TODAY)
    assert version(shelf.in_force(TODAY)) == "2026-11-b"


def test_a_clock_that_is_set_back_brings_no_old_prices_back(shelf: Shelf) -> None:
    """And one that stands before all of them is not believed."""
    shelf.offer([NEXT], TODAY)
    assert version(shelf.in_force("2026-12-05")) == "2026-12-a"
    assert version(shelf.in_force("1970-01-01")) == "2026-12-a"
    empty = Shelf(OPERATOR.public, "hangzhou", "hz-xihu-0001")
    assert empty.in_force("1970-01-01") is None
    empty.offer([NEXT, FIRST], "1970-01-01")
    assert version(empty.in_force("1970-01-01")) == "2026-11-a"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"half a fi", "not-json", "not JSON"),
        (NEXT.replace(b'"points_per_kg":65', b'"points_per_kg":99'), "bad-signature", "fetch it"),
        (sign(example(), signer("somebody")), "unknown-key", "operator's public key"),
        (signed("2027-01-a", "2027-01-01", city="ningbo"), "another-city", "ningbo's"),
        (signed("2026-11-a", "2026-11-02"), "version-reused", "a new one a new version"),
        (signed("2026-10-z", "2026-10-31"), "older", "2026-11-a of 2026-11-01 holds already"),
    ],
)
def test_what_cannot_be_used_changes_nothing(
    shelf: Shelf, data: bytes, code: str, words: str
) -> None:
    """Refused with a code, counted once however long it lies there, recorded as it stands."""
    (offer,) = shelf.offer([data], TODAY)
    assert (offer.taken, offer.code) == (False, code)
    assert words in offer.reason
    assert shelf.offer([data, FIRST], TODAY) == []
    assert shelf.refused == {code: 1}
    assert version(shelf.in_force(TODAY)) == "2026-11-a"
    body = CatalogueBody.model_validate(offer.body)
    assert (body.accepted, body.reason.partition(":")[0]) == (False, code)


def test_a_signed_negative_price_is_refused_with_its_own_code(shelf: Shelf) -> None:
    """The operator's signature does not make it usable."""
    item = example().items[0]
    price = item.price.model_copy(update={"points_per_kg": -65})
    wrong = example().model_copy(
        update={"version": "x", "items": (item.model_copy(update={"price": price}),)}
    )
    (offer,) = shelf.offer([sign(wrong, OPERATOR)], TODAY)
    assert offer.code == "negative-price"


def test_what_will_be_needed_is_kept(shelf: Shelf) -> None:
    """What holds, and what will; what was before is the platform's to keep."""
    shelf.offer([NEXT], TODAY)
    assert set(shelf.needed(TODAY).values()) == {FIRST, NEXT}
    assert set(shelf.needed("2026-12-01").values()) == {NEXT}
    assert Shelf(OPERATOR.public, "hangzhou", "x").needed(TODAY) == {}


def test_the_district_of_the_kiosk_is_priced() -> None:
    """By the kiosk's own id, as the ledger does it."""
    glass = {
        "item_code": "glass-bottle",
        "price": {"points_per_kg": 12, "points_per_piece": None},
    }
    xihu = {"district": "xihu", "kiosks": ["hz-xihu-0001"], "items": [glass]}
    shelf = Shelf(OPERATOR.public, "hangzhou", "hz-xihu-0001")
    shelf.offer([signed("2026-11-b", "2026-11-01", districts=[xihu])], TODAY)
    found = shelf.in_force(TODAY)
    assert found is not None
    assert found.item("glass-bottle").price.points_per_kg == 12


@given(st.permutations([("a", 1), ("b", 1), ("c", 15), ("d", 27), ("e", 28)]), st.data())
def test_the_order_of_arrival_does_not_matter(
    files: list[tuple[str, int]], data: st.DataObject
) -> None:
    """However they come, together or apart, the same one holds in the end."""
    shelf = Shelf(OPERATOR.public, "hangzhou", "hz-xihu-0001")
    made = [signed(name, f"2026-11-{day:02d}") for name, day in files]
    cut = data.draw(st.integers(0, len(made)))
    for together in (made[:cut], made[cut:]):
        shelf.offer(together, TODAY)
    assert version(shelf.in_force(TODAY)) == "d"
    assert version(shelf.in_force("2026-11-28")) == "e"


def test_prices_change_between_two_residents_only() -> None:
    """Who has come gets the prices that they saw; the screen shows the new ones afterwards."""
    story = Story()
    later = example().model_copy(update={"version": "2026-12-a", "valid_from": "2026-12-01"})
    story.session.state = State.LOADING
    assert not change_catalogue(story.session, later)
    assert story.view.catalogue_version == "2026-11-a"
    story.session.state = State.IDLE
    assert change_catalogue(story.session, later)
    assert (story.view.catalogue_version, story.view.catalogue_from) == ("2026-12-a", "2026-12-01")
