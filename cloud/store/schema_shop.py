"""The tables of the shop: partners, their goods, what residents redeem, what guests' points gave.

Points move in `transfers`, as all do. An entry about a redemption or a donation has no record;
`redemption_entries` and `donations` say what it is about.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from cloud.store.schema import Whole, metadata

partners = Table(
    "partners",
    metadata,
    # a name such as `market-1`; it stands in the names of the partner's two ledger accounts
    Column("id", String, primary_key=True),
    Column("zh", String, nullable=False),
    Column("en", String, nullable=False),
    Column("district", String, nullable=False),
    Column("token_sha256", String, nullable=False, unique=True),
    Column("expires_at", Whole, nullable=False),
)

goods = Table(
    "goods",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("partner", String, ForeignKey("partners.id"), nullable=False),
    # the partner's own name of it, such as `soap`
    Column("code", String, nullable=False),
    Column("zh", String, nullable=False),
    Column("en", String, nullable=False),
    Column("points", Whole, nullable=False),
    # what nobody has reserved
    Column("stock", Whole, nullable=False),
    Column("on_sale", Boolean, nullable=False),
    UniqueConstraint("partner", "code"),
    CheckConstraint("points > 0", name="goods_cost_points"),
    CheckConstraint("stock >= 0", name="goods_are_there"),
)

redemptions = Table(
    "redemptions",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("account", String, nullable=False),
    Column("partner", String, ForeignKey("partners.id"), nullable=False),
    Column("good_id", Whole, ForeignKey("goods.id"), nullable=False),
    # as they were when it was reserved
    Column("zh", String, nullable=False),
    Column("en", String, nullable=False),
    Column("points", Whole, nullable=False),
    Column("state", String, nullable=False),
    Column("key_sha256", String, nullable=False),
    Column("code_sha256", String, nullable=False, unique=True),
    Column("reserved_at", Whole, nullable=False),
    Column("expires_at", Whole, nullable=False),
    # when it was confirmed, cancelled or given up
    Column("ended_at", Whole),
    Column("refunded_at", Whole),
    UniqueConstraint("account", "key_sha256"),
    CheckConstraint(
        "state IN ('reserved', 'confirmed', 'cancelled', 'expired', 'refunded')",
        name="redemptions_have_a_state",
    ),
    Index("redemptions_by_account", "account", "id"),
    Index("redemptions_by_partner", "partner", "id"),
    Index("redemptions_by_end", "partner", "ended_at"),
    Index("redemptions_by_refund", "partner", "refunded_at"),
    Index("redemptions_due", "state", "expires_at"),
)

redemption_entries = Table(
    "redemption_entries",
    metadata,
    Column("entry_id", Whole, ForeignKey("entries.id"), primary_key=True),
    Column("redemption_id", Whole, ForeignKey("redemptions.id"), nullable=False),
    Column("step", String, nullable=False),
    # the last guard: each is reserved once, ends once, one way or another, and is refunded once
    UniqueConstraint("redemption_id", "step"),
    CheckConstraint("step IN ('reserve', 'end', 'refund')", name="redemptions_go_by_steps"),
)

donations = Table(
    "donations",
    metadata,
    Column("entry_id", Whole, ForeignKey("entries.id"), primary_key=True),
    Column("cause", String, nullable=False, index=True),
    Column("points", Whole, nullable=False),
    Column("reason", String, nullable=False),
    Column("staff", String, nullable=False),
    Column("at", Whole, nullable=False),
    # of the key under which its giver asked for it, if any: once asked for twice is given once
    Column("key_sha256", String),
    Index("donations_by_key", "staff", "key_sha256", unique=True),
)
