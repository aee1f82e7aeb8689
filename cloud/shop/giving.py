"""What guests' points give: staff transfer them to a cause of the city, and everybody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.ledger.moving import move
from cloud.ledger.statement import points_of
from cloud.shop.acting import SLUG, actor_of, check_sentence
from cloud.shop.books import cause_account
from cloud.staff.audit import note
from cloud.staff.desk import WHOLE_CITY
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.schema_shop import donations
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cloud.staff.desk import Staff


@dataclass(frozen=True, slots=True)
class Cause:
    """What guests' points gave to one cause: how often, how much, and when last (Unix seconds)."""

    cause: str
    donations: int
    points: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Given:
    """All causes by name, and what the guests' account still has."""

    causes: list[Cause]
    points_left: int


class Giving:
    """Donations out of the guests' account.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    def donate(self, staff: Staff | None, cause: str, points: int, reason: str) -> None:
        """Staff of the whole city give guests' points to a cause, and say why.

        Raises:
            ShopError: `cause`, `points`, `text`, `not-enough`, `role` or `other-district`.
            LedgerError: The database failed; nothing was given.
        """
        if not SLUG.fullmatch(cause):
            raise ShopError("cause", f"cause {cause[:40]!r} is none: 1 to 32 of a-z, 0-9 and -")
        if points < 1:
            raise ShopError("points", f"{points} points are nothing to give: at least 1")
        check_sentence("reason", reason)
        now_s = self._clock()
        actor = actor_of(self._database, now_s, staff, WHOLE_CITY)
        with writing(self._database) as connection:
            take_turns(connection, [resident(GUESTS)], SPENDING)
            has = points_of(connection, resident(GUESTS))
            if has < points:
                raise ShopError("not-enough", f"guests gave {has} points, and {points} are asked")
            payee = cause_account(cause)
            entry_id = move(connection, resident(GUESTS), payee, points, f"given: {reason}", now_s)
            row = {"entry_id": entry_id, "cause": cause, "points": points, "reason": reason}
            connection.execute(insert(donations).values(**row, staff=actor, at=now_s))
            said = f"{points} points to {cause}: {reason}"
            note(connection, now_s, actor, "donated", WHOLE_CITY, detail=said)

    def given(self) -> Given:
        """What everybody may see: sums by cause, and what is left."""
        counted = (
            select(
                donations.c.cause,
                func.count(),
                func.sum(donations.c.points),
                func.max(donations.c.at),
            )
            .group_by(donations.c.cause)
            .order_by(donations.c.cause)
        )
        with reading(self._database) as connection:
            # PostgreSQL adds up whole numbers as decimals.
            causes = [Cause(row[0], *map(int, row[1:])) for row in connection.execute(counted)]
            return Given(causes, points_of(connection, resident(GUESTS)))
