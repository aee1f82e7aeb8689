"""Erasing a person: what leads to them goes, and the books stay.

It is done at once, whatever becomes of the points: whoever asks has just signed in and said yes
twice, and no time is left in which somebody else could find the person by the account. Points that
are looked at first stay with the account meanwhile, and follow (`cloud.shop.rests`).

An account is a random number. In the books it stays under everything that was brought, for each
record is signed and holds the hash of the one before. What goes is what leads from a person to
it: number, cards, PINs, sign-ins, and what they wrote. Then nobody can say whose it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from cloud.accounts.cards import cards
from cloud.accounts.erased import is_erased
from cloud.accounts.phones import metadata as phone_tables
from cloud.accounts.phones import phones
from cloud.accounts.revocations import revoke
from cloud.errors import SignInError
from cloud.ledger.book import resident
from cloud.shop.means import means_of
from cloud.shop.rests import settle_rest
from cloud.staff.audit import note
from cloud.store.bulk import SPENDING, TRYING, take_turns
from cloud.store.database import reading, writing
from cloud.store.migrate import make_tables
from cloud.store.schema import appeals, records
from cloud.store.schema_residents import card_pins, erasures, sign_ins
from cloud.store.schema_shop import redemptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from cloud.shop.left import Rest
    from cloud.shop.means import Means


class Erasure:
    """Erases people.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        with writing(database) as connection:
            make_tables(connection, phone_tables)

    def means(self, account: str) -> Means:
        """What would go with `account`, and how much of it only once somebody has looked.

        Raises:
            LedgerError: The database failed.
        """
        with reading(self._database) as connection:
            return means_of(connection, account, self._clock())

    def erase(self, account: str, rest: Rest, saw_points: int) -> None:
        """Erase whoever has `account`; who asks has proved, freshly, that it is theirs.

        `saw_points` is the balance that they were told: with another one nothing is done.

        Raises:
            SignInError: `erased` already; `changed`: the balance is another by now; `reserved`:
                something waits at a partner, to be fetched or cancelled first.
            LedgerError: The database failed; nothing was erased.
        """
        now_s = self._clock()
        with writing(self._database) as connection:
            take_turns(connection, [account], TRYING)
            take_turns(connection, [resident(account)], SPENDING)
            self._check(connection, account, saw_points)
            moved = settle_rest(connection, account, rest, "erasure", "", now_s)
            _forget(connection, account, now_s)
            connection.execute(insert(erasures).values(account=account, at=now_s, rest=rest))
            waits = max(saw_points - moved, 0)
            detail = f"{rest} {moved}" + (f", {waits} are looked at first" if waits else "")
            note(connection, now_s, resident(account), "erased", "", detail=detail)

    def _check(self, connection: Connection, account: str, saw_points: int) -> None:
        if is_erased(connection, account):
            raise SignInError("erased", "this account was erased before")
        waits = (redemptions.c.account == account) & (redemptions.c.state == "reserved")
        if connection.execute(select(redemptions.c.id).where(waits)).first() is not None:
            raise SignInError("reserved", "fetch or cancel what is reserved at a partner first")
        if means_of(connection, account, self._clock()).points != saw_points:
            raise SignInError("changed", "the balance has changed: look at it again")


def _forget(connection: Connection, account: str, now_s: int) -> None:
    """Take away what leads from a person to the account, and what they wrote."""
    mine = select(cards.c.id, cards.c.expires_at).where(cards.c.account == account)
    held = connection.execute(mine).all()
    for card in held:
        revoke(connection, card.id, now_s, card.expires_at)
    ids = [card.id for card in held]
    connection.execute(delete(card_pins).where(card_pins.c.card_id.in_(ids)))
    connection.execute(delete(cards).where(cards.c.account == account))
    connection.execute(delete(phones).where(phones.c.account == account))
    connection.execute(delete(sign_ins).where(sign_ins.c.account == account))
    theirs = select(records.c.id).where(records.c.account == account)
    wrote = appeals.c.record_id.in_(theirs)
    connection.execute(update(appeals).where(wrote).values(sentence=""))
