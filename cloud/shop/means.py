"""Whether an account may reserve one thing more, and which redemptions are its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.shop.steps import row_of
from cloud.store.schema import debited, decisions, deposits, flags, transfers
from cloud.store.schema_shop import redemptions
from contract.fields import is_residents

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Row

MOST_OPEN = 5
"""What one account may have reserved at once: nobody empties a shelf by reserving and waiting."""

LOOKED_AT_S = 3 * 86_400
"""So long points of a flagged deposit are not spent: staff look at it, over a weekend too, before
goods are gone for it. Then they are spent like any: nobody waits for staff for ever."""

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Means:
    """Points of an account, and how many of them are of deposits that are looked at first."""

    points: int
    waiting: int

    @property
    def to_spend(self) -> int:
        """What is left of them."""
        return self.points - self.waiting


def check_caller(account: str, key: str) -> None:
    """Whether both can be.

    Raises:
        ShopError: `account` or `key`.
    """
    if not is_residents(account):
        raise ShopError("account", "this account redeems nothing: it is nobody's")
    check_key(key)


def check_key(key: str) -> None:
    """Whether a caller may name what they want by `key`, so that it is done once.

    Raises:
        ShopError: `key`.
    """
    if not _KEY.fullmatch(key):
        raise ShopError("key", "the key is 16 to 64 of A-Z, a-z, 0-9, - and _")


def means_of(connection: Connection, account: str, now_s: int) -> Means:
    """What an account has at `now_s` (Unix seconds), and what of it is looked at first.

    One statement, which sees one state: between two, a kiosk's worker could post a flagged
    deposit, or staff refuse one, and its points would be there and not be waiting.
    """
    doubted = exists().where(
        flags.c.record_id == deposits.c.record_id, flags.c.at > now_s - LOOKED_AT_S
    )
    # Staff who decided about it, either way, have looked.
    decided = exists().where(decisions.c.record_id == deposits.c.record_id)
    name = resident(account)
    row = connection.execute(
        select(
            _sum(transfers.c.points, transfers.c.credit == name),
            _sum(transfers.c.points, debited(name)),
            _sum(deposits.c.points, deposits.c.account == account, doubted, ~decided),
        )
    ).one()
    # PostgreSQL adds up whole numbers as decimals.
    got, spent, waiting = map(int, row)
    return Means(got - spent, waiting)


def _sum(column: Column[int], *which: ColumnElement[bool]) -> Any:
    return select(func.coalesce(func.sum(column), 0)).where(*which).scalar_subquery()


def check_means(connection: Connection, account: str, points: int, now_s: int) -> None:
    """Whether the account has the points, and room for one more open redemption, in its turn.

    Raises:
        ShopError: `too-many-open`, `not-enough` or `looked-at`.
    """
    mine = (redemptions.c.account == account) & (redemptions.c.state == "reserved")
    if connection.execute(select(func.count()).where(mine)).scalar_one() >= MOST_OPEN:
        raise ShopError("too-many-open", f"{MOST_OPEN} are reserved: take or cancel one first")
    has = means_of(connection, account, now_s)
    if has.points < points:
        raise ShopError("not-enough", f"there are {has.points} points, and {points} are asked")
    if has.to_spend < points:
        raise ShopError("looked-at", f"{has.waiting} points are looked at first, for three days")


def key_row(connection: Connection, account: str, key_sha256: str) -> Row[Any] | None:
    """What the account reserved under a key, if anything."""
    mine = (redemptions.c.account == account) & (redemptions.c.key_sha256 == key_sha256)
    return connection.execute(select(redemptions).where(mine)).first()


def account_row(connection: Connection, account: str, redemption_id: int) -> Row[Any]:
    """A redemption of the account's own.

    Raises:
        ShopError: `unknown-redemption`.
    """
    row = row_of(connection, redemption_id)
    if row.account != account:
        raise ShopError("unknown-redemption", f"there is no redemption {redemption_id}")
    return row
