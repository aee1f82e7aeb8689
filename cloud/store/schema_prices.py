"""Drafts of price lists: what stands in them, who wrote them, and what became of them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, String, Table

from cloud.store.schema import Whole, metadata

price_drafts = Table(
    "price_drafts",
    metadata,
    Column("id", Whole, primary_key=True),
    # never used twice, whatever became of the draft
    Column("version", String, nullable=False, unique=True),
    Column("base", String, nullable=False),
    Column("valid_from", String, nullable=False),
    Column("author", String, nullable=False),
    # where it changes something: a district, or `*` for the whole city
    Column("scope", String, nullable=False),
    Column("state", String, nullable=False),
    # what staff changed, to be made again in another list
    Column("edits", String, nullable=False),
    # the canonical bytes of the unsigned catalogue, and their hash
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String, nullable=False),
    Column("drafted_at", Whole, nullable=False),
    # who signed, rejected or withdrew it, and why
    Column("decided_by", String, nullable=False),
    Column("decided_at", Whole),
    Column("reason", String, nullable=False),
    # what goes into the folder, and since when it is there
    Column("file", LargeBinary),
    Column("filed_at", Whole),
    CheckConstraint("state IN ('open', 'frozen', 'signed', 'approved', 'rejected', 'withdrawn')"),
    Index("price_drafts_by_state", "state", "base"),
)
