"""What nobody confirmed in time comes back by itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.errors import HeldUpError
from cloud.ledger.book import resident
from cloud.shop.steps import give_back, row_of
from cloud.store.bounds import hurry
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.schema_shop import redemptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

AT_ONCE = 200
"""So many are looked for in one go, the oldest first."""


class Expiry:
    """Gives back points and goods of redemptions whose time is over.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    def expire(self) -> int:
        """Give back what is due, each in a transaction of its own; how many.

        One that held several goods' rows at once could wait for another for ever. What somebody
        else does not let go is left for the next time, with the rest of its account and its good:
        everything at the shop comes by here.

        Raises:
            LedgerError: The database failed; some may have been given back.
        """
        due = (redemptions.c.state == "reserved") & (redemptions.c.expires_at <= self._clock())
        asked = select(redemptions.c.id, redemptions.c.account, redemptions.c.good_id).where(due)
        with reading(self._database) as connection:
            rows = connection.execute(asked.order_by(redemptions.c.expires_at).limit(AT_ONCE)).all()
        given = 0
        kept: set[str | int] = set()
        for row in rows:
            if kept & {row.account, row.good_id}:
                continue
            try:
                given += self._give_up(row.account, row.id)
            except HeldUpError as error:
                kept |= {row.account, row.good_id}
                _log.warning("event=not-given-back redemption=%d reason=%s", row.id, error)
        return given

    def _give_up(self, account: str, redemption_id: int) -> bool:
        with writing(self._database) as connection:
            hurry(connection)
            take_turns(connection, [resident(account)], SPENDING)
            row, now_s = row_of(connection, redemption_id), self._clock()
            if row.state != "reserved" or row.expires_at > now_s:
                return False  # another worker did, or it was confirmed meanwhile
            give_back(connection, row, "expired", now_s)
            return True
