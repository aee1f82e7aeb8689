"""What of the price list anybody may read: which one holds, and what is of low value where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloud.errors import PriceError
from contract.catalogue import in_force as held_on
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue
    from contract.items import Item


def in_force(catalogues: Mapping[str, Catalogue], now_s: int) -> Catalogue:
    """The list that holds in China at `now_s` (Unix seconds).

    Raises:
        PriceError: `none-in-force`: none has begun.
    """
    held = held_on(catalogues, day_of(now_s))
    if held is None:
        raise PriceError("none-in-force", "no price list has begun yet")
    return held


def to_come(catalogues: Mapping[str, Catalogue], now_s: int) -> list[Catalogue]:
    """The lists that are signed and have not begun, the next one first."""
    coming = [one for one in catalogues.values() if one.valid_from > day_of(now_s)]
    return sorted(coming, key=lambda one: one.order)


def low_value_list(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The items of low value, with the subsidy in fen a tonne: the city's, and each district's.

    A district without a subsidy of its own has the city's.
    """
    return [_row(catalogue, item) for item in catalogue.items if item.low_value]


def _row(catalogue: Catalogue, item: Item) -> dict[str, Any]:
    own = {
        district.district: catalogue.item(item.code, district.kiosks[0]).subsidy_fen_per_t
        for district in catalogue.districts
    }
    return {
        "item": item.code,
        "stream": item.stream,
        "names": item.names.model_dump(),
        "subsidy_fen_per_t": item.subsidy_fen_per_t,
        "districts": own,
    }
