"""Commands to kiosks, and what became of them; how each kiosk was heard last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Four tables more; those of before stay as they are."""
    op.create_table(
        "fleet_kiosks",
        sa.Column("kiosk", sa.String, primary_key=True),
        sa.Column("city", sa.String, nullable=False),
        sa.Column("route", sa.String, nullable=False),
        sa.Column("online", WHOLE, nullable=False),
        sa.Column("since", WHOLE, nullable=False),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.Column("state", sa.String),
        sa.Column("condition", sa.String),
        sa.Column("levels", sa.String),
    )
    op.create_table(
        "commands",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("command_id", sa.String, nullable=False, unique=True),
        sa.Column("kiosk", sa.String, nullable=False),
        sa.Column("verb", sa.String, nullable=False),
        sa.Column("arguments", sa.String, nullable=False),
        sa.Column("staff", sa.String, nullable=False),
        sa.Column("issued_at", WHOLE, nullable=False),
        sa.Column("not_after", WHOLE, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("sent_at", WHOLE, nullable=False),
        sa.Column("sends", WHOLE, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("ended_at", WHOLE),
        sa.Column("line", sa.String, nullable=False),
        sa.CheckConstraint("state IN ('issued', 'sent', 'waiting', 'done', 'refused', 'expired')"),
    )
    op.create_index("commands_by_kiosk", "commands", ["kiosk", "id"])
    op.create_index("commands_by_state", "commands", ["state", "kiosk"])
    of_command = sa.ForeignKey("commands.command_id")
    op.create_table(
        "bundle_parts",
        sa.Column("command_id", sa.String, of_command, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("part", WHOLE, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("command_id", "sha256", "part"),
    )
    op.create_table(
        "bundles",
        sa.Column("command_id", sa.String, sa.ForeignKey("commands.command_id"), primary_key=True),
        sa.Column("kiosk", sa.String, nullable=False, index=True),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
    )


def downgrade() -> None:
    """What kiosks do stays done; what became of commands is lost."""
    for name in ("bundles", "bundle_parts", "commands", "fleet_kiosks"):
        op.drop_table(name)
