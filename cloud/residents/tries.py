"""How often something may be tried.

Each try is a row, kept for a day: so that a limit holds over restarts and between workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, insert, select

from cloud.errors import SignInError
from cloud.store.schema_residents import sign_in_tries

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection

DAY_S = 86_400


class Limit(NamedTuple):
    """At most `most` tries within `within_s`, which is a day or less."""

    most: int
    within_s: int


def check(connection: Connection, what: str, who: str, now_s: int, *limits: Limit) -> None:
    """Go on where `who` has tried `what` less often than each limit allows.

    Raises:
        SignInError: `too-many`.
    """
    for limit in limits:
        if tried(connection, what, who, now_s, limit):
            minutes = limit.within_s // 60
            raise SignInError(
                "too-many", f"tried too often: at most {limit.most} times in {minutes} minutes"
            )


def tried(connection: Connection, what: str, who: str, now_s: int, limit: Limit) -> bool:
    """Whether `who` has tried `what` as often as the limit allows.

    Of a clock that was set back, what lies ahead is as old as what lies behind: else all that was
    tried since counted until the clock was there again, and a whole city could not sign in.
    """
    mine = (sign_in_tries.c.what == what) & (sign_in_tries.c.who == who)
    since = sign_in_tries.c.at > now_s - limit.within_s
    until = sign_in_tries.c.at < now_s + limit.within_s
    counted = select(func.count()).select_from(sign_in_tries).where(mine, since, until)
    return bool(connection.execute(counted).scalar_one() >= limit.most)


def count(connection: Connection, what: str, who: str, now_s: int) -> None:
    """Note a try."""
    connection.execute(insert(sign_in_tries).values(what=what, who=who, at=now_s))


def forgive(connection: Connection, what: str, who: str) -> None:
    """Whoever got it right has tried nothing."""
    mine = (sign_in_tries.c.what == what) & (sign_in_tries.c.who == who)
    connection.execute(delete(sign_in_tries).where(mine))


def forget_tries(connection: Connection, now_s: int) -> None:
    """Forget every try of more than a day ago."""
    forget_old(connection, sign_in_tries.c.id, sign_in_tries.c.at <= now_s - DAY_S)


def forget_old(connection: Connection, key: Column[Any], old: ColumnElement[bool]) -> None:
    """Delete the rows that are old, but for those that somebody is just deleting or changing.

    Whoever waited for them could be waited for: two that delete in opposite order never end.
    """
    free = select(key).where(old).with_for_update(skip_locked=True)
    connection.execute(delete(key.table).where(key.in_(free)))
