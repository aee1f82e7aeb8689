"""The ledger's tables, the same on SQLite and PostgreSQL.

Every table is only ever added to, except for `heads`, `staff` and a record's `state`. Points move
in `transfers` from one account to another, so the two postings of a transfer sum to zero whatever
a program does; the view `postings` shows them as double entry. Carbon is counted apart and
never mixes with points.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    column,
    literal_column,
    table,
    text,
)

Whole = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits: what a kiosk counts may go to 2^53. SQLite's own have as many."""

IN_ORDER: dict[str, Any] = {
    "postgresql_using": "brin",
    "postgresql_with": {"pages_per_range": 32, "autosummarize": "on"},
}
"""An index of what rises from row to row: PostgreSQL keeps bounds for pages, which costs posting
half of what an index by rows does. On SQLite it is as any other."""

metadata = MetaData()

_HELD, _SPENT = text("state = 'held'"), text("debit <> 'operator'")

records = Table(
    "records",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("epoch", String, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("after", Whole),
    Column("sha256", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("account", String),
    # `posted`, or `held` with the code that says why
    Column("state", String, nullable=False),
    Column("code", String, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_at", Whole, nullable=False),
    UniqueConstraint("kiosk", "epoch", "seq"),
    CheckConstraint("state IN ('posted', 'held')"),
    Index("records_by_link", "kiosk", "epoch", "after"),
    # No other record is ever looked for by account.
    Index("records_held", "account", postgresql_where=_HELD, sqlite_where=_HELD),
)

deposits = Table(
    "deposits",
    metadata,
    Column("record_id", Whole, ForeignKey("records.id"), primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("deposit_id", String, nullable=False),
    Column("account", String, nullable=False),
    Column("at", String, nullable=False),
    Column("item_code", String, nullable=False),
    Column("catalogue_version", String, nullable=False),
    Column("mass_g", Whole, nullable=False),
    Column("pieces", Whole, nullable=False),
    Column("priced_by", String, nullable=False),
    Column("points", Whole, nullable=False),
    Column("shown_points", Whole, nullable=False),
    Column("carbon_g", Whole, nullable=False),
    Column("bay", String, nullable=False),
    Column("bin_index", Whole, nullable=False),
    Column("jti", String, nullable=False),
    Column("at_s", Whole, nullable=False),
    UniqueConstraint("kiosk", "deposit_id"),
    # It holds all that a day adds up; `cloud.ledger.recent` reads the rows' ids beside.
    Index("deposits_by_day", "account", "at_s", "kiosk", "mass_g"),
    Index("deposits_by_bay", "kiosk", "bay", "at_s"),
    Index("deposits_by_code", "jti", "kiosk"),
)

barcodes = Table(
    "barcodes",
    metadata,
    Column("record_id", Whole, ForeignKey("records.id"), primary_key=True),
    Column("barcode", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("at_s", Whole, nullable=False),
    Index("barcodes_by_day", "account", "barcode", "at_s"),
)

flags = Table(
    "flags",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("record_id", Whole, ForeignKey("records.id"), nullable=False),
    Column("code", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("at", Whole, nullable=False),
    UniqueConstraint("record_id", "code"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Whole, primary_key=True),
    # None where it is about something else: see `cloud.store.schema_shop`
    Column("record_id", Whole, ForeignKey("records.id")),
    Column("reason", String, nullable=False),
    Column("at", Whole, nullable=False),
    # What is entered back names a record of long ago: such bounds stand beside the others.
    Index(
        "entries_by_record",
        "record_id",
        postgresql_ops={"record_id": "int8_minmax_multi_ops"},
        **IN_ORDER,
    ),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("entry_id", Whole, ForeignKey("entries.id"), nullable=False),
    Column("debit", String, nullable=False),
    Column("credit", String, nullable=False, index=True),
    Column("points", Whole, nullable=False),
    CheckConstraint("points > 0"),
    CheckConstraint("debit <> credit"),
    # Nearly every transfer is from the operator, and nobody asks for all of those.
    Index("transfers_spent", "debit", postgresql_where=_SPENT, sqlite_where=_SPENT),
    Index("transfers_by_entry", "entry_id", **IN_ORDER),
)

carbon = Table(
    "carbon",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("entry_id", Whole, ForeignKey("entries.id"), nullable=False),
    Column("account", String, nullable=False, index=True),
    Column("grams", Whole, nullable=False),
    Index("carbon_by_entry", "entry_id", **IN_ORDER),
)

heads = Table(
    "heads",
    metadata,
    Column("kiosk", String, primary_key=True),
    Column("epoch", String, primary_key=True),
    Column("upto", Whole, nullable=False),
    Column("sha256", String, nullable=False),
)

rejected = Table(
    "rejected",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("kiosk", String, nullable=False),
    Column("epoch", String, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("after", Whole),
    Column("sha256", String, nullable=False),
    Column("code", String, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_at", Whole, nullable=False),
    UniqueConstraint("kiosk", "epoch", "sha256", "code"),
    Index("rejected_by_link", "kiosk", "epoch", "after"),
)

appeals = Table(
    "appeals",
    metadata,
    # one for each record
    Column("record_id", Whole, ForeignKey("records.id"), primary_key=True),
    Column("sentence", String, nullable=False),
    Column("at", Whole, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("record_id", Whole, ForeignKey("records.id"), nullable=False, index=True),
    # which load it is about, however often its kiosk tells of it
    Column("kiosk", String, nullable=False),
    Column("deposit_id", String, nullable=False),
    # whose it is since the decision; of the typed number that was released, its account
    Column("account", String, index=True),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("staff", String, nullable=False),
    Column("at", Whole, nullable=False),
    CheckConstraint("outcome IN ('released', 'refused')"),
    Index("decisions_by_load", "kiosk", "deposit_id"),
)

staff = Table(
    "staff",
    metadata,
    # a pseudonym
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    # or `*` for the whole city
    Column("district", String, nullable=False),
    Column("token_sha256", String, nullable=False, unique=True),
    Column("expires_at", Whole, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("at", Whole, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("district", String, nullable=False),
    Column("record_id", Whole, ForeignKey("records.id")),
    Column("detail", String, nullable=False),
    # How often something was refused is told on a page; the log itself is kept for good.
    Index("audit_by_action", "action"),
    # Who looks for something goes through it from the latest line back: `cloud.staff.audit`.
    Index("audit_by_actor", "actor", "id"),
    Index("audit_by_district", "district", "id"),
    Index("audit_by_time", "at", "id"),
)

HELD = records.c.state == literal_column("'held'")
"""Whether a record is held; spelled out, for only so the planner sees that it may take the index
of those alone."""


SPENT = transfers.c.debit != literal_column("'operator'")
"""Whether a transfer is from any account but the operator's; spelled out as the index has it."""


def debited(name: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a transfer is from an account, by its name in the books, that is not the operator's.

    It says the latter because the index does.
    """
    return and_(transfers.c.debit == name, SPENT)


postings = table("postings", column("entry_id"), column("account"), column("points", Whole))
"""The view of `transfers` in double entry: two lines a transfer, which sum to zero."""

CREATE_POSTINGS = text(
    """
    CREATE VIEW postings AS
    SELECT entry_id, debit AS account, -points AS points FROM transfers
    UNION ALL
    SELECT entry_id, credit AS account, points FROM transfers
    """
)
