"""Since when each kiosk is on or off line: kept over restarts of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.store.database import reading
from cloud.store.schema_fleet import fleet_kiosks

if TYPE_CHECKING:
    from sqlalchemy import Engine


def online_since(database: Engine) -> dict[str, int]:
    """Kiosk → since when it is as it is (Unix seconds), of every kiosk that was ever heard.

    Raises:
        LedgerError: The database failed.
    """
    with reading(database) as connection:
        asked = select(fleet_kiosks.c.kiosk, fleet_kiosks.c.since)
        return {row.kiosk: row.since for row in connection.execute(asked)}
