"""How far the ledger has a kiosk's records without a gap, as its acks say.

A record says in `after` which sent record came before it, so the walk goes from link to link. A
record that its kiosk signed in another's name is passed once one that posted names it in its own
`after`: the kiosk keeps it aside, and nothing will ever come in its place. No other rejected line
is passed. Nobody signed them, so the kiosk's own record is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite understands its ON CONFLICT as well

from cloud.store.schema import heads, records, rejected
from contract.canonical import INT_MAX
from contract.fields import ZERO_HASH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

WRONG_KIOSK = "wrong-kiosk"
"""Code of a record that names another kiosk than the one that signed and sent it."""

FIRST_LINKS, MOST_LINKS = 64, 4096
"""Links that are read at once: few where a gap is likely near, more where there was none."""

# Put together once, as they run for every batch.
_POSTED = (
    select(records.c.after, records.c.seq, records.c.sha256)
    .where(
        records.c.kiosk == bindparam("kiosk"),
        records.c.epoch == bindparam("epoch"),
        records.c.after >= bindparam("at"),
    )
    .order_by(records.c.after, records.c.seq)
    .limit(bindparam("links"))
)
_REJECTED = (
    select(rejected.c.after, rejected.c.seq)
    .where(
        rejected.c.kiosk == bindparam("kiosk"),
        rejected.c.epoch == bindparam("epoch"),
        rejected.c.after >= bindparam("at"),
        rejected.c.code == WRONG_KIOSK,
    )
    .order_by(rejected.c.after, rejected.c.seq)
    .limit(bindparam("links"))
)
_KEEP = insert(heads)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=[heads.c.kiosk, heads.c.epoch],
    set_={"upto": _KEEP.excluded.upto, "sha256": _KEEP.excluded.sha256},
)
_CURRENT = select(heads.c.upto, heads.c.sha256).where(
    heads.c.kiosk == bindparam("kiosk"), heads.c.epoch == bindparam("epoch")
)

Head = tuple[int, str]
"""Seq and hash of the last record before the first gap; 0 and 64 zeros where there is none."""


def current(connection: Connection, kiosk: str, epoch: str) -> Head:
    """The head as the last `advance` left it."""
    found = connection.execute(_CURRENT, {"kiosk": kiosk, "epoch": epoch}).first()
    return (0, ZERO_HASH) if found is None else (found.upto, found.sha256)


def of_kiosk(connection: Connection, kiosk: str) -> list[tuple[str, Head]]:
    """Epoch and head, of every epoch of a kiosk that has any."""
    rows = connection.execute(
        select(heads.c.epoch, heads.c.upto, heads.c.sha256)
        .filter_by(kiosk=kiosk)
        .order_by(heads.c.epoch)
    )
    return [(row.epoch, (row.upto, row.sha256)) for row in rows]


def advance(connection: Connection, kiosk: str, epoch: str) -> Head:
    """Follow the links from the head as far as they go, and keep where that is."""
    before = head = current(connection, kiosk, epoch)
    at, links = head[0], FIRST_LINKS
    while True:
        given: dict[str, str | int] = {"kiosk": kiosk, "epoch": epoch, "at": at, "links": links}
        began_at = at
        posted, passed, read_to = _links(connection, given)
        while at <= read_to and (at in posted or at in passed):
            if at in posted:
                head = posted[at]
                at = head[0]
            else:
                at = passed[at]
        if read_to == INT_MAX or at == began_at:
            break
        links = min(2 * links, MOST_LINKS)
    if head != before:
        keep(connection, {(kiosk, epoch): head})
    return head


def keep(connection: Connection, moved: Mapping[tuple[str, str], Head]) -> None:
    """Put down where the heads of these journals (kiosk and epoch) are now."""
    rows = [
        {"kiosk": kiosk, "epoch": epoch, "upto": upto, "sha256": sha256}
        for (kiosk, epoch), (upto, sha256) in moved.items()
    ]
    if rows:
        connection.execute(_KEEP, rows)


def _links(
    connection: Connection, given: dict[str, str | int]
) -> tuple[dict[int, Head], dict[int, int], int]:
    """What comes after each seq, of what posted and of what may be passed, and how far that goes.

    Nearest first; a link that goes back leads nowhere. What may be passed is only asked for where
    something posted lies beyond it.
    """
    rows = connection.execute(_POSTED, given).all()
    posted = {row.after: (row.seq, row.sha256) for row in reversed(rows) if row.seq > row.after}
    ends = [rows[-1].after] if len(rows) == given["links"] else []
    passed: dict[int, int] = {}
    if posted.keys() - {seq for seq, _ in posted.values()} - {given["at"]}:
        others = connection.execute(_REJECTED, given).all()
        passed = {row.after: row.seq for row in reversed(others) if row.seq > row.after}
        ends += [others[-1].after] if len(others) == given["links"] else []
    return posted, passed, min(ends, default=INT_MAX)
