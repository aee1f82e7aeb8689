"""Looking at the end of a journal before it grows: is it what this kiosk wrote last?

A power cut or a dying card hurts the end first, and a record chained to a damaged one would be
lost with it. The whole journal is verified by `kiosk ledger verify`; this is quick at any size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_envelope
from controller.ports import StoreError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

TAIL = 20
"""So many records are looked at."""


def check_tail(
    connection: sqlite3.Connection, path: Path, owner: tuple[str, str], public: bytes
) -> None:
    """Refuse a journal whose last records are not as they were written.

    Args:
        connection: The journal at `path`, which errors name.
        path: The journal's file.
        owner: Kiosk and epoch that each record must name.
        public: The key that must have signed them (32 bytes).

    Raises:
        StoreError: The message names the first record that is damaged, and how.
    """
    rows = connection.execute(
        "SELECT seq, sha256, line FROM records ORDER BY seq DESC LIMIT ?", (TAIL + 1,)
    ).fetchall()
    rows.reverse()
    seq, prev = (0, ZERO_HASH) if len(rows) <= TAIL else rows[0][:2]
    for row in rows[-TAIL:]:
        seq += 1
        reason = _reason(row, (seq, prev, *owner), public)
        if reason:
            raise StoreError(
                f"journal {path} is damaged at record {seq}: {reason}; "
                "keep the file for service and let the kiosk begin a new one"
            )
        prev = row[1]


def _reason(row: tuple[int, str, bytes], due: tuple[int, str, str, str], public: bytes) -> str:
    """Why a row is not the one that is due; empty where it is."""
    seq, sha256, line = row
    try:
        record = open_envelope(line, public)
    except RecordError as error:
        return str(error)
    if (record.seq, record.prev, record.kiosk, record.epoch) != due:
        return "it does not follow the record before it"
    if (seq, sha256) != (record.seq, record.sha256):
        return "it is filed under another number or hash"
    return ""
