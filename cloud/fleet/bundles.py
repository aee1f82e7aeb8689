"""Diagnostics bundles: they come in parts, are kept whole for 30 days, and then go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select

from cloud.store.schema_fleet import bundle_parts, bundles
from contract.bundle import bytes_of
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from contract.bundle import BundlePart

KEPT_S = 30 * 86_400
"""A bundle is for mending what is wrong now; it holds nobody's name, and still it goes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A bundle that is whole: `size_bytes`, its hash, and when it was (Unix seconds)."""

    command_id: str
    kiosk: str
    sha256: str
    size_bytes: int
    received_at: int


def take(connection: Connection, part: BundlePart, now_s: int) -> bool:
    """Keep a part; whether the bundle is whole now, or was before.

    A kiosk that began anew sends another bundle for the same command: the latest one counts.

    Parts that do not make what they say all go: they come again when the kiosk is asked again.

    Raises:
        PayloadError: `bundle-part`.
    """
    data = bytes_of(part)
    if is_whole(connection, part.id):
        return True
    of = bundle_parts.c.command_id == part.id
    connection.execute(delete(bundle_parts).where(of, bundle_parts.c.sha256 != part.sha256))
    mine = and_(of, bundle_parts.c.sha256 == part.sha256)
    if not connection.execute(
        select(func.count()).where(mine, bundle_parts.c.part == part.part)
    ).scalar_one():
        row = {"command_id": part.id, "sha256": part.sha256, "part": part.part}
        connection.execute(insert(bundle_parts).values(**row, data=data, received_at=now_s))
    if connection.execute(select(func.count()).where(mine)).scalar_one() < part.parts:
        return False
    asked = select(bundle_parts.c.data).where(mine).order_by(bundle_parts.c.part)
    whole = connection.execute(asked).scalars().all()
    connection.execute(delete(bundle_parts).where(of))
    return _keep(connection, part, b"".join(whole), now_s)


def is_whole(connection: Connection, command_id: str) -> bool:
    """Whether the bundle of a command is there."""
    query = select(func.count()).where(bundles.c.command_id == command_id)
    return bool(connection.execute(query).scalar_one())


def kept_of(connection: Connection, kiosk: str) -> list[Kept]:
    """A kiosk's bundles, newest first."""
    query = (
        select(bundles, func.length(bundles.c.data).label("size"))
        .where(bundles.c.kiosk == kiosk)
        .order_by(bundles.c.received_at.desc())
    )
    return [
        Kept(row.command_id, row.kiosk, row.sha256, row.size, row.received_at)
        for row in connection.execute(query)
    ]


def kiosk_of(connection: Connection, command_id: str) -> str | None:
    """Whose bundle it is; None where there is none, or none any more."""
    query = select(bundles.c.kiosk).where(bundles.c.command_id == command_id)
    return connection.execute(query).scalar()


def bundle(connection: Connection, command_id: str) -> tuple[str, bytes] | None:
    """Kiosk and bytes of a bundle; None where there is none, or none any more."""
    query = select(bundles.c.kiosk, bundles.c.data).where(bundles.c.command_id == command_id)
    row = connection.execute(query).first()
    return None if row is None else (row.kiosk, bytes(row.data))


def forget(connection: Connection, now_s: int) -> None:
    """Let go what is too old, and parts that were never followed by the rest."""
    for table in (bundles, bundle_parts):
        connection.execute(delete(table).where(table.c.received_at < now_s - KEPT_S))


def _keep(connection: Connection, part: BundlePart, data: bytes, now_s: int) -> bool:
    if len(data) != part.size_bytes or sha256_hex(data) != part.sha256:
        return False
    row = {"command_id": part.id, "kiosk": part.kiosk, "sha256": part.sha256}
    connection.execute(insert(bundles).values(**row, data=data, received_at=now_s))
    return True
