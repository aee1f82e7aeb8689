"""Indexes that posting kept up and nobody read, or read for a few rows alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

HELD = sa.text("state = 'held'")
SPENT = sa.text("debit <> 'operator'")


def upgrade() -> None:
    """What another index begins with goes; of the few held and spent, the few are kept."""
    op.drop_index("ix_deposits_account", "deposits")
    op.drop_index("deposits_by_bin", "deposits")
    op.drop_index("ix_flags_record_id", "flags")
    op.drop_index("records_by_state", "records")
    op.create_index(
        "records_held", "records", ["account"], postgresql_where=HELD, sqlite_where=HELD
    )
    op.drop_index("ix_transfers_debit", "transfers")
    op.create_index(
        "transfers_spent", "transfers", ["debit"], postgresql_where=SPENT, sqlite_where=SPENT
    )


def downgrade() -> None:
    """All of them again."""
    op.drop_index("transfers_spent", "transfers")
    op.create_index("ix_transfers_debit", "transfers", ["debit"])
    op.drop_index("records_held", "records")
    op.create_index("records_by_state", "records", ["state", "account"])
    op.create_index("ix_flags_record_id", "flags", ["record_id"])
    by_bin = ["kiosk", "bay", "bin_index", "at_s", "mass_g"]
    op.create_index("deposits_by_bin", "deposits", by_bin)
    op.create_index("ix_deposits_account", "deposits", ["account"])
