"""What differs from district to district, and when kiosks are open."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from contract.catalogue import Catalogue, example, load_plain, load_signed, sign
from contract.errors import CatalogueError
from contract.hours import Hours, day_of, is_open
from contract.points import price
from tests.contract.samples import signer

XIHU = {
    "district": "xihu",
    "kiosks": ["hz-xihu-0001", "hz-xihu-0002"],
    "items": [
        {
            "item_code": "glass-bottle",
            "price": {"points_per_kg": 12, "points_per_piece": None},
            "subsidy_fen_per_t": 20_000,
        },
        {"item_code": "plastic-mixed", "subsidy_fen_per_t": 30_000},
    ],
}
EARLY = {"days": [1, 2, 3, 4, 5], "opens": "06:30", "closes": "21:00"}
WEEKEND = {"days": [6, 7], "opens": "08:00", "closes": "24:00"}


def with_districts(change: Callable[[dict[str, Any]], object] = lambda _: None) -> bytes:
    """The example with one district in it, changed."""
    value = json.loads(example().model_dump_json(exclude_unset=True))
    value["districts"] = [json.loads(json.dumps(XIHU))]
    value["hours"] = [dict(EARLY), dict(WEEKEND)]
    change(value)
    return json.dumps(value).encode()


@pytest.fixture
def city() -> Catalogue:
    """A catalogue with a district of its own prices."""
    return load_plain(with_districts())


def test_a_district_has_its_own_price_and_subsidy(city: Catalogue) -> None:
    """And what it says nothing of is as in the city; a kiosk in no district has the city's."""
    here, elsewhere = city.for_kiosk("hz-xihu-0001"), city.for_kiosk("hz-yuhang-0001")
    assert price(here.item("glass-bottle"), 1000, 1).points == 12
    assert price(elsewhere.item("glass-bottle"), 1000, 1).points == 5
    assert here.item("plastic-mixed").price == city.item("plastic-mixed").price
    assert here.item("newspaper") == city.item("newspaper")
    assert here.version == city.version
    assert all(city.item(one.code, "hz-xihu-0001") == one for one in here.items)
    assert all(city.item(one.code, "hz-yuhang-0001") == one for one in city.items)


def test_the_operators_subsidy_is_by_the_tonne(city: Catalogue) -> None:
    """In fen; nothing where the city pays none."""
    here = city.for_kiosk("hz-xihu-0002")
    assert here.item("plastic-mixed").subsidy_fen_per_t == 30_000
    assert here.item("glass-bottle").subsidy_fen_per_t == 20_000
    assert city.item("glass-bottle").subsidy_fen_per_t == 0


def test_a_signed_one_is_read_back_and_its_district_is_signed_with_it(city: Catalogue) -> None:
    """Which kiosk is where cannot be changed under the signature."""
    operator = signer("operator")
    assert load_signed(sign(city, operator), operator.public) == city
    moved = sign(city, operator).replace(b"hz-xihu-0002", b"hz-xihu-0003")
    with pytest.raises(CatalogueError, match="not signed like this"):
        load_signed(moved, operator.public)


def test_older_software_reads_what_does_without_the_new_fields() -> None:
    """What was left out is not signed as a default that an older reader would not know."""
    written = json.loads(sign(load_plain(with_districts(lambda c: c.pop("hours"))), signer("o")))
    assert "hours" not in written["catalogue"]
    assert "subsidy_fen_per_t" not in written["catalogue"]["items"][0]


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda c: c["districts"].append(XIHU), "duplicate-district", r"districts\[1\]: xihu"),
        (
            lambda c: c["districts"].append(XIHU | {"district": "yuhang"}),
            "duplicate-kiosk",
            r"districts\[1\]: kiosk hz-xihu-0001",
        ),
        (
            lambda c: c["districts"][0]["items"][0].update(item_code="fridge"),
            "district-item",
            r"districts\[0\]: there is no item 'fridge'",
        ),
        (
            lambda c: c["districts"][0]["items"][1].update(item_code="glass-bottle"),
            "duplicate-item",
            r"districts\[0\]: glass-bottle",
        ),
        (
            lambda c: c["districts"][0]["items"][0]["price"].update(points_per_kg=-12),
            "negative-price",
            r"districts\[0\].items\[0\].price.points_per_kg",
        ),
        (
            lambda c: c["districts"][0]["items"][1].update(subsidy_fen_per_t=-1),
            "negative-subsidy",
            r"districts\[0\].items\[1\].subsidy_fen_per_t",
        ),
        (lambda c: c["districts"][0].update(kiosks=[]), "schema", r"districts\[0\].kiosks"),
        (lambda c: c["hours"][0].update(closes="06:30"), "hours-order", r"hours\[0\]"),
        (lambda c: c["hours"][0].update(days=[1, 1]), "hours-days", r"hours\[0\]"),
        (lambda c: c["hours"][1].update(days=[0]), "schema", r"hours\[1\].days\[0\]"),
        (lambda c: c["hours"][1].update(closes="25:00"), "schema", r"hours\[1\].closes"),
        (lambda c: c.update(rules=["Keep dry!"]), "schema", r"rules\[0\]"),
    ],
)
def test_a_wrong_row_is_named(
    change: Callable[[dict[str, Any]], object], code: str, where: str
) -> None:
    """Each mistake has its code, and the message says where it is."""
    with pytest.raises(CatalogueError, match=where) as error:
        load_plain(with_districts(change))
    assert error.value.code == code


def at(text: str) -> int:
    """Unix seconds of a time with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-27T06:29:59+08:00", False),  # a Friday
        ("2026-11-27T06:30:00+08:00", True),
        ("2026-11-26T23:00:00Z", True),  # seven in the morning in Hangzhou
        ("2026-11-27T21:00:00+08:00", False),
        ("2026-11-28T07:00:00+08:00", False),  # a Saturday
        ("2026-11-28T23:59:59+08:00", True),
    ],
)
def test_a_kiosk_is_open_in_its_hours(city: Catalogue, moment: str, expected: bool) -> None:
    """In China's time; the minute of closing is closed."""
    assert is_open(city.hours, at(moment)) is expected
    assert is_open((), at(moment))


def test_a_districts_hours_replace_the_citys() -> None:
    """Where it has any."""
    late = {"days": [5], "opens": "21:00", "closes": "23:00"}
    city = load_plain(with_districts(lambda c: c["districts"][0].update(hours=[late])))
    assert city.for_kiosk("hz-xihu-0001").hours == (Hours.model_validate(late),)
    assert city.for_kiosk("hz-yuhang-0001").hours == city.hours


def test_the_day_changes_at_midnight_in_hangzhou() -> None:
    """A price list of 1 December holds from its first minute there, not from London's."""
    assert day_of(at("2026-11-30T15:59:59Z")) == "2026-11-30"
    assert day_of(at("2026-11-30T16:00:00Z")) == "2026-12-01"
