"""How large a journal may become, and how much room it needs."""

from __future__ import annotations

from dataclasses import dataclass

from controller.adapters.journal.tail import TAIL


@dataclass(frozen=True, slots=True)
class Limits:
    """What a journal keeps to.

    With less than `min_free_bytes` free on its disk no load should be taken any more: the
    write-ahead log may grow by some megabytes before SQLite brings it into the file, and a
    deposit's records have about 3 kB together.

    The last `keep_records` are never archived: two months of eighty deposits a day, and twice
    what the daily bound of cards looks back upon. No fewer count than are looked at when the
    journal is opened.

    The files of an epoch's archive take `archive_bytes` at most, but for the last month's:
    500,000 records, nine years of such a kiosk. Nothing is archived while less than `spare_bytes`
    are free: SQLite gives no room back for what leaves it, so a journal that was large before would
    take the card's last room for a second copy, and close the kiosk.
    """

    min_free_bytes: int = 16 * 2**20
    keep_records: int = 10_000
    archive_bytes: int = 512 * 2**20
    spare_bytes: int = 64 * 2**20

    @property
    def never_archived(self) -> int:
        """So many of the last records stay in the journal, whatever was asked for."""
        return max(self.keep_records, TAIL + 1)
