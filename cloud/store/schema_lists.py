"""The table of price lists at kiosks: what each said of them, and when they were sent to it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, String, Table

from cloud.store.schema import Whole, metadata

kiosk_lists = Table(
    "kiosk_lists",
    metadata,
    Column("kiosk", String, nullable=False),
    Column("version", String, nullable=False),
    # of the file as the operator signed it
    Column("sha256", String, nullable=False),
    Column("state", String, nullable=False),
    # why the kiosk refused it
    Column("code", String, nullable=False),
    Column("sends", Whole, nullable=False),
    Column("sent_at", Whole, nullable=False),
    # when the kiosk said last what is otherwise now
    Column("told_at", Whole, nullable=False),
    PrimaryKeyConstraint("kiosk", "version"),
    CheckConstraint("state IN ('lacks', 'sent', 'has', 'refused', 'passed')"),
    Index("kiosk_lists_by_state", "state", "version"),
)
