"""Which cards and badges are no longer good, and the signed list of them for the kiosks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import insert  # SQLite understands it as well

from cloud.store.database import reading
from contract.hours import day_of
from contract.revoked import Revoked, sign_revoked

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cloud.accounts.codes import CityKeys

metadata = MetaData()

revocations = Table(
    "revocations",
    metadata,
    Column("id", String, primary_key=True),
    Column("revoked_at", Integer, nullable=False),
    # until then it must stand on the list
    Column("expires_at", Integer, nullable=False),
)


def revoke(connection: Connection, revoked_id: str, now_s: int, expires_at: int) -> None:
    """Put an id (16 hex digits) on the list until it expires; again changes nothing."""
    connection.execute(
        insert(revocations)
        .values(id=revoked_id, revoked_at=now_s, expires_at=expires_at)
        .on_conflict_do_nothing()
    )


def is_revoked(connection: Connection, revoked_id: str) -> bool:
    """Whether an id was ever put on the list."""
    listed = select(revocations.c.id).where(revocations.c.id == revoked_id)
    return connection.execute(listed).first() is not None


def signed_list(engine: Engine, keys: CityKeys, now_s: int) -> bytes:
    """The list as of `now_s` (Unix seconds), which is its version too: a later one counts."""
    good = select(revocations.c.id).where(revocations.c.expires_at > now_s)
    with reading(engine) as connection:
        ids = tuple(connection.execute(good.order_by(revocations.c.id)).scalars())
    revoked = Revoked(version=now_s, issued_on=day_of(now_s), ids=ids)
    return sign_revoked(revoked, keys.at(now_s))
