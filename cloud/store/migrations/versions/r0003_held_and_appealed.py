"""What residents appeal and staff decide about records, and the log of who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Four tables more; those of before stay as they are."""
    op.create_table(
        "appeals",
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("sentence", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id"), nullable=False, index=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("deposit_id", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("outcome IN ('released', 'refused')"),
    )
    op.create_index("decisions_by_load", "decisions", ["kiosk", "deposit_id"])
    op.create_table(
        "staff",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("token_sha256", sa.String, nullable=False, unique=True),
        sa.Column("expires_at", WHOLE, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("record_id", WHOLE, sa.ForeignKey("records.id")),
        sa.Column("detail", sa.String, nullable=False),
    )


def downgrade() -> None:
    """Points stay as they were decided; why is lost."""
    for name in ("audit", "staff", "decisions", "appeals"):
        op.drop_table(name)
