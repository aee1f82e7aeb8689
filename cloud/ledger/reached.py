"""How far one transaction brings the heads of many kiosks, told from what it posted itself.

Most kiosks send what follows on what the ledger has. Then nothing need be read again to know where
the chain ends. Where anything else lies beyond a head, `cloud.ledger.head` looks it up link by
link.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cloud.ledger import head
from cloud.store.bulk import Each
from contract.fields import ZERO_HASH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from cloud.ledger.head import Head
    from contract.record import Record

Journal = tuple[str, str]
"""Kiosk and epoch."""

_HEAD = Each(
    """
    SELECT upto, sha256, (
        SELECT after FROM records
        WHERE records.kiosk = heads.kiosk AND records.epoch = heads.epoch AND after >= upto
        ORDER BY after LIMIT 1
    ) FROM heads WHERE kiosk = {kiosk} AND epoch = {epoch}
    """,
    kiosk="text",
    epoch="text",
)
_FIRST = Each(
    """
    SELECT after FROM records
    WHERE kiosk = {kiosk} AND epoch = {epoch} AND after >= 0 ORDER BY after LIMIT 1
    """,
    kiosk="text",
    epoch="text",
)


class Reached(NamedTuple):
    """A head, and whether records lie beyond it already."""

    head: Head
    has_more: bool


def reached_of(connection: Connection, journals: Collection[Journal]) -> dict[Journal, Reached]:
    """How far each journal is posted, as the last `advance` of it left that."""
    asked = list(journals)
    found = {
        asked[number]: Reached((upto, sha256), after is not None)
        for number, (upto, sha256, after) in _HEAD.ask(connection, asked)
    }
    new = [one for one in asked if one not in found]
    begun = {new[number] for number, _ in _FIRST.ask(connection, new)}
    return found | {one: Reached((0, ZERO_HASH), one in begun) for one in new}


def advance_all(
    connection: Connection, before: Mapping[Journal, Reached], posted: Iterable[Record]
) -> dict[Journal, Head]:
    """Bring the heads on, now that `posted` are in the ledger, and say where they are.

    `before` was read in the same transaction, when nothing was posted in it.
    """
    theirs: defaultdict[Journal, list[Record]] = defaultdict(list)
    for one in posted:
        theirs[one.kiosk, one.epoch].append(one)
    reached: dict[Journal, Head] = {}
    moved: dict[Journal, Head] = {}
    for journal, (old, has_more) in before.items():
        new = None if has_more else _walked(old, theirs[journal])
        reached[journal] = new or head.advance(connection, *journal)
        if new is not None and new != old:
            moved[journal] = new
    head.keep(connection, moved)
    return reached


def _walked(old: Head, posted: Sequence[Record]) -> Head | None:
    """Where the links lead; None where one of them hangs loose and more must be known."""
    links: dict[int, Head] = {}
    for one in sorted(posted, key=lambda one: one.seq, reverse=True):
        if one.after is not None and one.after < one.seq:
            links[one.after] = (one.seq, one.sha256)
    new = old
    while new[0] in links:
        new = links[new[0]]
    loose = any(after >= new[0] for after in links)
    return None if loose else new
