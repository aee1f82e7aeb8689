"""Whether a draft is where it would have to be for what somebody wants of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cloud.errors import PriceError
from cloud.prices.rules import check_complete, check_day, check_later, latest_of
from cloud.staff.desk import WHOLE_CITY
from cloud.store.schema_prices import price_drafts
from contract.canonical import sha256_hex
from contract.catalogue import load_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue

AHEAD = ("signed", "approved")
"""States of a list that nothing made from the same base may overtake."""


def check_author(staff: Staff, row: Row[Any]) -> None:
    """Raise `not-yours` where somebody else drafted it."""
    if row.author != staff.staff_id:
        raise PriceError("not-yours", f"{row.version} is {row.author}'s: only they change it")


def check_second(staff: Staff, row: Row[Any]) -> None:
    """Raise `own-draft` for its author, in whatever role, and `other-district` for a stranger."""
    if row.author == staff.staff_id:
        raise PriceError("own-draft", f"{staff.staff_id} drafted {row.version}: another signs")
    check_covers(staff, row.scope)


def check_covers(staff: Staff, scope: str) -> None:
    """Raise `other-district` where `scope` (a district, or `*`) is not theirs."""
    if not staff.covers(scope):
        where = "the whole city" if scope == WHOLE_CITY else scope
        raise PriceError(
            "other-district", f"this concerns {where}, and {staff.staff_id} is of {staff.district}"
        )


def check_hash(row: Row[Any], saw: str) -> None:
    """Raise `changed` where `saw` is not the hash of what it says now."""
    if saw != row.sha256:
        raise PriceError("changed", f"{row.version} is not what you looked at: look again")


def check_state(row: Row[Any], *states: str) -> None:
    """Raise `not-open`, `not-frozen` or `decided` where it is in none of `states`."""
    if row.state in states:
        return
    if row.state in ("open", "frozen"):
        code = "not-frozen" if row.state == "open" else "not-open"
        raise PriceError(code, f"draft {row.version} is {row.state}")
    raise PriceError("decided", f"draft {row.version} is {row.state} already")


def check_unused(row: Row[Any], catalogues: Mapping[str, Catalogue]) -> None:
    """Raise `decided` where the operator has signed it: kiosks may have it."""
    if row.version in catalogues:
        raise PriceError("decided", f"{row.version} is signed: draft another list")


def base_of(row: Row[Any], catalogues: Mapping[str, Catalogue]) -> Catalogue:
    """The list that it was made from; raise `base-changed` where that is not known here."""
    base = catalogues.get(row.base)
    if base is None:
        raise PriceError("base-changed", f"{row.base}, of which {row.version} is, is not here")
    return base


def ready(
    connection: Connection,
    row: Row[Any],
    catalogues: Mapping[str, Catalogue],
    now_s: int,
    late: str,
) -> Catalogue:
    """Read a draft anew: what was in order when it was written may be so no longer.

    Raises:
        PriceError: `damaged`, `late`, `not-later`, `no-change` or `base-changed`.
        CatalogueError: A carbon factor is not that of its set.
    """
    if sha256_hex(row.content) != row.sha256:
        raise PriceError("damaged", f"draft {row.version} is not what its hash says")
    catalogue, base = load_plain(row.content), base_of(row, catalogues)
    check_day(row.valid_from, now_s, late)
    check_later(catalogue, base)
    check_complete(catalogue, base)
    other = _overtaking(connection, row) or latest_of(catalogues).version
    if other != row.base:
        raise PriceError(
            "base-changed",
            f"{other} was signed since {row.version} was drafted from {row.base}: draft it "
            "again, or its changes would be lost",
        )
    return catalogue


def _overtaking(connection: Connection, row: Row[Any]) -> str | None:
    """Another list from the same base that was signed, also by another process a moment ago."""
    signed = select(price_drafts.c.version).where(
        price_drafts.c.base == row.base,
        price_drafts.c.state.in_(AHEAD),
        price_drafts.c.id != row.id,
    )
    version: str | None = connection.execute(signed).scalar()
    return version
