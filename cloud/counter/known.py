"""Which accounts and cards a counter knows: of those alone it makes, replaces and blocks cards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.accounts.cards import cards
from cloud.accounts.erased import is_erased
from cloud.accounts.phones import phones
from cloud.accounts.revocations import is_revoked, revocations
from cloud.errors import CounterError
from cloud.store.bulk import TRYING, take_turns
from cloud.store.schema import deposits
from contract.fields import is_residents

if TYPE_CHECKING:
    from sqlalchemy import Connection

ID = re.compile(r"[0-9a-f]{16}")
"""An account's number, or a card's."""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card of an account: which one it is, when it was made and ends (Unix seconds)."""

    card_id: str
    number: int
    issued_at: int
    expires_at: int
    revoked: bool


def cards_of(connection: Connection, account: str) -> list[KnownCard]:
    """The cards of an account, the first one first."""
    query = (
        select(cards, revocations.c.revoked_at)
        .outerjoin(revocations, revocations.c.id == cards.c.id)
        .where(cards.c.account == account)
        .order_by(cards.c.number)
    )
    return [
        KnownCard(row.id, row.number, row.issued_at, row.expires_at, row.revoked_at is not None)
        for row in connection.execute(query)
    ]


def check_account(connection: Connection, account: str) -> None:
    """Go on where it is somebody's: a digit that slipped would make a card for nobody's points.

    Nobody erases it from then on until the transaction ends.

    Raises:
        CounterError: `unknown-account`, `erased`.
    """
    if not _is_known(connection, account):
        raise CounterError("unknown-account", f"there is no account {account[:16]!r}")
    take_turns(connection, [account], TRYING)  # whoever is being erased this moment is erased first
    if is_erased(connection, account):
        raise CounterError("erased", f"account {account} was erased: make a new one")


def good_card(connection: Connection, card_id: str) -> str:
    """Whose a card is that is still good; of two who report it lost, the second waits.

    Raises:
        CounterError: `unknown-card`, `erased`, or `revoked`: it was replaced or blocked before.
    """
    known = select(cards.c.account).where(cards.c.id == card_id)
    row = connection.execute(known).first() if ID.fullmatch(card_id) else None
    if row is None:
        raise CounterError("unknown-card", f"card {card_id[:16]!r} was not issued here")
    check_account(connection, row.account)
    if is_revoked(connection, card_id):
        raise CounterError("revoked", f"card {card_id} was blocked or replaced before")
    account: str = row.account
    return account


def _is_known(connection: Connection, account: str) -> bool:
    """Whether an account has a card, a phone number or a deposit; the guests' is nobody's."""
    if not is_residents(account):
        return False
    columns = (table.c.account for table in (cards, phones, deposits))
    asked = (select(one).where(one == account).limit(1) for one in columns)
    return any(connection.execute(one).first() is not None for one in asked)
