"""What a draft changes, row by row: what the second pair of eyes reads before it signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure or word that differs.

    `item` is an item code, empty where the whole list is meant; `district` empty in the city.
    `field` is `valid_from`, `price.points_per_kg`, `price.points_per_piece`, `subsidy_fen_per_t`,
    `low_value`, `names.zh`, `names.en`, or the name of anything else that is not as it was.
    `before` and `after` are None where nothing stands there: no price, or as in the city.
    """

    item: str
    district: str
    field: str
    before: int | str | None
    after: int | str | None


def differences(before: Catalogue, after: Catalogue) -> list[Difference]:
    """All that differs but the version: the list's own, the items', then the districts'.

    Every field is compared, so that no draft changes what its reader is not shown.
    """
    return [
        *_rest(before, after),
        *_items(before, after),
        *_districts(before, after),
    ]


def districts_of(found: list[Difference]) -> set[str]:
    """Where a draft changes something; empty is the city. A list's first day is nobody's."""
    return {one.district for one in found if one.field != "valid_from"}


def _rest(before: Catalogue, after: Catalogue) -> Iterator[Difference]:
    aside = {"version", "items", "districts"}
    yield from _fields("", "", _plain(before, aside), _plain(after, aside))


def _items(before: Catalogue, after: Catalogue) -> Iterator[Difference]:
    old = {one.code: _plain(one) for one in before.items}
    new = {one.code: _plain(one) for one in after.items}
    for code in old | new:
        yield from _fields(code, "", old.get(code, {}), new.get(code, {}))


def _districts(before: Catalogue, after: Catalogue) -> Iterator[Difference]:
    old = {one.district: one for one in before.districts}
    new = {one.district: one for one in after.districts}
    for name in old | new:
        was, will = old.get(name), new.get(name)
        aside = {"items"}
        yield from _fields("", name, _plain(was, aside), _plain(will, aside))
        rows = {one.item_code: _plain(one) for one in (was.items if was else ())}
        later = {one.item_code: _plain(one) for one in (will.items if will else ())}
        for code in rows | later:
            yield from _fields(code, name, rows.get(code, {}), later.get(code, {}))


def _fields(
    item: str, district: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[Difference]:
    for field in before | after:
        was, will = before.get(field), after.get(field)
        if was != will:
            yield Difference(item, district, field, was, will)


def _plain(part: Any, aside: set[str] | None = None) -> dict[str, Any]:
    """Field → its value, prices and names each by itself; other parts as one text."""
    if part is None:
        return {}
    found: dict[str, Any] = {}
    for name, value in part.model_dump(exclude=aside or set()).items():
        if name in ("price", "names") and isinstance(value, dict):
            found |= {f"{name}.{one}": figure for one, figure in value.items()}
        elif name != "item_code":
            known = value is None or isinstance(value, bool | int | str)
            found[name] = value if known else str(value)
    return found
