"""What guests' points were given to: each gift has a key, so that one asked for twice is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Gifts of before have no key."""
    op.add_column("donations", sa.Column("key_sha256", sa.String))
    op.create_index("donations_by_key", "donations", ["staff", "key_sha256"], unique=True)


def downgrade() -> None:
    """The gifts stay, and their keys are no longer known."""
    op.drop_index("donations_by_key", "donations")
    op.drop_column("donations", "key_sha256")
