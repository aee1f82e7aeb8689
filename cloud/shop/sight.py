"""What staff see of the shop: the partners of their district, and what was redeemed there.

Whose account it was they are not told, as tills are not. Who asked for a code is in the audit log,
and so is each attempt at another district's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.errors import ShopError
from cloud.ledger.redeemed import one_redeemed, redeemed_among
from cloud.shop.acting import actor_of
from cloud.shop.codes import typed
from cloud.shop.steps import note_step, row_of
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_shop import redemptions
from contract.hours import bounds_of_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cloud.ledger.redeemed import Redeemed
    from cloud.shop.expiry import Expiry
    from cloud.shop.partners import Partner, PartnerDesk
    from cloud.staff.desk import Staff


class ShopSight:
    """Reads the shop for staff with the right `shop`.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
        desk: Knows the partners.
        expiry: Gives back what nobody confirmed in time, before a state is told.
    """

    def __init__(
        self, database: Engine, clock: Callable[[], int], desk: PartnerDesk, expiry: Expiry
    ) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk
        self._expiry = expiry

    def partners(self, staff: Staff) -> list[Partner]:
        """The partners of their district by pseudonym, those whose token has ended too.

        Raises:
            ShopError: `role`.
            LedgerError: The database failed.
        """
        self._actor(staff, staff.district)
        return [one for one in self._desk.all() if staff.covers(one.district)]

    def partner(self, staff: Staff, partner: str) -> Partner:
        """One of them.

        Raises:
            ShopError: `unknown-partner`, `role` or `other-district`.
            LedgerError: The database failed.
        """
        found = self._desk.known(partner)
        self._actor(staff, found.district)
        return found

    def redeemed(
        self,
        staff: Staff,
        limit: int,
        partner: str = "",
        day: str = "",
        before: int | None = None,
    ) -> list[Redeemed]:
        """The latest redemptions of their district, newest first, with ids below `before`.

        Args:
            staff: Who asks.
            limit: So many at most.
            partner: At this partner alone, where one is named.
            day: Those that ended or were refunded on this day in China, as in `2026-11-28`, or
                were reserved then and still are; of all days where none is named.
            before: The id of the last one seen.

        Raises:
            ShopError: `unknown-partner`, `no-day`, `role` or `other-district`.
            LedgerError: The database failed.
        """
        named = [self.partner(staff, partner)] if partner else self.partners(staff)
        within = _bounds_of(day) if day else None
        self._expiry.expire()
        with reading(self._database) as connection:
            mine = [one.id for one in named]
            return redeemed_among(connection, mine, within, limit, before)

    def one(self, staff: Staff, redemption_id: int) -> Redeemed:
        """A redemption as it stands now.

        Raises:
            ShopError: `unknown-redemption`, `role` or `other-district`.
            LedgerError: The database failed.
        """
        with reading(self._database) as connection:
            partner = row_of(connection, redemption_id).partner
        self._actor(staff, self._desk.known(partner).district)
        with reading(self._database) as connection:
            return one_redeemed(connection, redemption_id)

    def by_code(self, staff: Staff, code: str) -> Redeemed:
        """What a code is for, whatever became of it; that they asked is in the log.

        Raises:
            ShopError: `unknown-code`, `role` or `other-district`.
            LedgerError: The database failed.
        """
        self._actor(staff, staff.district)
        self._expiry.expire()
        shown = redemptions.c.code_sha256 == hash_of(typed(code))
        with reading(self._database) as connection:
            row = connection.execute(select(redemptions).where(shown)).first()
        if row is None:
            raise ShopError("unknown-code", "this code is nobody's: read it once more")
        actor = self._actor(staff, self._desk.known(row.partner).district)
        with writing(self._database) as connection:
            note_step(connection, row, actor, "redemption-looked-up", self._clock())
            return one_redeemed(connection, row.id)

    def _actor(self, staff: Staff, district: str) -> str:
        return actor_of(self._database, self._clock(), staff, district)


def _bounds_of(day: str) -> tuple[int, int]:
    try:
        return bounds_of_day(day)
    except ValueError as error:
        raise ShopError("no-day", f"day {day[:16]!r} is none: write it as in 2026-11-28") from error
