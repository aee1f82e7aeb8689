"""Item codes: the rows of the catalogue, and what each says of a load."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contract.fields import Agreed, Grams, Name, Word
from contract.worth import Factor, Price, Subsidy

ShownName = Annotated[str, Field(min_length=1, max_length=40)]


class Names(Agreed):
    """What residents read."""

    zh: ShownName
    en: ShownName


class MassRange(Agreed):
    """Lightest and heaviest that one load of the item is believed to be, in grams."""

    min: Annotated[Grams, Field(ge=1)]
    max: Grams

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.min > self.max:
            raise PydanticCustomError("mass-range", "min is above max")
        return self


class PieceMass(Agreed):
    """What one empty piece of an item weighs, where it comes by the piece, in grams.

    Half of the pieces weigh less than `median`, 95 of 100 less than `heavy`. `most` is how many
    pieces of one kind are believed to be brought in one load.
    """

    median: Annotated[Grams, Field(ge=1)]
    heavy: Grams
    most: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _is_a_spread(self) -> Self:
        if self.heavy <= self.median:
            raise PydanticCustomError("piece-mass", "heavy must be above median")
        return self


class ItemPrice(Agreed):
    """What the resident gets, in points; None where there is no such price."""

    points_per_kg: Price | None
    points_per_piece: Price | None


class Item(Agreed):
    """One row: what it is, what vision may call it, what it weighs, what it is worth.

    `classes` are labels of the vision model that may turn out to be this item.
    `carbon_g_per_kg` is g CO2e avoided per kg recycled, and `factor` the row of the catalogue's
    factor set that it is. `low_value` marks what is collected with the operator's subsidy,
    `subsidy_fen_per_t`. `piece_g` is None for what comes in any amount. `frequency` is how often
    it comes relative to the other items, from the operator's books; equal where unknown.
    """

    code: Name
    stream: Name
    names: Names
    classes: Annotated[tuple[Word, ...], Field(min_length=1, strict=False)]
    mass_g: MassRange
    piece_g: PieceMass | None = None
    price: ItemPrice
    carbon_g_per_kg: Factor
    factor: Name | None = None
    low_value: bool
    subsidy_fen_per_t: Subsidy = 0
    frequency: Annotated[int, Field(ge=1, le=10_000)] = 100
