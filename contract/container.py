"""Barcodes whose container is known: what a product's EAN says of the load that bears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contract.fields import Agreed, Grams, Name, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _ean(value: str) -> str:
    """Check digit of GS1 General Specifications, 7.9: weights 1 and 3 in turn, from the right."""
    digits = [int(digit) for digit in reversed(value)]
    if (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10:
        raise PydanticCustomError("bad-ean", "is no barcode: its check digit is wrong")
    return value


Ean = Annotated[str, Field(pattern=r"^([0-9]{8}|[0-9]{13})$"), AfterValidator(_ean)]


class Container(Agreed):
    """One product's container.

    `ean` is its EAN-13 or EAN-8, `material` the vision model's class that it is made of,
    `mass_g` what it weighs empty and `volume_ml` what it holds.
    """

    ean: Ean
    item_code: Name
    material: Word
    mass_g: Annotated[Grams, Field(ge=1)]
    volume_ml: Annotated[int, Field(ge=1, le=100_000)]


def check_containers(containers: Sequence[Container], classes: Mapping[str, Sequence[str]]) -> None:
    """Check that each barcode stands once, for an item that there is; `classes` by item code.

    Raises:
        PydanticCustomError: `duplicate-container`, `container-item` or `container-material`; the
            message names the row.
    """
    seen: set[str] = set()
    for row, one in enumerate(containers):
        if one.ean in seen:
            raise _wrong("duplicate-container", row, f"ean {one.ean} stands there already")
        if one.item_code not in classes:
            raise _wrong("container-item", row, f"there is no item {one.item_code!r}")
        if one.material not in classes[one.item_code]:
            why = f"{one.item_code} is not of class {one.material!r}"
            raise _wrong("container-material", row, why)
        seen.add(one.ean)


def _wrong(
    code: Literal["duplicate-container", "container-item", "container-material"],
    row: int,
    why: str,
) -> PydanticCustomError:
    return PydanticCustomError(code, "containers[{row}]: {why}", {"row": row, "why": why})
