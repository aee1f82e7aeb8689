"""The tables of residents' sign-ins: who is signed in, and what was tried.

No number, no code, no PIN and no address stands here, only keyed hashes of them
(`cloud.residents.keyed`). All rows but those of `erasures`, `rests` and `card_pins` go by
themselves.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table

from cloud.store.schema import Whole, metadata

sign_ins = Table(
    "sign_ins",
    metadata,
    # what the resident's own list names it by; the token is another one
    Column("id", String, primary_key=True),
    Column("token_sha256", String, nullable=False, unique=True),
    Column("account", String, nullable=False, index=True),
    # `number`, `card` or `demo`
    Column("way", String, nullable=False),
    # `phone` or `computer`, as the browser says
    Column("device", String, nullable=False),
    Column("at", Whole, nullable=False),
    Column("expires_at", Whole, nullable=False),
)

sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("code", String, nullable=False),
    Column("tries", Whole, nullable=False),
    Column("expires_at", Whole, nullable=False),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", Whole, primary_key=True),
    # what was tried, and by or for whom
    Column("what", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Whole, nullable=False),
    Index("sign_in_tries_by_who", "what", "who", "at"),
)

card_pins = Table(
    "card_pins",
    metadata,
    Column("card_id", String, primary_key=True),
    Column("pin", String, nullable=False),
    Column("set_at", Whole, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    # an account that is nobody's any more
    Column("account", String, primary_key=True),
    Column("at", Whole, nullable=False),
    # what becomes of its points: `donated` or `forfeited`
    Column("rest", String, nullable=False, server_default="forfeited"),
)

rests = Table(
    "rests",
    metadata,
    # one for each entry that passes points of an erased account on
    Column("entry_id", Whole, ForeignKey("entries.id"), primary_key=True),
    Column("account", String, nullable=False),
    # where they went, and why then
    Column("rest", String, nullable=False),
    Column("cause", String, nullable=False),
    CheckConstraint("rest IN ('donated', 'forfeited')", name="rests_go_somewhere"),
    CheckConstraint("cause IN ('erasure', 'refund', 'later')", name="rests_have_a_cause"),
)
