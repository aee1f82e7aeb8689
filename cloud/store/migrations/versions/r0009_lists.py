"""Price lists at kiosks: who has which, and when it was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """One table more; it fills as kiosks say what they have."""
    op.create_table(
        "kiosk_lists",
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("sends", WHOLE, nullable=False),
        sa.Column("sent_at", WHOLE, nullable=False),
        sa.Column("told_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "version"),
        sa.CheckConstraint("state IN ('lacks', 'sent', 'has', 'refused', 'passed')"),
    )
    op.create_index("kiosk_lists_by_state", "kiosk_lists", ["state", "version"])


def downgrade() -> None:
    """Kiosks keep their lists; which they have is no longer known."""
    op.drop_table("kiosk_lists")
