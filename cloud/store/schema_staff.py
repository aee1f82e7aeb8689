"""The tables of staff's pages: who is signed in at a browser, and what the audit log is about.

No token and no session's secret stands here, only their hashes. Rows of `web_sessions` go by
themselves; those of `audit_about` stay with the log's lines.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table

from cloud.store.schema import Whole, metadata

web_sessions = Table(
    "web_sessions",
    metadata,
    # the hash of what the browser's cookie holds
    Column("id_sha256", String, primary_key=True),
    Column("kind", String, nullable=False),
    # the pseudonym of a member of staff, or of a partner
    Column("who", String, nullable=False),
    # the token that they signed in with: another role or district comes with another token
    Column("token_sha256", String, nullable=False),
    Column("made_at", Whole, nullable=False),
    Column("seen_at", Whole, nullable=False),
    Column("ends_at", Whole, nullable=False, index=True),
    CheckConstraint("kind IN ('staff', 'till')"),
    Index("web_sessions_by_who", "kind", "who", "made_at"),
)

audit_about = Table(
    "audit_about",
    metadata,
    Column("name", String, primary_key=True),
    Column("audit_id", Whole, ForeignKey("audit.id"), primary_key=True),
)
"""What a line of the log was done to, by its ids: a kiosk, a card, an account, a partner ...

Its key is the index by which lines are found, the latest first.
"""
