"""What must hold before a draft is frozen, and again before it is signed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cloud.errors import PriceError
from cloud.prices.differences import differences, districts_of
from cloud.prices.edits import with_names
from cloud.staff.desk import WHOLE_CITY
from contract.errors import CatalogueError
from contract.factors import check_factors, factor_sets
from contract.fields import SENTENCE, is_sentence
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue

FARTHEST_DAYS = 400
"""A year and a month: no list can begin before one that is signed, so that a slip in the year,
or two of one district, would end all price lists for so long."""


def latest_of(catalogues: Mapping[str, Catalogue]) -> Catalogue:
    """The list that holds last, by what is known: drafts are made from it."""
    return max(catalogues.values(), key=lambda one: one.order)


def check_day(valid_from: str, now_s: int, late: str = "too-early") -> None:
    """Whether a list may still begin on that day (ISO 8601): tomorrow in China, or later.

    Raises:
        PriceError: `bad-date`, or the word `late`.
    """
    try:
        day = date.fromisoformat(valid_from)
    except ValueError as error:
        raise PriceError("bad-date", f"{valid_from[:20]!r} is no day, as in 2027-01-31") from error
    today = date.fromisoformat(day_of(now_s))
    if day.isoformat() != valid_from or (day - today).days > FARTHEST_DAYS:
        raise PriceError("bad-date", f"{valid_from[:20]!r} is no day of the next {FARTHEST_DAYS}")
    if day <= today:
        raise PriceError(late, f"{valid_from} is not after today, {today}: choose a later day")


def check_later(catalogue: Catalogue, base: Catalogue) -> None:
    """Whether `catalogue` holds after `base`.

    Raises:
        PriceError: `not-later`.
    """
    if catalogue.order <= base.order:
        raise PriceError(
            "not-later",
            f"{catalogue.version} of {catalogue.valid_from} would not hold after {base.version} "
            f"of {base.valid_from}: choose a later day",
        )


def check_complete(catalogue: Catalogue, base: Catalogue) -> None:
    """Whether a draft changes something, and its carbon factors are those of their set.

    Raises:
        PriceError: `no-change`.
        CatalogueError: As `check_factors`.
    """
    if not [one for one in differences(base, catalogue) if one.field != "valid_from"]:
        raise PriceError("no-change", f"{catalogue.version} says what {base.version} says")
    try:
        check_factors(catalogue, factor_sets())
    except CatalogueError as error:
        named = with_names(error.message, catalogue.model_dump())
        raise CatalogueError(error.code, named) from error


def scope_of(base: Catalogue, catalogue: Catalogue) -> str:
    """Whose a draft is: the district that it changes alone, or the whole city."""
    where = districts_of(differences(base, catalogue))
    return where.pop() if len(where) == 1 and "" not in where else WHOLE_CITY


def check_reason(text: str) -> None:
    """Whether a reason is a sentence.

    Raises:
        PriceError: `text`.
    """
    if not is_sentence(text):
        raise PriceError("text", f"reason: write one sentence of at most {SENTENCE} letters")
