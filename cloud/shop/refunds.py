"""Refunds: points of a confirmed redemption go back, by its partner or by staff, within days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.ledger.redeemed import one_redeemed
from cloud.shop.acting import actor_of, check_sentence
from cloud.shop.books import partner_account
from cloud.shop.rests import settle_refund
from cloud.shop.steps import refund, row_of
from cloud.staff.audit import note
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine, Row

    from cloud.ledger.redeemed import Redeemed
    from cloud.shop.partners import Partner, PartnerDesk
    from cloud.staff.desk import Staff

REFUND_S = 7 * 86_400
"""So long after it was confirmed a redemption is refunded: as goods bought at a distance go back
(Consumer Protection Law of China, article 25)."""


class Refunds:
    """Enters back what was confirmed; of an erased account it goes on to where its points went.

    Args:
        database: The ledger's.
        clock: Gives Unix seconds.
        desk: Knows the partners.
    """

    def __init__(self, database: Engine, clock: Callable[[], int], desk: PartnerDesk) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk

    def by_partner(self, partner: Partner, redemption_id: int, reason: str) -> Redeemed:
        """A till takes goods back.

        Raises:
            ShopError: `unknown-redemption`: none of theirs. `not-confirmed`, `refunded`,
                `too-late` or `text`.
            LedgerError: The database failed; nothing was refunded.
        """
        check_sentence("reason", reason)
        row = self._row(redemption_id)
        if row.partner != partner.id:
            raise ShopError(
                "unknown-redemption", f"there is no redemption {redemption_id} of yours"
            )
        return self._refund(row, reason, partner_account(partner.id), partner.district)

    def by_staff(self, staff: Staff | None, redemption_id: int, reason: str) -> Redeemed:
        """Staff give points back in a partner's place.

        Raises:
            ShopError: As `by_partner`, and `role` or `other-district`.
            LedgerError: The database failed; nothing was refunded.
        """
        check_sentence("reason", reason)
        row = self._row(redemption_id)
        district = self._desk.known(row.partner).district
        actor = actor_of(self._database, self._clock(), staff, district)
        return self._refund(row, reason, actor, district)

    def _row(self, redemption_id: int) -> Row[Any]:
        with reading(self._database) as connection:
            return row_of(connection, redemption_id)

    def _refund(self, seen: Row[Any], reason: str, actor: str, district: str) -> Redeemed:
        with writing(self._database) as connection:
            take_turns(connection, [resident(seen.account)], SPENDING)
            row, now_s = row_of(connection, seen.id), self._clock()  # as it is in its turn
            if row.state == "refunded":
                raise ShopError("refunded", f"redemption {row.id} is refunded already")
            if row.state != "confirmed":
                raise ShopError("not-confirmed", f"redemption {row.id} is {row.state}: no points")
            if row.ended_at + REFUND_S <= now_s:
                raise ShopError("too-late", f"refunds end {REFUND_S // 86_400} days after")
            refund(connection, row, reason, now_s)
            settle_refund(connection, row.account, reason, now_s)
            said = f"redemption {row.id} at {row.partner}, {row.points} points: {reason}"
            note(connection, now_s, actor, "refunded", district, detail=said)
            return one_redeemed(connection, row.id)
