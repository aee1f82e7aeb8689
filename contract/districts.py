"""What differs from district to district: prices, the operator's subsidies, opening hours.

The catalogue itself says which kiosks belong to a district. So kiosk and ledger price a deposit
alike from the record and the catalogue that it names, whatever a topic or a configuration says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from contract.fields import Agreed, Name
from contract.hours import Hours
from contract.items import ItemPrice
from contract.worth import Subsidy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class DistrictItem(Agreed):
    """An item's terms in a district; what is left out is as in the rest of the city."""

    item_code: Name
    price: ItemPrice | None = None
    subsidy_fen_per_t: Subsidy | None = None


class District(Agreed):
    """A district, the kiosks in it, and what is different there.

    `hours` replace the city's where there are any.
    """

    district: Name
    kiosks: Annotated[tuple[Name, ...], Field(min_length=1, strict=False)]
    items: Annotated[tuple[DistrictItem, ...], Field(strict=False)] = ()
    hours: Annotated[tuple[Hours, ...], Field(strict=False)] = ()


def check_districts(districts: Sequence[District], codes: Collection[str]) -> None:
    """Check that each district, kiosk and row stands once, for items that there are (`codes`).

    Raises:
        PydanticCustomError: `duplicate-district`, `duplicate-kiosk`, `district-item` or
            `duplicate-item`; the message names the row.
    """
    names: set[str] = set()
    kiosks: set[str] = set()
    for row, one in enumerate(districts):
        if one.district in names:
            raise _wrong("duplicate-district", row, f"{one.district} stands there already")
        names.add(one.district)
        for kiosk in one.kiosks:
            if kiosk in kiosks:
                raise _wrong("duplicate-kiosk", row, f"kiosk {kiosk} is in a district already")
            kiosks.add(kiosk)
        _check_items(row, one, codes)


def _check_items(row: int, district: District, codes: Collection[str]) -> None:
    seen: set[str] = set()
    for item in district.items:
        if item.item_code not in codes:
            raise _wrong("district-item", row, f"there is no item {item.item_code!r}")
        if item.item_code in seen:
            raise _wrong("duplicate-item", row, f"{item.item_code} stands there already")
        seen.add(item.item_code)


def _wrong(
    code: Literal["duplicate-district", "duplicate-kiosk", "district-item", "duplicate-item"],
    row: int,
    why: str,
) -> PydanticCustomError:
    return PydanticCustomError(code, "districts[{row}]: {why}", {"row": row, "why": why})
