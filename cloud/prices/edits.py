"""What staff may change in a catalogue, and the catalogue that comes of it.

An edit says one thing about one item, in the city or in a district. Nothing here judges figures:
the contract does, when the changed catalogue is read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cloud.errors import PriceError
from contract.canonical import INT_MAX, canonical
from contract.catalogue import load_plain
from contract.errors import CanonicalError, CatalogueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.catalogue import Catalogue

MOST = 2000
"""Edits of one draft."""

_ROW = re.compile(r"(?:districts\[(?P<district>\d+)\]\.)?\bitems\[(?P<row>\d+)\]")
"""Where the contract's message names a row: of the city, or of a district."""

Item = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
District = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,32}$")]
"""Empty is the whole city."""

Figure = Annotated[int, Field(ge=-INT_MAX, le=INT_MAX)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    item: Item


class PriceEdit(_Edit):
    """What residents get, in points; None where there is no such price."""

    edit: Literal["price"] = "price"
    district: District = ""
    points_per_kg: Figure | None
    points_per_piece: Figure | None


class SubsidyEdit(_Edit):
    """What the operator gets from the city, in fen a tonne."""

    edit: Literal["subsidy"] = "subsidy"
    district: District = ""
    fen_per_t: Figure


class LowValueEdit(_Edit):
    """Whether an item stands on the city's list of what is of low value."""

    edit: Literal["low-value"] = "low-value"
    low_value: bool


class NamesEdit(_Edit):
    """What residents read."""

    edit: Literal["names"] = "names"
    zh: Annotated[str, Field(max_length=64)]
    en: Annotated[str, Field(max_length=64)]


class AsCityEdit(_Edit):
    """A district has no terms of its own any more for an item."""

    edit: Literal["as-city"] = "as-city"
    district: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


Edit = Annotated[
    PriceEdit | SubsidyEdit | LowValueEdit | NamesEdit | AsCityEdit, Field(discriminator="edit")
]


def changed(base: Catalogue, version: str, valid_from: str, edits: Sequence[Edit]) -> bytes:
    """`base` as `version` from `valid_from` on (ISO 8601), with `edits` made in their order.

    The canonical bytes of a catalogue that the contract takes; what `base` leaves out stays out.

    Raises:
        PriceError: `unknown-item` or `unknown-district`.
        CatalogueError: A code of `contract.catalogue.load_plain`; the message names the item.
    """
    content: dict[str, Any] = json.loads(canonical(base.model_dump(exclude_unset=True)))
    content |= {"version": version, "valid_from": valid_from}
    for edit in edits:
        _make(content, edit)
    return _checked(content)


def _make(content: dict[str, Any], edit: Edit) -> None:
    item = _item(content, edit.item)
    if isinstance(edit, PriceEdit):
        names = ("points_per_kg", "points_per_piece")
        terms = _terms(content, item, edit.district)
        terms["price"] = {name: getattr(edit, name) for name in names}
    elif isinstance(edit, SubsidyEdit):
        _terms(content, item, edit.district)["subsidy_fen_per_t"] = edit.fen_per_t
    elif isinstance(edit, LowValueEdit):
        item["low_value"] = edit.low_value
    elif isinstance(edit, NamesEdit):
        item["names"] = {"zh": edit.zh, "en": edit.en}
    else:
        district = _district(content, edit.district)
        own = [one for one in district.get("items", []) if one["item_code"] != edit.item]
        district["items"] = own


def _item(content: dict[str, Any], code: str) -> dict[str, Any]:
    for item in content["items"]:
        if item["code"] == code:
            found: dict[str, Any] = item
            return found
    raise PriceError("unknown-item", f"the price list has no item {code!r}")


def _district(content: dict[str, Any], name: str) -> dict[str, Any]:
    for district in content.get("districts", []):
        if district["district"] == name:
            found: dict[str, Any] = district
            return found
    raise PriceError("unknown-district", f"the price list has no district {name!r}")


def _terms(content: dict[str, Any], item: dict[str, Any], district: str) -> dict[str, Any]:
    """Where an item's price and subsidy stand: its own row, or that of a district."""
    if not district:
        return item
    rows = _district(content, district).setdefault("items", [])
    for row in rows:
        if row["item_code"] == item["code"]:
            found: dict[str, Any] = row
            return found
    rows.append({"item_code": item["code"]})
    last: dict[str, Any] = rows[-1]
    return last


def _checked(content: dict[str, Any]) -> bytes:
    try:
        data = canonical(content)
        load_plain(data)
    except (CatalogueError, CanonicalError) as error:
        raise CatalogueError(error.code, with_names(error.message, content)) from error
    return data


def with_names(message: str, content: dict[str, Any]) -> str:
    """The contract's message with the item's code beside the number of its row."""

    def named(found: re.Match[str]) -> str:
        district, row = found["district"], int(found["row"])
        if district is None:
            return f"{found[0]} ({content['items'][row]['code']})"
        return f"{found[0]} ({content['districts'][int(district)]['items'][row]['item_code']})"

    return _ROW.sub(named, message)
