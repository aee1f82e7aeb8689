"""What is left of accounts that are nobody's any more: where it goes, and what it came to.

Who has their account erased says what becomes of its points: they are `donated`, to the guests'
account, or `forfeited`, back to the operator. Points may come after that: a partner refunds what
was redeemed before, a deposit that was flagged has waited its three days, a kiosk that was offline
delivers. They go the same way, as an entry of its own, and what the account owes is filled first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, literal, select

from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.moving import move
from cloud.shop.acting import actor_of
from cloud.shop.left import left_of
from cloud.shop.means import means_of
from cloud.staff.audit import note
from cloud.staff.desk import PLATFORM, WHOLE_CITY
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.schema import SPENT, transfers
from cloud.store.schema_residents import erasures, rests
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Engine

    from cloud.shop.left import Cause, Left, Rest
    from cloud.staff.desk import Staff


def rest_of(connection: Connection, account: str) -> Rest | None:
    """What becomes of points of `account`; None while it is somebody's."""
    said = select(erasures.c.rest).where(erasures.c.account == account)
    found: Rest | None = connection.execute(said).scalar()
    return found


def settle_rest(
    connection: Connection, account: str, rest: Rest, cause: Cause, why: str, now_s: int
) -> int:
    """Enter what `account` may spend to where it goes, in its turn; how many points.

    Points of a flagged deposit stay until somebody has looked, as they would have for the person;
    of a debt nothing moves.
    """
    points = means_of(connection, account, now_s).to_spend
    if points <= 0:
        return 0
    payee = resident(GUESTS) if rest == "donated" else OPERATOR
    entry_id = move(connection, resident(account), payee, points, f"erased: {rest}{why}", now_s)
    row = {"entry_id": entry_id, "account": account, "rest": rest, "cause": cause}
    connection.execute(insert(rests).values(**row))
    return points


def settle_refund(connection: Connection, account: str, reason: str, now_s: int) -> None:
    """Pass on what a refund brought to `account`, where that is nobody's; in its turn."""
    rest = rest_of(connection, account)
    if rest is not None:
        points = settle_rest(connection, account, rest, "refund", f", refunded: {reason}", now_s)
        _note(connection, points, rest, "refund", now_s)


class Rests:
    """Passes on what came to accounts after they were erased.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    def settle(self) -> int:
        """Pass on all that is there to be passed on, each account by itself; how many points.

        Raises:
            LedgerError: The database failed; some may have been passed on.
        """
        with reading(self._database) as connection:
            found = connection.execute(select(erasures.c.account, erasures.c.rest).where(_has()))
            accounts: list[tuple[str, Rest]] = [(row.account, row.rest) for row in found]
        return sum(self._settle(*one) for one in accounts)

    def left(self, staff: Staff | None, limit: int, before: int | None = None) -> list[Left]:
        """The latest entries of what was left, newest first, with ids below `before`.

        For staff of the whole city, whose guests' account is; None is the operator.

        Raises:
            ShopError: `role` or `other-district`.
            LedgerError: The database failed.
        """
        actor_of(self._database, self._clock(), staff, WHOLE_CITY)
        with reading(self._database) as connection:
            return left_of(connection, limit, before)

    def _settle(self, account: str, rest: Rest) -> int:
        with writing(self._database) as connection:
            take_turns(connection, [resident(account)], SPENDING)
            now_s = self._clock()
            points = settle_rest(connection, account, rest, "later", ", later", now_s)
            _note(connection, points, rest, "later", now_s)
            return points


def _has() -> ColumnElement[bool]:
    """Whether an erased account has more than nothing, by the indexes of either side."""
    name = literal(resident("")) + erasures.c.account
    points = func.coalesce(func.sum(transfers.c.points), 0)
    got = select(points).where(transfers.c.credit == name).scalar_subquery()
    spent = select(points).where(transfers.c.debit == name, SPENT).scalar_subquery()
    return got > spent


def _note(connection: Connection, points: int, rest: Rest, cause: Cause, now_s: int) -> None:
    """Put it into the audit log: never whose it was, for a refund would say who had redeemed it."""
    if points:
        said = f"{points} points: {rest}, {cause}, of an erased account"
        note(connection, now_s, PLATFORM, "rest-settled", "", detail=said)
