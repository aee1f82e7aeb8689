"""What people write about records, a sentence each, and how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, update

from cloud.errors import DecisionError
from cloud.store.schema import HELD, appeals, decisions, records
from contract.fields import SENTENCE, is_sentence

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

KEPT_S = 180 * 86_400
"""So long after the decision on it an appeal is kept word for word: half a year to contest that."""


def check_text(name: str, text: str) -> None:
    """Whether `text` is a sentence.

    Raises:
        DecisionError: `text`, of which `name` says what it was to be.
    """
    if not is_sentence(text):
        raise DecisionError("text", f"{name}: write one sentence of at most {SENTENCE} letters")


def appealed_at(connection: Connection, row: Row[Any]) -> int | None:
    """When a record was appealed (Unix seconds); None where it was not."""
    known = select(appeals.c.at).where(appeals.c.record_id == row.id)
    at: int | None = connection.execute(known).scalar()
    return at


def decided_at(connection: Connection, row: Row[Any]) -> int:
    """When a record was last decided about (Unix seconds); 0 where it was not."""
    latest = select(func.max(decisions.c.at)).where(decisions.c.record_id == row.id)
    return connection.execute(latest).scalar() or 0


def forget_old(connection: Connection, now_s: int) -> None:
    """That somebody appealed stays, what they wrote goes.

    Of a record that is credited by itself, or under its twin, there will be no decision: what was
    written about that goes by its own time.
    """
    decided = exists().where(
        decisions.c.record_id == appeals.c.record_id, decisions.c.at >= appeals.c.at
    )
    long_ago = decided.where(decisions.c.at <= now_s - KEPT_S)
    waits = exists().where(
        records.c.id == appeals.c.record_id, HELD | (records.c.code == "refused")
    )
    settled = ~waits & ~decided & (appeals.c.at <= now_s - KEPT_S)
    old = (appeals.c.sentence != "") & (long_ago | settled)
    connection.execute(update(appeals).where(old).values(sentence=""))
