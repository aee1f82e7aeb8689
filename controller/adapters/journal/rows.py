"""Reading a journal's rows, of which any may have been damaged since it was written.

The end of a journal is checked when it is opened, but what waits for the ledger, or is open, may
be older than that. So a row is believed only as far as it was looked at.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from contract.canonical import sha256_hex
from contract.errors import RecordError
from contract.record import open_record
from controller.core.records import Entry
from controller.ports import Unreadable

Row = tuple[int, str, str, bytes]
"""seq, kind, hash and line, as they are stored."""

_BAY = re.compile(rb'"bay":"([a-z0-9-]{1,32})"')


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose records belong here: the kiosk, its journal's epoch and its public key (32 bytes)."""

    kiosk: str
    epoch: str
    public: bytes


def proven(row: Row, owner: Owner) -> Entry:
    """The row's record, once its signature and its place were checked.

    For what the kiosk acts by itself: nothing of a line is read before its signature was.

    Raises:
        RecordError: As `open_record`, or `misplaced`: it is a record, but not this one.
    """
    seq, kind, _, line = row
    record = open_record(line, owner.public)
    there = (record.kiosk, record.epoch, record.seq, record.kind)
    if there != (owner.kiosk, owner.epoch, seq, kind):
        raise RecordError(
            "misplaced",
            f"record {seq} ({kind}) is not what is stored there: "
            f"it is {record.seq} ({record.kind}) of {record.kiosk}, epoch {record.epoch}",
        )
    return Entry(seq, kind, record.sha256, line, record.body)


def intact(row: Row, owner: Owner) -> Entry:
    """The row's record, where its hash still fits, or else its signature and place do.

    For what the ledger looks at anyway: it was checked when it was written, and no accident
    changes a line and its hash alike.

    Raises:
        RecordError: As `proven`, or `unreadable`.
    """
    seq, kind, sha256, line = row
    if sha256_hex(line) != sha256:
        return proven(row, owner)
    return Entry(seq, kind, sha256, line, _body(seq, line))


def judged(row: Row, owner: Owner) -> Entry | Unreadable:
    """The row's record where it is `proven`, else what is known of it and why it is not."""
    try:
        return proven(row, owner)
    except RecordError as error:
        return Unreadable(row[0], row[1], error.code, error.message, bay_in(row[3]))


def bay_in(line: bytes) -> str | None:
    """The bay that a damaged line seems to name; None where it names none, or two."""
    found = set(_BAY.findall(line))
    return found.pop().decode() if len(found) == 1 else None


def _body(seq: int, line: bytes) -> dict[str, Any]:
    try:
        body = json.loads(line.decode())["body"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordError("unreadable", f"record {seq} cannot be read: {error!r}") from error
    if not isinstance(body, dict):
        raise RecordError("unreadable", f"record {seq} has no body that could be read")
    return body
