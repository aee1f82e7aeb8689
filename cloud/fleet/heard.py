"""How each kiosk was heard last, kept over a restart of the platform.

A kiosk says of itself what it likes: its state, its bins, its condition. What it said last stands
here as it came, with when. The messages of one kiosk come in order to each worker, so the last one
written is the last one said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import insert, select, update

from cloud.store.bulk import among, take_turns
from cloud.store.database import reading
from cloud.store.schema_fleet import fleet_kiosks
from contract.condition import KioskCondition
from contract.errors import PayloadError
from contract.payloads import BinLevels, KioskState, decode, encode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from sqlalchemy import Connection, Engine, Row

    from contract.topics import ParsedTopic

Said = KioskState | KioskCondition | BinLevels
"""What a kiosk says of itself."""

P = TypeVar("P", KioskState, KioskCondition, BinLevels)

COLUMNS: dict[type, str] = {
    KioskState: "state",
    KioskCondition: "condition",
    BinLevels: "levels",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One kiosk as it was heard last; times in Unix seconds by the platform's clock.

    `online` since, or not online since, `since`. `city` and `route` are what its topics say.
    """

    kiosk: str
    city: str
    route: str
    online: bool
    since: int
    seen_at: int
    state: KioskState | None = None
    condition: KioskCondition | None = None
    levels: BinLevels | None = None


def hear(connection: Connection, topic: ParsedTopic, said: Said, now_s: int) -> None:
    """Keep what a kiosk said, in place of what it said before."""
    take_turns(connection, [topic.kiosk])
    kiosk = fleet_kiosks.c.kiosk == topic.kiosk
    before = connection.execute(select(fleet_kiosks).where(kiosk)).first()
    values: dict[str, Any] = {
        "city": topic.city,
        "route": topic.district,
        "seen_at": now_s,
        COLUMNS[type(said)]: encode(said).decode(),
    }
    # Levels and condition come from a kiosk that is there, but may have waited at the broker.
    online = before is not None and bool(before.online)
    if isinstance(said, KioskState):
        online = said.online
    if before is None or online != bool(before.online):
        values |= {"online": int(online), "since": now_s}
    if before is None:
        connection.execute(insert(fleet_kiosks).values(kiosk=topic.kiosk, **values))
    else:
        connection.execute(update(fleet_kiosks).where(kiosk).values(**values))


def heard_of(connection: Connection, kiosks: Collection[str]) -> dict[str, Heard]:
    """These kiosks as they were heard last; those that never were are left out."""
    query = select(fleet_kiosks).where(among(connection, fleet_kiosks.c.kiosk, kiosks))
    return {row.kiosk: _read(row) for row in connection.execute(query)}


def known(connection: Connection) -> Sequence[str]:
    """The ids of all kiosks that were ever heard, in their order."""
    query = select(fleet_kiosks.c.kiosk).order_by(fleet_kiosks.c.kiosk)
    return connection.execute(query).scalars().all()


def online_since(database: Engine) -> dict[str, int]:
    """Kiosk → since when it is on or off line (Unix seconds), of every kiosk that was ever heard.

    Raises:
        LedgerError: The database failed.
    """
    with reading(database) as connection:
        asked = select(fleet_kiosks.c.kiosk, fleet_kiosks.c.since)
        return {row.kiosk: row.since for row in connection.execute(asked)}


def _read(row: Row[Any]) -> Heard:
    return Heard(
        row.kiosk,
        row.city,
        row.route,
        bool(row.online),
        row.since,
        row.seen_at,
        _as(KioskState, row.state),
        _as(KioskCondition, row.condition),
        _as(BinLevels, row.levels),
    )


def _as(model: type[P], text: str | None) -> P | None:
    """What was kept; None where none was, or where software of before wrote it otherwise."""
    if text is None:
        return None
    try:
        return decode(model, text.encode())
    except PayloadError:
        return None
