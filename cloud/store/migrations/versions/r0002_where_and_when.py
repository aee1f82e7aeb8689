"""Deposits say where and when they fell and with which code: it stood in their lines.

With that, and the barcodes beside it, the ledger flags what is not plausible.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

BEFORE = (
    "record_id, kiosk, deposit_id, account, at, item_code, catalogue_version, mass_g, pieces, "
    "priced_by, points, shown_points, carbon_g"
)

READ = {
    "sqlite": """
        json_extract(CAST(line AS TEXT), '$.body.bay'),
        json_extract(CAST(line AS TEXT), '$.body.bin_index'),
        json_extract(CAST(line AS TEXT), '$.body.jti'),
        CAST(strftime('%s', old.at) AS INTEGER)
        """,
    "postgresql": """
        convert_from(line, 'UTF8')::json #>> '{body,bay}',
        (convert_from(line, 'UTF8')::json #>> '{body,bin_index}')::bigint,
        convert_from(line, 'UTF8')::json #>> '{body,jti}',
        floor(extract(epoch FROM old.at::timestamptz))::bigint
        """,
}
"""Bay, bin, code and time out of a record's line."""


def upgrade() -> None:
    """Make the table anew: SQLite adds no column that must not be empty."""
    _put_aside("deposits", "deposits_1")
    _deposits(
        sa.Column("bay", sa.String, nullable=False),
        sa.Column("bin_index", WHOLE, nullable=False),
        sa.Column("jti", sa.String, nullable=False),
        sa.Column("at_s", WHOLE, nullable=False),
    )
    op.create_index("deposits_by_day", "deposits", ["account", "at_s", "kiosk", "mass_g"])
    op.create_index("deposits_by_bay", "deposits", ["kiosk", "bay", "at_s"])
    by_bin = ["kiosk", "bay", "bin_index", "at_s", "mass_g"]
    op.create_index("deposits_by_bin", "deposits", by_bin)
    op.create_index("deposits_by_code", "deposits", ["jti", "kiosk"])
    old = ", ".join(f"old.{name.strip()}" for name in BEFORE.split(","))
    op.execute(
        f"INSERT INTO deposits ({BEFORE}, bay, bin_index, jti, at_s) "  # noqa: S608  # all ours
        f"SELECT {old}, {READ[op.get_bind().dialect.name]} "
        "FROM deposits_1 AS old JOIN records ON records.id = old.record_id"
    )
    op.drop_table("deposits_1")
    _barcodes()
    _flags()


def downgrade() -> None:
    """What a deposit says beyond its line goes, and so do the flags."""
    op.drop_table("flags")
    op.drop_table("barcodes")
    for name in ("day", "bay", "bin", "code"):
        op.drop_index(f"deposits_by_{name}", "deposits")
    _put_aside("deposits", "deposits_2")
    _deposits()
    op.execute(
        f"INSERT INTO deposits ({BEFORE}) SELECT {BEFORE} FROM deposits_2"  # noqa: S608
    )
    op.drop_table("deposits_2")


def _put_aside(name: str, aside: str) -> None:
    """Rename the table, and on PostgreSQL, where they have names of their own, what hangs on it."""
    op.drop_index("ix_deposits_account", name)
    op.rename_table(name, aside)
    if op.get_bind().dialect.name == "postgresql":
        for tail in ("pkey", "kiosk_deposit_id_key", "record_id_fkey"):
            op.execute(f"ALTER TABLE {aside} RENAME CONSTRAINT {name}_{tail} TO {aside}_{tail}")


def _deposits(*more: sa.Column[str] | sa.Column[int]) -> None:
    op.create_table(
        "deposits",
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("deposit_id", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("item_code", sa.String, nullable=False),
        sa.Column("catalogue_version", sa.String, nullable=False),
        sa.Column("mass_g", WHOLE, nullable=False),
        sa.Column("pieces", WHOLE, nullable=False),
        sa.Column("priced_by", sa.String, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("shown_points", WHOLE, nullable=False),
        sa.Column("carbon_g", WHOLE, nullable=False),
        *more,
        sa.UniqueConstraint("kiosk", "deposit_id"),
    )
    op.create_index("ix_deposits_account", "deposits", ["account"])


def _barcodes() -> None:
    op.create_table(
        "barcodes",
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("barcode", sa.String, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("at_s", WHOLE, nullable=False),
    )
    op.create_index("barcodes_by_day", "barcodes", ["account", "barcode", "at_s"])


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), nullable=False, index=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.UniqueConstraint("record_id", "code"),
    )
