"""Looking at the end of a journal before it grows: is it what this kiosk wrote last?

A power cut or a dying card hurts the end first, and a record chained to a damaged one would be
lost with it. The whole journal is verified by `kiosk ledger verify`; this is quick at any size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_envelope
from controller.adapters.journal.rows import Owner
from controller.adapters.journal.schema import RESTORED, meta
from controller.ports import StoreError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

TAIL = 20
"""So many records are looked at."""

Filed = tuple[int, str, str, bytes, int | None]
"""seq, kind, hash, line and closed intent, as they are stored."""

FOREIGN = "restored from the second medium, signed with a key that is not known here"
"""Why nothing of a copy goes on by itself."""

_LINES = "SELECT line FROM records ORDER BY seq DESC LIMIT ?"


def owner_of(
    connection: sqlite3.Connection, kiosk: str, keys: tuple[bytes, ...]
) -> tuple[Owner, str]:
    """Who signed the last records of `kiosk`'s journal, and why it is nobody who is known here.

    Only a copy that was restored may be of a key before: a new card brings a new one. Where no
    key fits, the owner is this kiosk all the same, for whom nothing in it can be read.

    Args:
        connection: The journal.
        kiosk: Whose it is.
        keys: Public keys (32 bytes) of this kiosk: the one in use, then those before.
    """
    epoch = str(meta(connection, "epoch"))
    if not meta(connection, RESTORED):
        return Owner(kiosk, epoch, keys[0]), ""
    lines = [line for (line,) in connection.execute(_LINES, (TAIL,))]
    for key in keys:
        if not lines or any(_is_signed(line, key) for line in lines):
            return Owner(kiosk, epoch, key), ""
    return Owner(kiosk, epoch, keys[0]), FOREIGN


def damage_at_the_end(connection: sqlite3.Connection, path: Path, owner: Owner) -> str:
    """Say what is wrong with the first of the last records that is not as it was written.

    Args:
        connection: The journal at `path`, which errors name.
        path: The journal's file.
        owner: Who must have written and signed them.

    Returns:
        Which record it is and why; empty where there is none.

    Raises:
        StoreError: It is no damage: the records are of another key, kiosk or epoch.
    """
    rows: list[Filed] = connection.execute(
        "SELECT seq, kind, sha256, line, closes FROM records ORDER BY seq DESC LIMIT ?",
        (TAIL + 1,),
    ).fetchall()
    rows.reverse()
    _check_key([row[3] for row in rows], path, owner)
    seq, prev = (0, ZERO_HASH) if len(rows) <= TAIL else (rows[0][0], rows[0][2])
    for row in rows[-TAIL:]:
        seq += 1
        if reason := _reason(row, (seq, prev), path, owner):
            return f"damaged at record {seq}: {reason}"
        prev = row[2]
    return ""


def _is_signed(line: bytes, public: bytes) -> bool:
    try:
        open_envelope(line, public)
    except RecordError:
        return False
    return True


def _check_key(lines: list[bytes], path: Path, owner: Owner) -> None:
    """One line that names another key is damaged; where all do, the key is the wrong one."""
    errors = []
    for line in lines:
        try:
            open_envelope(line, owner.public)
        except RecordError as error:
            errors.append(error)
    if errors and len(errors) == len(lines) and {one.code for one in errors} == {"unknown-key"}:
        raise StoreError(f"journal {path} is signed with another key: {errors[0]}")


def _reason(row: Filed, due: tuple[int, str], path: Path, owner: Owner) -> str:
    """Why a row is not the one that is due; empty where it is."""
    try:
        record = open_envelope(row[3], owner.public)
    except RecordError as error:
        return str(error)
    if (record.kiosk, record.epoch) != (owner.kiosk, owner.epoch):
        raise StoreError(
            f"journal {path} of {owner.kiosk}, epoch {owner.epoch}, holds a record of "
            f"{record.kiosk}, epoch {record.epoch}: call service, the file was put together"
        )
    if (record.seq, record.prev) != due:
        return "it does not follow the record before it"
    filed = (record.seq, record.kind, record.sha256, record.line, record.body.get("intent"))
    if row != filed:
        return "it is filed under another number, kind, hash or intent"
    return ""
