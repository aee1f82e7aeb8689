"""Where a journal ends: what the next record has to follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.fields import ZERO_HASH
from contract.instant import utc_s_of
from controller.adapters.journal.schema import meta, set_meta

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Ends:
    """Seq and hash of the last record, seq of the last sent one, highest time in any (Unix s).

    All are 0, and the hash 64 zeros, where there is none.
    """

    seq: int
    sha256: str
    sent: int
    latest_s: int

    def after(self, sha256: str, at: str, *, sent: bool) -> Ends:
        """Where the journal ends once a record of hash `sha256` and time `at` follows."""
        at_s = utc_s_of(at)  # sealing has checked it
        seq = self.seq + 1
        return Ends(seq, sha256, seq if sent else self.sent, max(self.latest_s, at_s))


def read_ends(connection: sqlite3.Connection) -> Ends:
    """Find where the journal ends."""
    last = connection.execute("SELECT seq, sha256 FROM records ORDER BY seq DESC LIMIT 1")
    seq, sha256 = last.fetchone() or (0, ZERO_HASH)
    sent, latest_s = (int(meta(connection, key) or 0) for key in ("last_sent", "latest_s"))
    return Ends(seq, sha256, sent, latest_s)


def write_ends(connection: sqlite3.Connection, ends: Ends, before: Ends) -> None:
    """Keep what the records alone do not say, where it is not as `before`."""
    if ends.sent != before.sent:
        set_meta(connection, "last_sent", ends.sent)
    if ends.latest_s != before.latest_s:
        set_meta(connection, "latest_s", ends.latest_s)
