"""Where points of an erased account go, and whose a decision is: neither is looked for any more.

What was said at erasures of before stands in the audit log: `donated 8`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

Whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")

DONATED = """
    UPDATE erasures SET rest = 'donated' WHERE 'resident:' || account IN
    (SELECT actor FROM audit WHERE action = 'erased' AND detail LIKE 'donated%')
"""

WHOSE = """
    UPDATE decisions SET account =
    (SELECT account FROM records WHERE records.id = decisions.record_id)
"""


def upgrade() -> None:
    """What came to erased accounts meanwhile goes the same way from now on."""
    rest = sa.Column("rest", sa.String, nullable=False, server_default="forfeited")
    op.add_column("erasures", rest)
    op.execute(DONATED)
    op.create_table(
        "rests",
        sa.Column("entry_id", Whole, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("rest", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.CheckConstraint("rest IN ('donated', 'forfeited')", name="rests_go_somewhere"),
        sa.CheckConstraint("cause IN ('erasure', 'refund', 'later')", name="rests_have_a_cause"),
    )
    op.add_column("decisions", sa.Column("account", sa.String))
    op.execute(WHOSE)
    op.create_index("ix_decisions_account", "decisions", ["account"])


def downgrade() -> None:
    """The books stay; which of their entries were of erased accounts only their reasons say."""
    op.drop_index("ix_decisions_account", "decisions")
    op.drop_column("decisions", "account")
    op.drop_table("rests")
    op.drop_column("erasures", "rest")
