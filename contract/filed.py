"""What a journal's file says beside its lines: does it follow from them?

A SQLite file keeps kind, hash and the closed intent of a record once more beside its line, and a
list of what waits for the ledger. Nothing of that is signed, but all of it follows from what is:
who deletes a deposit from the outbox, or files another kind, is found by the records themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.chain import place_of
from contract.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.chain import Place
    from contract.journal import Outbox, Row


def check_row(row: Row, public: bytes) -> Place:
    """Read a row's place and see that it is filed as its line says.

    Raises:
        RecordError: As `place_of`, or `wrongly-filed`.
    """
    place = place_of(row.line, public)
    if row.filed is None:
        return place
    due = (place.seq, place.kind, place.sha256, place.closes)
    for name, found, says in zip(row.filed._fields, row.filed, due, strict=True):
        if found != says:
            raise RecordError("wrongly-filed", f"{name} is filed as {found}, the line says {says}")
    return place


def first_wrong(outbox: Outbox, sent: set[int]) -> tuple[int, RecordError] | None:
    """The first seq about which the outbox is not true, and why; None where it is.

    Acks are cumulative: what is sent waits from the last ack on, or was set aside.
    """
    acked = outbox.acked
    if acked is None:
        acked = min(outbox.waiting) - 1 if outbox.waiting else max(sent, default=0)
    wrong = dict(_findings(outbox, sent, acked))
    return min(wrong.items(), default=None)


def _findings(outbox: Outbox, sent: set[int], acked: int) -> Iterator[tuple[int, RecordError]]:
    for seq in outbox.waiting | outbox.aside:
        if seq not in sent:
            yield seq, _wrong(f"{seq} waits or was set aside, but no such record is ever sent")
    for seq in outbox.waiting:
        if seq <= acked:
            yield seq, _wrong(f"record {seq} waits, though all up to {acked} were acknowledged")
    for seq in sent - outbox.waiting - outbox.aside:
        if seq > acked:
            yield seq, _wrong(f"record {seq} was never acknowledged, but does not wait any more")


def _wrong(message: str) -> RecordError:
    return RecordError("wrong-outbox", message)
