"""Sessions of staff and tills outlive the process; the audit log is found by what it is about."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

AT_ONCE = 5_000
"""Lines of the log that are gone through at a time."""


def upgrade() -> None:
    """Two tables and three indexes; lines of before are found as well."""
    _sessions()
    op.create_table(
        "audit_about",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("audit_id", WHOLE, sa.ForeignKey("audit.id"), primary_key=True),
    )
    op.create_index("audit_by_actor", "audit", ["actor", "id"])
    op.create_index("audit_by_district", "audit", ["district", "id"])
    op.create_index("audit_by_time", "audit", ["at", "id"])
    _fill(op.get_bind())


def downgrade() -> None:
    """Everybody signs in again; the log itself stays."""
    op.drop_index("audit_by_time", "audit")
    op.drop_index("audit_by_district", "audit")
    op.drop_index("audit_by_actor", "audit")
    op.drop_table("audit_about")
    op.drop_table("web_sessions")


def _sessions() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id_sha256", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("token_sha256", sa.String, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.CheckConstraint("kind IN ('staff', 'till')"),
    )
    op.create_index("ix_web_sessions_ends_at", "web_sessions", ["ends_at"])
    op.create_index("web_sessions_by_who", "web_sessions", ["kind", "who", "made_at"])


def _fill(connection: sa.Connection) -> None:
    """The kiosk and the account of a record; else the ids that the line's own words name.

    Of an erasure its account, which did it.
    """
    connection.execute(
        sa.text(
            "INSERT INTO audit_about (name, audit_id) SELECT kiosk, audit.id FROM audit"
            " JOIN records ON records.id = audit.record_id UNION SELECT account, audit.id"
            " FROM audit JOIN records ON records.id = audit.record_id WHERE account IS NOT NULL"
            " UNION SELECT substr(actor, length('resident:') + 1), id FROM audit"
            " WHERE action = 'erased'"
        )
    )
    page = sa.text(
        "SELECT id, action, detail FROM audit WHERE record_id IS NULL AND id > :after"
        " ORDER BY id LIMIT :most"
    )
    add = sa.text("INSERT INTO audit_about (name, audit_id) VALUES (:name, :audit_id)")
    after = 0
    while rows := connection.execute(page, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        found = [
            {"name": name, "audit_id": row.id}
            for row in rows
            for name in _names(row.action, row.detail)
        ]
        if found:
            connection.execute(add, found)


def _names(action: str, detail: str) -> list[str]:
    words = re.split(r"[\s,/]+", detail.partition(":")[0])
    taken = words[:1] if action.startswith("prices-") else words
    left_out = {"redemption", "at", "points", "to"}
    is_id = re.compile(r"(?!\d{1,15}$)[a-z0-9][a-z0-9.-]{0,63}")
    return sorted({one for one in taken if is_id.fullmatch(one)} - left_out)
