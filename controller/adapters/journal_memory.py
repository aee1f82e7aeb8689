"""What the kiosk keeps beside its records: codes that were shown, and how its bays stood.

Unsigned and outside of the chain: it credits nobody, and a kiosk that loses it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.ports import BayMemory

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


def remember_code(
    connection: sqlite3.Connection, jti: str, expires_at: int, horizon_s: int
) -> bool:
    """Note a code's id; False where it was known. Who expired before `horizon_s` is forgotten."""
    connection.execute("DELETE FROM seen_codes WHERE expires_at < ?", (horizon_s,))
    added = connection.execute("INSERT OR IGNORE INTO seen_codes VALUES (?, ?)", (jti, expires_at))
    return added.rowcount == 1


def remember_bay(connection: sqlite3.Connection, bay_id: str, state: BayMemory) -> None:
    """Keep how a bay stands, in place of what was kept before."""
    values = (bay_id, state.zero_raw, state.unfinished)
    connection.execute("INSERT OR REPLACE INTO bays VALUES (?, ?, ?)", values)


def bay_memories(connection: sqlite3.Connection) -> Mapping[str, BayMemory]:
    """How every bay stood last."""
    rows = connection.execute("SELECT bay, zero_raw, unfinished FROM bays ORDER BY bay")
    return {bay: BayMemory(zero_raw, bool(unfinished)) for bay, zero_raw, unfinished in rows}
