"""Who is signed in at a browser, of staff or of tills: a random id in its cookie, the rest here.

A session is a row of the database, so that every process of the platform knows it, and a restart
ends none. It keeps hashes of its own id and of the token, never either of them, and asks for the
token's owner each time. Another role, district or token ends it at once, in every process: each
comes with another token.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from sqlalchemy import delete, insert, select, update

from cloud.errors import CloudError, LedgerError, StaffError
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_staff import web_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.staff.desk import Staff, StaffDesk
    from cloud.staff.ending import Kind

_log = logging.getLogger(__name__)

HOLDS_S = 8 * 3600
"""A shift of staff: whoever forgets to sign out is out by the next one."""

IDLE_S = 2 * 3600
"""Who does nothing for so long is gone: a meeting is over sooner, a lunch as well."""

SEEN_EVERY_S = 60
"""So often an act is noted as one: not each press needs to write."""

MOST = 20
"""Sessions of one member of staff at once; beyond that their oldest ends."""

Who = TypeVar("Who")


class Bounds(NamedTuple):
    """When sessions end by themselves.

    After `holds_s` seconds, after `idle_s` without an act, and the oldest of one beyond `most`.
    """

    holds_s: int
    idle_s: int
    most: int


class Sessions(Generic[Who]):
    """Sessions of one kind.

    Args:
        database: The platform's.
        kind: Of whom they are.
        known_by: Says whose the token of a hash is, or raises what it is refused with.
        named: Gives the pseudonym of one.
        bounds: When they end by themselves.
        ended: Makes the error of a session that is over; `signed-out`.
        clock: Gives Unix seconds.
        new_id: Gives a fresh secret text.
    """

    def __init__(
        self,
        database: Engine,
        kind: Kind,
        known_by: Callable[[str], Who],
        named: Callable[[Who], str],
        bounds: Bounds,
        ended: Callable[[], CloudError],
        clock: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._kind = kind
        self._known_by = known_by
        self._named = named
        self._bounds = bounds
        self._ended = ended
        self._clock = clock
        self._new_id = new_id

    def sign_in(self, token: str) -> str:
        """The id of a new session for whoever shows this token.

        Raises:
            CloudError: As `known_by`: the token is nobody's, has ended, or the database failed.
        """
        hashed = hash_of(token)
        who = self._named(self._known_by(hashed))
        session, now_s = self._new_id(), self._clock()
        row = {"id_sha256": hash_of(session), "kind": self._kind, "who": who}
        times = {"made_at": now_s, "seen_at": now_s, "ends_at": now_s + self._bounds.holds_s}
        with writing(self._database) as connection:
            self._make_room(connection, who)
            connection.execute(insert(web_sessions).values(**row, token_sha256=hashed, **times))
        return session

    def whose(self, session: str, *, acts: bool = True) -> Who:
        """Who is signed in.

        A page that only looks for news by itself does not act: nobody need be there.

        Raises:
            CloudError: `signed-out`: nobody is, or not any more; or as `known_by`: their token has
                ended meanwhile, or the database failed.
        """
        shown = web_sessions.c.id_sha256 == hash_of(session)
        with reading(self._database) as connection:
            found = connection.execute(
                select(web_sessions).where(shown, web_sessions.c.kind == self._kind)
            ).first()
        now_s = self._clock()
        if found is None or self._is_over(found, now_s):
            raise self._ended()
        who = self._known_by(found.token_sha256)
        if acts and abs(now_s - found.seen_at) >= SEEN_EVERY_S:
            self._note_seen(found.id_sha256, now_s)
        return who

    def sign_out(self, session: str) -> None:
        """End a session; one that there is not is none.

        Raises:
            LedgerError: The database failed, and it has not ended.
        """
        mine = web_sessions.c.id_sha256 == hash_of(session)
        with writing(self._database) as connection:
            connection.execute(delete(web_sessions).where(mine))

    def forget(self) -> None:
        """Forget what has ended; call it often.

        Raises:
            LedgerError: The database failed.
        """
        with writing(self._database) as connection:
            # Several processes do it: one leaves to the other what it has in hand.
            old = web_sessions.c.ends_at <= self._clock()
            free = select(web_sessions.c.id_sha256).where(old).with_for_update(skip_locked=True)
            connection.execute(delete(web_sessions).where(web_sessions.c.id_sha256.in_(free)))

    def _is_over(self, found: Row[tuple[str]], now_s: int) -> bool:
        """Of a clock that was set back, what lies ahead is as old as what lies behind."""
        idle = abs(now_s - found.seen_at) >= self._bounds.idle_s
        ahead = found.made_at > now_s + self._bounds.holds_s
        return bool(idle or ahead or found.ends_at <= now_s)

    def _note_seen(self, id_sha256: str, now_s: int) -> None:
        """Note an act; where that fails the session only ends sooner."""
        mine = web_sessions.c.id_sha256 == id_sha256
        try:
            with writing(self._database) as connection:
                connection.execute(update(web_sessions).where(mine).values(seen_at=now_s))
        except LedgerError as error:
            _log.error("event=not-noted-as-seen reason=%s", error)

    def _make_room(self, connection: Connection, who: str) -> None:
        mine = (web_sessions.c.kind == self._kind) & (web_sessions.c.who == who)
        order = (web_sessions.c.made_at.desc(), web_sessions.c.id_sha256)
        kept = (
            select(web_sessions.c.id_sha256)
            .where(mine)
            .order_by(*order)
            .limit(self._bounds.most - 1)
        )
        latest = connection.execute(kept).scalars().all()
        if len(latest) == self._bounds.most - 1:
            rest = mine & web_sessions.c.id_sha256.not_in(latest)
            connection.execute(delete(web_sessions).where(rest))


def staff_sessions(
    database: Engine, desk: StaffDesk, clock: Callable[[], int], new_id: Callable[[], str]
) -> Sessions[Staff]:
    """Sessions of staff; refused with StaffError `no-token`, `expired` or `signed-out`."""

    def ended() -> StaffError:
        return StaffError("signed-out", "nobody is signed in here any more: sign in again")

    return Sessions(
        database,
        "staff",
        desk.known_by,
        lambda one: one.staff_id,
        Bounds(HOLDS_S, IDLE_S, MOST),
        ended,
        clock,
        new_id,
    )
