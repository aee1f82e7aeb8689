"""The first ledger: records, entries in double entry, heads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

POSTINGS = """
    CREATE VIEW postings AS
    SELECT entry_id, debit AS account, -points AS points FROM transfers
    UNION ALL
    SELECT entry_id, credit AS account, points FROM transfers
    """


def upgrade() -> None:
    """Make them."""
    _records()
    _deposits()
    _books()
    op.create_table(
        "heads",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("epoch", sa.String, primary_key=True),
        sa.Column("upto", WHOLE, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
    )
    _rejected()
    op.execute(POSTINGS)


def downgrade() -> None:
    """Leave nothing."""
    op.execute("DROP VIEW postings")
    for name in ("rejected", "heads", "carbon", "transfers", "entries", "deposits", "records"):
        op.drop_table(name)


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("epoch", sa.String, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("after", WHOLE),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("account", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("line", sa.LargeBinary, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
        sa.UniqueConstraint("kiosk", "epoch", "seq"),
        sa.CheckConstraint("state IN ('posted', 'held')"),
    )
    op.create_index("records_by_link", "records", ["kiosk", "epoch", "after"])
    op.create_index("records_by_state", "records", ["state", "account"])


def _deposits() -> None:
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
        sa.UniqueConstraint("kiosk", "deposit_id"),
    )
    op.create_index("ix_deposits_account", "deposits", ["account"])


def _books() -> None:
    op.create_table(
        "entries",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
    )
    op.create_table(
        "transfers",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("entry_id", WHOLE, sa.ForeignKey("entries.id"), nullable=False),
        sa.Column("debit", sa.String, nullable=False, index=True),
        sa.Column("credit", sa.String, nullable=False, index=True),
        sa.Column("points", WHOLE, nullable=False),
        sa.CheckConstraint("points > 0"),
        sa.CheckConstraint("debit <> credit"),
    )
    op.create_table(
        "carbon",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("entry_id", WHOLE, sa.ForeignKey("entries.id"), nullable=False),
        sa.Column("account", sa.String, nullable=False, index=True),
        sa.Column("grams", WHOLE, nullable=False),
    )


def _rejected() -> None:
    op.create_table(
        "rejected",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("epoch", sa.String, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("after", WHOLE),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("line", sa.LargeBinary, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
        sa.UniqueConstraint("kiosk", "epoch", "sha256", "code"),
    )
    op.create_index("rejected_by_link", "rejected", ["kiosk", "epoch", "after"])
