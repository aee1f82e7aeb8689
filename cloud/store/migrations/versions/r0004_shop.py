"""Partners, their goods, and what residents have redeemed; an entry may be about no record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cloud.errors import LedgerError

revision = "0004"
down_revision = "0003"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

EMPTY, NEVER_EMPTY = "record_id INTEGER", "record_id INTEGER NOT NULL"
"""How SQLite keeps the column: as it was written in the statement that made the table."""


def upgrade() -> None:
    """Five tables more, and `entries.record_id` may be empty."""
    _let_be_empty(True)
    _partners()
    _goods()
    _redemptions()
    op.create_table(
        "redemption_entries",
        sa.Column("entry_id", WHOLE, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("redemption_id", WHOLE, sa.ForeignKey("redemptions.id"), nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.UniqueConstraint("redemption_id", "step"),
        sa.CheckConstraint("step IN ('reserve', 'end', 'refund')", name="redemptions_go_by_steps"),
    )
    op.create_table(
        "donations",
        sa.Column("entry_id", WHOLE, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("cause", sa.String, nullable=False, index=True),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
    )


def downgrade() -> None:
    """The shop goes, as long as no points were moved in it.

    Raises:
        LedgerError: They were: the books of before have no place for that, and are not shortened.
    """
    moved = sa.text("SELECT count(*) FROM entries WHERE record_id IS NULL")
    if op.get_bind().execute(moved).scalar_one():
        raise LedgerError(
            "the books hold redemptions or donations, which revision 0003 has no place for: "
            "go back to a copy from before them"
        )
    for name in ("donations", "redemption_entries", "redemptions", "goods", "partners"):
        op.drop_table(name)
    _let_be_empty(False)


def _let_be_empty(empty: bool) -> None:
    """Whether an entry may be about no record.

    SQLite changes no column, and to make the table anew means to make all anew that points at it.
    So its statement is written anew, the way SQLite's own manual gives for a NOT NULL (ALTER TABLE,
    7, "other kinds of changes"): the rows stay as they are, however many.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("entries", "record_id", nullable=empty)
        return
    before, after = (NEVER_EMPTY, EMPTY) if empty else (EMPTY, NEVER_EMPTY)
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(replace(sql, :never, :empty), :before, :after)"
            " WHERE type = 'table' AND name = 'entries'"
        ),
        # First as if it might be empty, so that what is so already stays so.
        {"never": NEVER_EMPTY, "empty": EMPTY, "before": before, "after": after},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {int(version) + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _partners() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("zh", sa.String, nullable=False),
        sa.Column("en", sa.String, nullable=False),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("token_sha256", sa.String, nullable=False, unique=True),
        sa.Column("expires_at", WHOLE, nullable=False),
    )


def _goods() -> None:
    op.create_table(
        "goods",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("partner", sa.String, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("zh", sa.String, nullable=False),
        sa.Column("en", sa.String, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("stock", WHOLE, nullable=False),
        sa.Column("on_sale", sa.Boolean, nullable=False),
        sa.UniqueConstraint("partner", "code"),
        sa.CheckConstraint("points > 0", name="goods_cost_points"),
        sa.CheckConstraint("stock >= 0", name="goods_are_there"),
    )


def _redemptions() -> None:
    op.create_table(
        "redemptions",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("partner", sa.String, sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("good_id", WHOLE, sa.ForeignKey("goods.id"), nullable=False),
        sa.Column("zh", sa.String, nullable=False),
        sa.Column("en", sa.String, nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("key_sha256", sa.String, nullable=False),
        sa.Column("code_sha256", sa.String, nullable=False, unique=True),
        sa.Column("reserved_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE),
        sa.Column("refunded_at", WHOLE),
        sa.UniqueConstraint("account", "key_sha256"),
        sa.CheckConstraint(
            "state IN ('reserved', 'confirmed', 'cancelled', 'expired', 'refunded')",
            name="redemptions_have_a_state",
        ),
    )
    for name, *columns in (
        ("redemptions_by_account", "account", "id"),
        ("redemptions_by_partner", "partner", "id"),
        ("redemptions_by_end", "partner", "ended_at"),
        ("redemptions_by_refund", "partner", "refunded_at"),
        ("redemptions_due", "state", "expires_at"),
    ):
        op.create_index(name, "redemptions", columns)
