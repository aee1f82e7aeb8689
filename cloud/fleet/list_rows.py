"""The table of price lists at kiosks: who has which, who lacks it, and when it was sent.

lacks → sent → has | refused; `passed` where the kiosk prices by a later one already

What a kiosk says in its condition decides; what was sent only says when to send again. Who sends is
agreed on in the row itself, as with commands, so that several workers do not all send the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, case, delete, exists, or_, select, text, update

from cloud.store.bulk import among
from cloud.store.database import as_kept
from cloud.store.schema_fleet import fleet_kiosks
from cloud.store.schema_lists import kiosk_lists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

State = Literal["lacks", "sent", "has", "refused", "passed"]

AGAIN_S = 30
"""So long a kiosk may take to say that it has a list; then two minutes, ten, and an hour."""

NOT_KEPT = "not-kept"
"""The code of a kiosk whose disk did not take it, which may be over soon."""

NOT_KEPT_S = 600
REFUSED_S = 86_400
"""So often a refused list is sent again: the kiosk's software may be another one by then."""

AHEAD_S = 2
"""A time of sending that lies further ahead is from before the clock was set back."""

SEND_MOST = 20
"""Lists that are sent at a time, half a megabyte each at most: 10,000 kiosks take nine minutes."""

_ADD = text(
    "INSERT INTO kiosk_lists (kiosk, version, sha256, state, code, sends, sent_at, told_at)"
    " VALUES (:kiosk, :version, :sha256, :state, :code, 0, 0, :now_s) ON CONFLICT DO NOTHING"
)

# Without its WHERE, SQLite takes ON for a join's. All workers go in one order, so that no two wait
# for each other.
_ADD_TO_ALL = text(
    "INSERT INTO kiosk_lists (kiosk, version, sha256, state, code, sends, sent_at, told_at)"
    " SELECT DISTINCT kiosk, :version, :sha256, 'lacks', '', 0, 0, 0 FROM kiosk_lists WHERE true"
    " ORDER BY kiosk"
    " ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class ListAt:
    """One list at one kiosk; `code` says why it was refused there.

    It was sent `sends` times, last at `sent_at` (Unix seconds; 0 for never).
    """

    version: str
    state: State
    code: str
    sends: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a kiosk's word comes to for one list."""

    version: str
    sha256: str
    state: State
    code: str = ""


def hear(connection: Connection, kiosk: str, found: Sequence[Judged], now_s: int) -> None:
    """Take what a kiosk said of its lists; call it in the kiosk's turn."""
    asked = select(kiosk_lists).where(kiosk_lists.c.kiosk == kiosk)
    before = {row.version: row for row in connection.execute(asked)}
    for one in found:
        row, code = before.get(one.version), as_kept(one.code)
        said = {"sha256": one.sha256, "state": one.state, "code": code}
        if row is None:
            connection.execute(
                _ADD, {"kiosk": kiosk, "version": one.version, "now_s": now_s} | said
            )
            continue
        if one.state == "lacks" and row.state == "sent":
            continue  # it is under way
        if (row.sha256, row.state, row.code) != tuple(said.values()):
            fresh = one.state == "lacks" and row.state != "refused"
            again = {"sends": 0, "sent_at": 0} if fresh else {}
            of = and_(kiosk_lists.c.kiosk == kiosk, kiosk_lists.c.version == one.version)
            values: dict[str, Any] = {**said, **again, "told_at": now_s}
            connection.execute(update(kiosk_lists).where(of).values(**values))


def add_to_all(connection: Connection, version: str, sha256: str) -> None:
    """A list is new: whoever ever said which lists they have lacks it until they say otherwise."""
    connection.execute(_ADD_TO_ALL, {"version": version, "sha256": sha256})


def forget(connection: Connection, versions: Collection[str]) -> None:
    """Let lists go that nobody needs any more."""
    connection.execute(delete(kiosk_lists).where(kiosk_lists.c.version.in_(versions)))


def forget_kiosk(connection: Connection, kiosk: str) -> None:
    """A kiosk takes no lists over the wire any more; call it in the kiosk's turn."""
    connection.execute(delete(kiosk_lists).where(kiosk_lists.c.kiosk == kiosk))


def any_due(connection: Connection, versions: Collection[str], now_s: int) -> bool:
    """Whether one of these lists is to be sent to anybody now."""
    query = select(kiosk_lists.c.kiosk).where(_is_due(versions, now_s)).limit(1)
    return connection.execute(query).first() is not None


def due(
    connection: Connection, versions: Collection[str], now_s: int, kiosk: str | None = None
) -> list[tuple[str, str, str, str]]:
    """City, route, kiosk and version of what is to be sent now, marked as sent.

    With a `kiosk` only what it lacks.
    """
    asked = _is_due(versions, now_s)
    if kiosk is not None:
        asked = and_(asked, kiosk_lists.c.kiosk == kiosk)
    key = (kiosk_lists.c.kiosk, kiosk_lists.c.version)
    oldest = select(*key).where(asked).order_by(kiosk_lists.c.sent_at, *key).limit(SEND_MOST)
    # What another worker has in hand is its own: nobody waits, so no two wait for each other.
    mine = [tuple(row) for row in connection.execute(oldest.with_for_update(skip_locked=True))]
    for one, version in mine:
        of = and_(kiosk_lists.c.kiosk == one, kiosk_lists.c.version == version)
        # A refusal stands until the kiosk says otherwise: it tells only what is news.
        state = case((kiosk_lists.c.state == "lacks", "sent"), else_=kiosk_lists.c.state)
        values = {"state": state, "sends": kiosk_lists.c.sends + 1, "sent_at": now_s}
        connection.execute(update(kiosk_lists).where(of).values(**values))
    kiosks = among(connection, fleet_kiosks.c.kiosk, {one for one, _ in mine})
    found = connection.execute(select(fleet_kiosks).where(kiosks)).all() if mine else ()
    where = {row.kiosk: (row.city, row.route) for row in found}
    return [(*where[one], one, version) for one, version in mine if one in where]


def lists_at(connection: Connection, kiosks: Collection[str]) -> dict[str, tuple[ListAt, ...]]:
    """Kiosk → the lists that it has or should have, by version."""
    mine = and_(kiosk_lists.c.state != "passed", among(connection, kiosk_lists.c.kiosk, kiosks))
    found: dict[str, tuple[ListAt, ...]] = {}
    asked = select(kiosk_lists).where(mine).order_by(kiosk_lists.c.kiosk, kiosk_lists.c.version)
    for row in connection.execute(asked):
        one = ListAt(row.version, row.state, row.code, row.sends, row.sent_at)
        found[row.kiosk] = (*found.get(row.kiosk, ()), one)
    return found


def _is_due(versions: Iterable[str], now_s: int) -> ColumnElement[bool]:
    """One of these, at a kiosk that is there, for the first time or again since it has it not."""
    table = kiosk_lists.c
    patience_s = case(
        (and_(table.state == "refused", table.code == NOT_KEPT), NOT_KEPT_S),
        (table.state == "refused", REFUSED_S),
        (table.sends == 0, 0),
        (table.sends == 1, AGAIN_S),
        (table.sends == 2, 4 * AGAIN_S),
        (table.sends == 3, 20 * AGAIN_S),
        else_=120 * AGAIN_S,
    )
    is_there = exists().where(fleet_kiosks.c.kiosk == table.kiosk, fleet_kiosks.c.online == 1)
    return and_(
        table.version.in_(list(versions)),
        table.state.in_(("lacks", "sent", "refused")),
        or_(table.sent_at <= now_s - patience_s, table.sent_at > now_s + AHEAD_S),
        is_there,
    )
