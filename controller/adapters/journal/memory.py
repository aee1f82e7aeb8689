"""What the kiosk keeps beside its records: codes that were shown, and how its bays stood.

Unsigned and outside of the chain: it credits nobody, and a kiosk that loses it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.canonical import sha256_hex
from controller.ports import BayMemory

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


KEPT_S = 86_400
"""A code's id is kept so long past the expiry of codes that came after it."""

DAYS_SEQS = 5_000
"""So many records hold a kiosk's day: 500 deposits are 1,000 records, with intents; returns,
faults and services are fewer."""


def remember_code(
    connection: sqlite3.Connection, jti: str, expires_at: int, horizon_s: int
) -> bool:
    """Note a code's id; False where it was known. What has long expired is forgotten.

    Two clocks must say so: the kiosk's, by `horizon_s`, and the city's, by the newest expiry that
    it signed. So a kiosk's clock that jumps by a year, and the records it leaves behind, make no
    code of today forgotten; and one code that was made to last for years does not either.
    """
    newest = connection.execute("SELECT max(expires_at) FROM seen_codes").fetchone()[0]
    newest_s = max(newest or 0, expires_at)
    horizon_s = min(horizon_s, newest_s - KEPT_S)
    connection.execute("DELETE FROM seen_codes WHERE expires_at < ?", (horizon_s,))
    added = connection.execute("INSERT OR IGNORE INTO seen_codes VALUES (?, ?)", (jti, expires_at))
    return added.rowcount == 1


_CARDS = """
    SELECT sha256, line, json_extract(text, '$.body.jti'), json_extract(text, '$.at'),
        json_extract(text, '$.body.points')
    FROM (
        SELECT seq, sha256, line,
            CASE WHEN json_valid(CAST(line AS TEXT)) THEN CAST(line AS TEXT) END AS text
        FROM records
        WHERE kind = 'deposit' AND seq > (SELECT max(seq) FROM records) - ?
    ) WHERE json_extract(text, '$.body.by') = 'card' ORDER BY seq
"""


def card_deposits(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Card id, instant (ISO 8601) and points of the latest deposits by card, oldest first.

    What was damaged since it was written counts for no card, and is no reason not to start.
    """
    rows = connection.execute(_CARDS, (DAYS_SEQS,))
    whole = (row for row in rows if sha256_hex(row[1]) == row[0])
    return [(str(card), str(at), int(points)) for _, _, card, at, points in whole]


def remember_bay(connection: sqlite3.Connection, bay_id: str, state: BayMemory) -> None:
    """Keep how a bay stands, in place of what was kept before."""
    values = (bay_id, state.zero_raw, state.unfinished)
    connection.execute("INSERT OR REPLACE INTO bays VALUES (?, ?, ?)", values)


def bay_memories(connection: sqlite3.Connection) -> Mapping[str, BayMemory]:
    """How every bay stood last."""
    rows = connection.execute("SELECT bay, zero_raw, unfinished FROM bays ORDER BY bay")
    return {bay: BayMemory(zero_raw, bool(unfinished)) for bay, zero_raw, unfinished in rows}
