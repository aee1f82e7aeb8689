"""How far the ledger has a kiosk's records without a gap, as its acks say.

A record says in `after` which sent record came before it, so the walk goes from link to link. A
line that was rejected is passed once a record that posted names it in its own `after`: the kiosk
keeps it aside, and nothing will ever come in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from cloud.schema import heads, records, rejected
from contract.fields import ZERO_HASH

if TYPE_CHECKING:
    from sqlalchemy import Connection

Head = tuple[int, str]
"""Seq and hash of the last record before the first gap; 0 and 64 zeros where there is none."""


def current(connection: Connection, kiosk: str, epoch: str) -> Head:
    """The head as the last `advance` left it."""
    found = connection.execute(
        select(heads.c.upto, heads.c.sha256).filter_by(kiosk=kiosk, epoch=epoch)
    ).first()
    return (0, ZERO_HASH) if found is None else (found.upto, found.sha256)


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
    found = connection.execute(
        select(records.c.seq, records.c.sha256)
        .filter_by(kiosk=kiosk, epoch=epoch, after=at)
        .where(records.c.seq > at)
        .order_by(records.c.seq)
        .limit(1)
    ).first()
    return found and (found.seq, found.sha256)


def _rejected_after(connection: Connection, kiosk: str, epoch: str, at: int) -> int:
    """The seq of a rejected line that claims to come after `at`; 0 where there is none."""
    found: int | None = connection.execute(
        select(rejected.c.seq)
        .filter_by(kiosk=kiosk, epoch=epoch, after=at)
        .where(rejected.c.seq > at)
        .order_by(rejected.c.seq)
        .limit(1)
    ).scalar()
    return found or 0


def _keep(connection: Connection, kiosk: str, epoch: str, head: Head) -> None:
    values = {"upto": head[0], "sha256": head[1]}
    changed = connection.execute(
        update(heads).where(heads.c.kiosk == kiosk, heads.c.epoch == epoch).values(values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(heads).values(kiosk=kiosk, epoch=epoch, **values))
