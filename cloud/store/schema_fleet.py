"""The tables of the fleet: how each kiosk was heard last, commands, and bundles that came up.

`fleet_kiosks` and `commands` are rewritten as news comes; parts and bundles go by themselves.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from cloud.store.schema import Whole, metadata

fleet_kiosks = Table(
    "fleet_kiosks",
    metadata,
    Column("kiosk", String, primary_key=True),
    # what its topics say, by which it is reached: the catalogue says whose it is
    Column("city", String, nullable=False),
    Column("route", String, nullable=False),
    Column("online", Whole, nullable=False),
    # since when it is online, or not
    Column("since", Whole, nullable=False),
    Column("seen_at", Whole, nullable=False),
    # the messages themselves, as JSON; those that never came are NULL
    Column("state", String),
    Column("condition", String),
    Column("levels", String),
)

commands = Table(
    "commands",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("command_id", String, nullable=False, unique=True),
    Column("kiosk", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("arguments", String, nullable=False),
    Column("staff", String, nullable=False),
    Column("issued_at", Whole, nullable=False),
    Column("not_after", Whole, nullable=False),
    Column("state", String, nullable=False),
    Column("sent_at", Whole, nullable=False),
    Column("sends", Whole, nullable=False),
    Column("code", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("ended_at", Whole),
    # as it was signed
    Column("line", String, nullable=False),
    CheckConstraint("state IN ('issued', 'sent', 'waiting', 'done', 'refused', 'expired')"),
    Index("commands_by_kiosk", "kiosk", "id"),
    Index("commands_by_state", "state", "kiosk"),
)

bundle_parts = Table(
    "bundle_parts",
    metadata,
    Column("command_id", String, ForeignKey("commands.command_id"), nullable=False),
    Column("sha256", String, nullable=False),
    Column("part", Whole, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("received_at", Whole, nullable=False),
    PrimaryKeyConstraint("command_id", "sha256", "part"),
)

bundles = Table(
    "bundles",
    metadata,
    Column("command_id", String, ForeignKey("commands.command_id"), primary_key=True),
    Column("kiosk", String, nullable=False, index=True),
    Column("sha256", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("received_at", Whole, nullable=False),
)
