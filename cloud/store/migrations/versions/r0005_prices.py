"""Drafts of catalogues, and who signed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

STATES = "state IN ('open', 'frozen', 'signed', 'approved', 'rejected', 'withdrawn')"


def upgrade() -> None:
    """One table more, and an index for how often something was refused."""
    op.create_table(
        "price_drafts",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("version", sa.String, nullable=False, unique=True),
        sa.Column("base", sa.String, nullable=False),
        sa.Column("valid_from", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("edits", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("drafted_at", WHOLE, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", WHOLE),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("file", sa.LargeBinary),
        sa.Column("filed_at", WHOLE),
        sa.CheckConstraint(STATES),
    )
    op.create_index("price_drafts_by_state", "price_drafts", ["state", "base"])
    op.create_index("audit_by_action", "audit", ["action"])


def downgrade() -> None:
    """The signed lists stay where they are: in the platform's folder."""
    op.drop_index("audit_by_action", "audit")
    op.drop_table("price_drafts")
