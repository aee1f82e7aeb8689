"""A price list as a table that staff fill in, and the edits that a filled table comes to.

One table is of one place: the city, or a district. In a district an empty price or subsidy is
the city's; in the city an empty price is none. `-` is no price anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cloud.errors import PriceError
from cloud.prices.edits import AsCityEdit, LowValueEdit, NamesEdit, PriceEdit, SubsidyEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloud.prices.edits import Edit
    from contract.catalogue import Catalogue
    from contract.districts import DistrictItem
    from contract.items import Item, ItemPrice

NO_PRICE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One item as it stands in the fields; `low_value` and names count in the city alone."""

    item: str
    zh: str
    en: str
    points_per_kg: str
    points_per_piece: str
    fen_per_t: str
    low_value: bool


def rows_of(catalogue: Catalogue, district: str = "") -> list[Row]:
    """The table of the city, or of what is different in `district`."""
    if not district:
        return [_row(one, one.price, str(one.subsidy_fen_per_t)) for one in catalogue.items]
    own = _own(catalogue, district)
    return [_in_district(one, own.get(one.code)) for one in catalogue.items]


def edits_from(base: Catalogue, district: str, rows: Sequence[Row]) -> list[Edit]:
    """What must be changed in `base` so that its table of this place becomes `rows`.

    Raises:
        PriceError: `figure`: a field holds no whole number. `half`: a district has one price of
            its own and neither a number nor `-` for the other.
    """
    before = {one.item: one for one in rows_of(base, district)}
    items = {one.code: one for one in base.items}
    own = _own(base, district)
    found: list[Edit] = []
    for row in rows:
        if row.item in before and row != before[row.item]:
            if district:
                city = items[row.item]
                found += _district_edits(row, district, city, had=row.item in own)
            else:
                found += _city_edits(row, before[row.item])
    return found


def elsewhere(edits: Sequence[Edit], district: str) -> list[Edit]:
    """Those of `edits` that are about other places: they stay when this one's table is saved."""
    return [one for one in edits if getattr(one, "district", "") != district]


def _city_edits(row: Row, before: Row) -> Iterator[Edit]:
    price = (_figure(row.item, row.points_per_kg), _figure(row.item, row.points_per_piece))
    was = (_figure(row.item, before.points_per_kg), _figure(row.item, before.points_per_piece))
    if price != was:
        yield PriceEdit(item=row.item, points_per_kg=price[0], points_per_piece=price[1])
    subsidy = _figure(row.item, row.fen_per_t) or 0
    if subsidy != int(before.fen_per_t):
        yield SubsidyEdit(item=row.item, fen_per_t=subsidy)
    if row.low_value != before.low_value:
        yield LowValueEdit(item=row.item, low_value=row.low_value)
    if (row.zh, row.en) != (before.zh, before.en):
        yield NamesEdit(item=row.item, zh=row.zh[:64], en=row.en[:64])


def _district_edits(row: Row, district: str, city: Item, *, had: bool) -> Iterator[Edit]:
    if had:
        yield AsCityEdit(item=row.item, district=district)
    prices = [_plain(row.points_per_kg), _plain(row.points_per_piece)]
    if any(prices):
        city_has = (city.price.points_per_kg, city.price.points_per_piece)
        for text, figure in zip(prices, city_has, strict=True):
            if not text and figure is not None:
                raise PriceError(
                    "half", f"{row.item}: fill in both prices, or {NO_PRICE} where there is none"
                )
        per_kg, per_piece = (_figure(row.item, text) for text in prices)
        yield PriceEdit(
            item=row.item, district=district, points_per_kg=per_kg, points_per_piece=per_piece
        )
    subsidy = _figure(row.item, row.fen_per_t)
    if subsidy is not None:
        yield SubsidyEdit(item=row.item, district=district, fen_per_t=subsidy)


def _row(item: Item, price: ItemPrice | None, subsidy: str) -> Row:
    kg, piece = (price.points_per_kg, price.points_per_piece) if price else (None, None)
    return Row(
        item.code,
        item.names.zh,
        item.names.en,
        "" if kg is None else str(kg),
        "" if piece is None else str(piece),
        subsidy,
        item.low_value,
    )


def _in_district(item: Item, own: DistrictItem | None) -> Row:
    price = own.price if own else None
    subsidy = own.subsidy_fen_per_t if own else None
    row = _row(item, price, "" if subsidy is None else str(subsidy))
    if price is None:
        return row
    per_kg, per_piece = row.points_per_kg or NO_PRICE, row.points_per_piece or NO_PRICE
    return replace(row, points_per_kg=per_kg, points_per_piece=per_piece)


def _own(catalogue: Catalogue, district: str) -> dict[str, DistrictItem]:
    found = (one for one in catalogue.districts if one.district == district)
    return {row.item_code: row for one in found for row in one.items}


def _figure(item: str, text: str) -> int | None:
    plain = _plain(text)
    if plain in ("", NO_PRICE):
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}", plain):
        raise PriceError("figure", f"{item}: {text[:20]!r} is no whole number")
    return int(plain)


def _plain(text: str) -> str:
    """As it was meant: full-width digits, and spaces around, are nobody's mistake."""
    return unicodedata.normalize("NFKC", text).strip()
