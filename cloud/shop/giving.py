"""What guests' points give: staff transfer them to a cause of the city, and everybody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.ledger.moving import move
from cloud.ledger.statement import points_of
from cloud.shop.acting import SLUG, actor_of, check_sentence
from cloud.shop.books import cause_account
from cloud.shop.left import LeftSum, left_sums
from cloud.shop.means import check_key, means_of
from cloud.staff.audit import note
from cloud.staff.desk import WHOLE_CITY
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_shop import donations
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

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
    """All causes by name, what the guests' account still has, and what erased accounts left.

    Of the latter only what was `donated` came to the guests' account.
    """

    causes: list[Cause]
    points_left: int
    erased: list[LeftSum]


class Giving:
    """Donations out of the guests' account.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    def donate(
        self, staff: Staff | None, cause: str, points: int, reason: str, key: str = ""
    ) -> None:
        """Staff of the whole city give guests' points to a cause, and say why.

        Points of flagged deposits are looked at first, as those of residents are.

        Args:
            staff: Who gives; None is the operator.
            cause: 1 to 32 of a-z, 0-9 and -.
            points: How many.
            reason: One sentence.
            key: 16 to 64 letters that the caller makes up for this gift: the same again with the
                same key gives nothing more. Without one, each call is another gift.

        Raises:
            ShopError: `cause`, `points`, `text`, `key`, `key-reused`, `not-enough`, `looked-at`,
                `role` or `other-district`.
            LedgerError: The database failed; nothing was given.
        """
        if not SLUG.fullmatch(cause):
            raise ShopError("cause", f"cause {cause[:40]!r} is none: 1 to 32 of a-z, 0-9 and -")
        if points < 1:
            raise ShopError("points", f"{points} points are nothing to give: at least 1")
        check_sentence("reason", reason)
        if key:
            check_key(key)
        actor = actor_of(self._database, self._clock(), staff, WHOLE_CITY)
        gift: dict[str, Any] = {"cause": cause, "points": points, "reason": reason, "staff": actor}
        gift |= {"key_sha256": hash_of(key) if key else None}
        with writing(self._database) as connection:
            take_turns(connection, [resident(GUESTS)], SPENDING)
            if not (key and _is_given(connection, gift)):
                _give(connection, gift, self._clock())

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
            left = points_of(connection, resident(GUESTS))
            return Given(causes, left, left_sums(connection))


def _is_given(connection: Connection, gift: dict[str, Any]) -> bool:
    """Whether this very gift was given under its key before."""
    known = select(donations).filter_by(staff=gift["staff"], key_sha256=gift["key_sha256"])
    row = connection.execute(known).first()
    if row is None:
        return False
    if any(getattr(row, name) != gift[name] for name in ("cause", "points", "reason")):
        raise ShopError("key-reused", "this key is another gift's: make up a new one")
    return True


def _give(connection: Connection, gift: dict[str, Any], now_s: int) -> None:
    cause, points, reason = gift["cause"], gift["points"], gift["reason"]
    has = means_of(connection, GUESTS, now_s)
    if has.points < points:
        raise ShopError("not-enough", f"guests gave {has.points} points, and {points} are asked")
    if has.to_spend < points:
        raise ShopError("looked-at", f"{has.waiting} points are looked at first, for three days")
    payer, payee = resident(GUESTS), cause_account(cause)
    entry_id = move(connection, payer, payee, points, f"given: {reason}", now_s)
    connection.execute(insert(donations).values(entry_id=entry_id, at=now_s, **gift))
    said = f"{points} points to {cause}: {reason}"
    note(connection, now_s, gift["staff"], "donated", WHOLE_CITY, detail=said)
