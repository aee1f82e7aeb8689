"""How far the ledger has a kiosk's records without a gap, as its acks say.

A record says in `after` which sent record came before it, so the walk goes from link to link. A
record that its kiosk signed in another's name is passed once one that posted names it in its own
`after`: the kiosk keeps it aside, and nothing will ever come in its place. No other rejected line
is passed. Nobody signed them, so the kiosk's own record is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from cloud.schema import heads, records, rejected
from contract.fields import ZERO_HASH

if TYPE_CHECKING:
    from sqlalchemy import Connection

WRONG_KIOSK = "wrong-kiosk"
"""Code of a record that names another kiosk than the one that signed and sent it."""

# Put together once, as they run for every record.
_NEXT_POSTED = (
    select(records.c.seq, records.c.sha256)
    .where(
        records.c.kiosk == bindparam("kiosk"),
        records.c.epoch == bindparam("epoch"),
        records.c.after == bindparam("at"),
        records.c.seq > bindparam("at"),
    )
    .order_by(records.c.seq)
    .limit(1)
)
_NEXT_REJECTED = (
    select(rejected.c.seq)
    .where(
        rejected.c.kiosk == bindparam("kiosk"),
        rejected.c.epoch == bindparam("epoch"),
        rejected.c.after == bindparam("at"),
        rejected.c.seq > bindparam("at"),
        rejected.c.code == WRONG_KIOSK,
    )
    .order_by(rejected.c.seq)
    .limit(1)
)

Head = tuple[int, str]
"""Seq and hash of the last record before the first gap; 0 and 64 zeros where there is none."""


def current(connection: Connection, kiosk: str, epoch: str) -> Head:
    """The head as the last `advance` left it."""
    found = connection.execute(
        select(heads.c.upto, heads.c.sha256).filter_by(kiosk=kiosk, epoch=epoch)
    ).first()
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
    at = head[0]
    while True:
        if posted := _posted_after(connection, kiosk, epoch, at):
            head, at = posted, posted[0]
        elif passed := _rejected_after(connection, kiosk, epoch, at):
            at = passed
        else:
            break
    if head != before:
        _keep(connection, kiosk, epoch, head)
    return head


def _posted_after(connection: Connection, kiosk: str, epoch: str, at: int) -> Head | None:
    found = connection.execute(_NEXT_POSTED, {"kiosk": kiosk, "epoch": epoch, "at": at}).first()
    return found and (found.seq, found.sha256)


def _rejected_after(connection: Connection, kiosk: str, epoch: str, at: int) -> int:
    """The seq of a rejected record that comes after `at` and may be passed; 0 for none."""
    found: int | None = connection.execute(
        _NEXT_REJECTED, {"kiosk": kiosk, "epoch": epoch, "at": at}
    ).scalar()
    return found or 0


def _keep(connection: Connection, kiosk: str, epoch: str, head: Head) -> None:
    values = {"upto": head[0], "sha256": head[1]}
    changed = connection.execute(
        update(heads).where(heads.c.kiosk == kiosk, heads.c.epoch == epoch).values(values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(heads).values(kiosk=kiosk, epoch=epoch, **values))
