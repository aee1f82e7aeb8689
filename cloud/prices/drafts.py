"""Drafts of price lists as they are kept, and what they are called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import desc, select

from cloud.errors import PriceError
from cloud.prices.edits import Edit
from cloud.store.schema_prices import price_drafts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Row

State = Literal["open", "frozen", "signed", "approved", "rejected", "withdrawn"]
"""`approved` is signed by the second member of staff, and waits for the operator's key."""

EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as staff see it in lists.

    `base` is the version that it was made from, `scope` a district or `*` for the whole city,
    `sha256` the hash of the unsigned catalogue. `decided_by`, `decided_at` and `reason` are of
    who signed, rejected or withdrew it. `filed_at` is when its file was written. Times are Unix
    seconds, None where there is none.
    """

    id: int
    version: str
    base: str
    valid_from: str
    author: str
    scope: str
    state: State
    sha256: str
    drafted_at: int
    decided_by: str
    decided_at: int | None
    reason: str
    filed_at: int | None


def draft_of(row: Row[Any]) -> Draft:
    """A row of the table, without what stands in the catalogue."""
    return Draft(**{name: getattr(row, name) for name in Draft.__slots__})


def latest_drafts(connection: Connection, limit: int) -> list[Draft]:
    """The latest `limit` drafts, newest first."""
    columns = [price_drafts.c[name] for name in Draft.__slots__]
    query = select(*columns).order_by(desc(price_drafts.c.id)).limit(limit)
    return [draft_of(row) for row in connection.execute(query)]


def known_row(connection: Connection, draft_id: int) -> Row[Any]:
    """A draft's whole row.

    Raises:
        PriceError: `unknown-draft`.
    """
    query = select(price_drafts).where(price_drafts.c.id == draft_id)
    row = connection.execute(query).first()
    if row is None:
        raise PriceError("unknown-draft", f"there is no draft {draft_id}")
    return row


def as_text(edits: Sequence[Edit]) -> str:
    """Edits as they are kept."""
    return EDITS.dump_json(list(edits)).decode()


def edits_of(text: str) -> list[Edit]:
    """Edits out of what was kept."""
    return EDITS.validate_python(json.loads(text))


def next_version(valid_from: str, used: Collection[str]) -> str:
    """The first version of the month of `valid_from` that is not among `used`.

    As in 2026-12-a, ... 2026-12-z, 2026-12-za: a later one is the greater text.
    """
    for number in count():
        version = f"{valid_from[:7]}-{'z' * (number // 26)}{chr(ord('a') + number % 26)}"
        if version not in used:
            return version
    raise AssertionError
