"""Claims: a resident's receipt of a deposit that the ledger never got, as after a card's death.

A receipt is the kiosk's own signed line, so it is posted like any other, once, wherever else the
same deposit comes from: by kiosk, epoch and seq, and by its deposit id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from cloud.errors import CloudError
from cloud.store.database import as_kept
from cloud.store.schema import deposits, records
from contract.errors import RecordError
from contract.receipt import decode, join
from contract.record import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from contract.record import Record


class ClaimError(CloudError):
    """A receipt is genuine, or might be, and cannot be claimed; `code` says why in one word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of a receipt.

    `credited` now; `known`: the ledger had it already; `held`: staff must look, `code` says why.
    `points` are what the deposit is credited with, 0 while it is held or refused.
    """

    outcome: Literal["credited", "known", "held"]
    kiosk: str
    epoch: str
    seq: int
    deposit_id: str
    points: int
    code: str = ""


def line_of(texts: Sequence[str]) -> bytes:
    """The record's line in a receipt: the codes of one receipt, or the line itself.

    Raises:
        ReceiptError: The codes are none of ours, or not all of one receipt, or damaged.
    """
    if len(texts) == 1 and texts[0].lstrip().startswith("{"):
        return texts[0].strip().encode()
    return decode(join(texts))


def whose(line: bytes) -> str:
    """The kiosk that a line names: whose key to ask; nothing is proved yet.

    Raises:
        RecordError: `too-long`, `not-json` or `schema`: it names none.
    """
    if len(line) > MAX_LINE:
        raise RecordError("too-long", f"receipt has {len(line)} bytes: at most {MAX_LINE}")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordError("not-json", f"receipt is not JSON in UTF-8: {error}") from error
    kiosk = value.get("kiosk") if isinstance(value, dict) else None
    if not isinstance(kiosk, str):
        raise RecordError("schema", "receipt names no kiosk: it is no record of ours")
    return kiosk


def claimed(connection: Connection, record: Record, *, new: bool) -> Claim:
    """What the ledger says of a claimed record, now that it is posted; `new`: it was not before."""
    row = connection.execute(
        select(records.c.state, records.c.code).filter_by(
            kiosk=record.kiosk, epoch=record.epoch, seq=record.seq
        )
    ).one()
    deposit_id = as_kept(record.body.get("deposit_id", ""))[:64]
    points = connection.execute(
        select(deposits.c.points)
        .join(records, records.c.id == deposits.c.record_id)
        .where(
            deposits.c.kiosk == record.kiosk,
            deposits.c.deposit_id == deposit_id,
            records.c.code != "refused",
        )
    ).scalar()
    held = row.state == "held"
    return Claim(
        outcome="held" if held else "credited" if new and not row.code else "known",
        kiosk=record.kiosk,
        epoch=record.epoch,
        seq=record.seq,
        deposit_id=deposit_id,
        points=0 if held or points is None else points,
        code=row.code,
    )
