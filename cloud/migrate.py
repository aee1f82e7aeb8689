"""Bringing an older ledger's tables to what `cloud.schema` says today, one version at a time.

Each step runs inside the transaction that opens the database: it is done wholly or not at all,
and the ledger of before is still there after a power cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, MetaData

_DEPOSITS_2 = text(
    """
    INSERT INTO deposits (
        record_id, kiosk, deposit_id, account, at, item_code, catalogue_version, mass_g, pieces,
        priced_by, points, shown_points, carbon_g, bay, bin_index, jti, at_s
    )
    SELECT
        record_id, old.kiosk, deposit_id, old.account, at, item_code, catalogue_version, mass_g,
        pieces, priced_by, points, shown_points, carbon_g,
        json_extract(CAST(line AS TEXT), '$.body.bay'),
        json_extract(CAST(line AS TEXT), '$.body.bin_index'),
        json_extract(CAST(line AS TEXT), '$.body.jti'),
        CAST(strftime('%s', at) AS INTEGER)
    FROM deposits_1 AS old JOIN records ON records.id = old.record_id
    """
)


def migrate(connection: Connection, metadata: MetaData, version: int) -> None:
    """Make the tables of `metadata` out of those of an older `version`; 0 is an empty file."""
    steps: tuple[Callable[[Connection, MetaData], None], ...] = (_to_2,)
    if version > 0:
        for step in steps[version - 1 :]:
            step(connection, metadata)
    metadata.create_all(connection)


def _to_2(connection: Connection, metadata: MetaData) -> None:
    """Deposits say where and when they fell and with which code: it stood in their lines."""
    connection.execute(text("ALTER TABLE deposits RENAME TO deposits_1"))
    connection.execute(text("DROP INDEX ix_deposits_account"))
    metadata.create_all(connection)
    connection.execute(_DEPOSITS_2)
    connection.execute(text("DROP TABLE deposits_1"))
