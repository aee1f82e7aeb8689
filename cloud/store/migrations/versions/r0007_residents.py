"""Residents' sign-ins: who is signed in, what was tried, PINs of cards, and what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Five tables more; those of before stay as they are."""
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("token_sha256", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.String, nullable=False, index=True),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
    )
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
    )
    op.create_index("sign_in_tries_by_who", "sign_in_tries", ["what", "who", "at"])
    op.create_table(
        "card_pins",
        sa.Column("card_id", sa.String, primary_key=True),
        sa.Column("pin", sa.String, nullable=False),
        sa.Column("set_at", WHOLE, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("at", WHOLE, nullable=False),
    )


def downgrade() -> None:
    """Everybody is signed out, PINs go, and which accounts were erased is no longer known."""
    for name in ("erasures", "card_pins", "sign_in_tries", "sign_in_codes", "sign_ins"):
        op.drop_table(name)
