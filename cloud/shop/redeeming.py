"""Redeeming points for goods: reserved by the resident, confirmed once by the partner.

What is reserved has left the account, so two calls never spend the same points; it comes back
when the resident or the till cancels, and by itself when nobody confirmed in time. A balance that
staff's refusals made negative stays so until deposits fill it, and redeems nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.ledger.redeemed import one_redeemed, redeemed_by_id, redeemed_of
from cloud.shop import steps
from cloud.shop.books import partner_account
from cloud.shop.codes import typed
from cloud.shop.means import Means, account_row, check_caller, check_means, key_row, means_of
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_shop import redemptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.ledger.redeemed import Redeemed, State
    from cloud.shop.codes import ShopCodes
    from cloud.shop.expiry import Expiry

HOLDS_S = 15 * 60
"""So long a code holds: the way to the till and its queue, and little of a shelf kept empty."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A redemption, and the code to show at the till.

    The code is empty once it is of no use, or where it was made under a secret of before.
    """

    redeemed: Redeemed
    code: str


class Redeeming:
    """Redemptions of all accounts at all partners.

    Args:
        database: The ledger's.
        codes: Makes the codes.
        expiry: Gives back what nobody confirmed in time, before anything else is done.
        clock: Gives Unix seconds.
    """

    def __init__(
        self, database: Engine, codes: ShopCodes, expiry: Expiry, clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._codes = codes
        self._expiry = expiry
        self._clock = clock

    def reserve(self, account: str, key: str, good_id: int, points: int) -> Reserved:
        """Take the points and one of the goods, for `HOLDS_S`.

        Args:
            account: 16 hex digits.
            key: 16 to 64 letters that the caller makes up for this wish: the same again with the
                same key is the same redemption, however often it is asked.
            good_id: Which good.
            points: What the resident saw that it costs.

        Raises:
            ShopError: `account`, `key`, `key-reused`, `too-many-open`, `unknown-good`,
                `not-on-sale`, `price-changed`, `sold-out`, `not-enough` or `looked-at`.
            LedgerError: The database failed; nothing was reserved.
        """
        check_caller(account, key)
        self._expiry.expire()
        key_sha256 = hash_of(key)
        with writing(self._database) as connection:
            take_turns(connection, [resident(account)], SPENDING)
            known = key_row(connection, account, key_sha256)
            if known is not None and (known.good_id, known.points) != (good_id, points):
                raise ShopError("key-reused", "this key is another redemption's: make up a new one")
            if known is not None:
                return self._shown(connection, known)
            check_means(connection, account, points, self._clock())
            good = steps.take_good(connection, good_id, points, self._clock())
            row = self._enter(connection, account, key_sha256, good)
            steps.note_step(connection, row, resident(account), "reserved", self._clock())
            return self._shown(connection, row)

    def means(self, account: str) -> Means:
        """What an account has, and what of it is looked at first."""
        with reading(self._database) as connection:
            return means_of(connection, account, self._clock())

    def shown(self, account: str, redemption_id: int) -> Reserved:
        """One redemption of an account, with its code while that is of use.

        Raises:
            ShopError: `unknown-redemption`: the account has no such one.
            LedgerError: The database failed.
        """
        with reading(self._database) as connection:
            row = account_row(connection, account, redemption_id)
            return self._shown(connection, row)

    def of_account(self, account: str, limit: int, before: int | None = None) -> list[Redeemed]:
        """The latest redemptions of an account, newest first, with ids below `before`."""
        with reading(self._database) as connection:
            return redeemed_of(connection, account, limit, before)

    def open_of(self, account: str) -> list[Reserved]:
        """All that an account has reserved, the latest first, with the codes to show."""
        mine = (redemptions.c.account == account) & (redemptions.c.state == "reserved")
        with reading(self._database) as connection:
            rows = {row.id: row for row in connection.execute(select(redemptions).where(mine))}
            found = redeemed_by_id(connection, rows)  # MOST_OPEN at most
        return [self._reserved(rows[one.id], one) for one in found]

    def cancel(self, account: str, redemption_id: int) -> Redeemed:
        """The resident gives up what they reserved; points and good are free again.

        Raises:
            ShopError: `unknown-redemption`, `confirmed`, `cancelled`, `expired` or `refunded`.
            LedgerError: The database failed; nothing was cancelled.
        """
        self._expiry.expire()
        with reading(self._database) as connection:
            account_row(connection, account, redemption_id)
        return self._in_turn(account, redemption_id, "cancelled", resident(account))

    def look(self, partner: str, code: str) -> Redeemed:
        """What a code that was shown at the till of `partner` is for, while it can be confirmed.

        Raises:
            ShopError: `unknown-code`: none of this partner's. `confirmed`, `cancelled`, `expired`
                or `refunded`.
            LedgerError: The database failed.
        """
        row = self._by_code(partner, code)
        steps.check_reserved(row, self._clock())
        with reading(self._database) as connection:
            return one_redeemed(connection, row.id)

    def confirm(self, partner: str, code: str) -> Redeemed:
        """The goods go over the counter of `partner`; once a code.

        Raises:
            ShopError, LedgerError: As `look`; nothing was confirmed.
        """
        row = self._by_code(partner, code)
        return self._in_turn(row.account, row.id, "confirmed", partner_account(partner))

    def turn_down(self, partner: str, code: str) -> Redeemed:
        """The till cannot hand it out; points and good are free again.

        Raises:
            ShopError, LedgerError: As `look`; nothing was cancelled.
        """
        row = self._by_code(partner, code)
        return self._in_turn(row.account, row.id, "cancelled", partner_account(partner))

    def _in_turn(self, account: str, redemption_id: int, state: State, actor: str) -> Redeemed:
        """Confirm or cancel in the account's turn, where it is still reserved by then."""
        with writing(self._database) as connection:
            take_turns(connection, [resident(account)], SPENDING)
            row, now_s = steps.row_of(connection, redemption_id), self._clock()
            steps.check_reserved(row, now_s)
            if state == "confirmed":
                steps.confirm(connection, row, now_s)
            else:
                steps.give_back(connection, row, state, now_s)
            steps.note_step(connection, row, actor, state, now_s)
            return one_redeemed(connection, redemption_id)

    def _enter(
        self, connection: Connection, account: str, key_sha256: str, good: Row[Any]
    ) -> Row[Any]:
        now_s = self._clock()
        values: dict[str, Any] = {"account": account, "partner": good.partner, "good_id": good.id}
        values |= {"zh": good.zh, "en": good.en, "points": good.points, "key_sha256": key_sha256}
        values |= {"code_sha256": hash_of(self._codes.code(account, key_sha256))}
        values |= {"reserved_at": now_s, "expires_at": now_s + HOLDS_S}
        return steps.row_of(connection, steps.reserve(connection, values))

    def _shown(self, connection: Connection, row: Row[Any]) -> Reserved:
        return self._reserved(row, one_redeemed(connection, row.id))

    def _reserved(self, row: Row[Any], redeemed: Redeemed) -> Reserved:
        code = self._codes.code(row.account, row.key_sha256)
        of_use = row.state == "reserved" and row.expires_at > self._clock()
        good = of_use and hash_of(code) == row.code_sha256
        return Reserved(redeemed, code if good else "")

    def _by_code(self, partner: str, code: str) -> Row[Any]:
        self._expiry.expire()
        with reading(self._database) as connection:
            return steps.row_of_code(connection, partner, hash_of(typed(code)))
