"""Figures of a catalogue that a slip of the pen must not get past: prices, subsidies, factors.

Each is refused below zero and above what anything collected could be worth, with a word of its
own, so that whoever wrote the catalogue knows which figure to look at.
"""

from __future__ import annotations

from typing import Annotated, LiteralString

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

MAX_POINTS = 10_000
"""100 yuan a kg or a piece; copper, the dearest scrap that is collected, is under 80 yuan/kg."""

MAX_SUBSIDY_FEN_PER_T = 500_000
"""5,000 yuan a tonne: ten times what Chinese cities pay for low-value recyclables."""

MAX_CARBON_G_PER_KG = 30_000
"""Three times aluminium cans (10,060, EPA WARM v16), the highest factor of any set in use."""


def _points(value: int) -> int:
    return _within(value, MAX_POINTS, "price", "points (100 are 1 yuan)")


def _subsidy(value: int) -> int:
    return _within(value, MAX_SUBSIDY_FEN_PER_T, "subsidy", "fen a tonne")


def _carbon(value: int) -> int:
    return _within(value, MAX_CARBON_G_PER_KG, "carbon", "g CO2e a kg")


Price = Annotated[int, AfterValidator(_points)]
"""Points for a kg or a piece."""

Subsidy = Annotated[int, AfterValidator(_subsidy)]
"""What the operator gets from the city, in fen a tonne."""

Factor = Annotated[int, AfterValidator(_carbon)]
"""g CO2e avoided by recycling a kg."""


def _within(value: int, most: int, what: LiteralString, unit: LiteralString) -> int:
    if value < 0:
        raise PydanticCustomError("negative-" + what, "a " + what + " must not be negative")
    if value > most:
        words: LiteralString = "more than {most} " + unit + " is a slip of the pen"
        raise PydanticCustomError("absurd-" + what, words, {"most": most})
    return value
