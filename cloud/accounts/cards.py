"""Cards for people without a phone: printed at a counter, replaced when they are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, func, insert, select

from cloud.accounts.erased import is_erased
from cloud.accounts.revocations import metadata, revoke, signed_list
from cloud.errors import CloudError
from cloud.store.alone import CARDS, alone
from cloud.store.bulk import TRYING, take_turns
from cloud.store.database import writing
from cloud.store.migrate import make_tables
from contract.card import TTL_S, issue_card
from contract.errors import TokenError
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.accounts.codes import CityKeys

cards = Table(
    "cards",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("issued_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
    UniqueConstraint("account", "number"),
)


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card to print: its text, its id, which one of the account it is, and when it ends."""

    text: str
    card_id: str
    number: int
    expires_at: int


class CardDesk:
    """Issues and revokes cards. The text of a card is not kept: it is on the card alone.

    Args:
        engine: The platform's database; the desk makes its tables where they are missing.
        keys: The city's keys.
        clock: Gives Unix seconds.
        new_id: Gives 8 fresh random bytes.
        ttl_s: Seconds that a card holds.
    """

    def __init__(
        self,
        engine: Engine,
        keys: CityKeys,
        clock: Callable[[], int],
        new_id: Callable[[], bytes],
        ttl_s: int = TTL_S,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        self._new_id = new_id
        self._ttl_s = ttl_s
        with writing(engine) as connection:
            make_tables(connection, metadata)

    def issue(self, account: str) -> IssuedCard:
        """Make another card for `account` (16 hex digits); those before stay good.

        Raises:
            TokenError: `malformed`: the account is not 16 hex digits. `nobodys`: it is that of all
                guests. `erased`: whoever had it was erased.
        """
        with writing(self._engine) as connection:
            take_turns(connection, [account], TRYING)  # whoever is being erased is erased first
            return self.issue_in(connection, account)

    def replace(self, card_id: str) -> IssuedCard:
        """A card was lost: revoke it and make its account another one.

        Raises:
            CloudError: No such card was issued here.
        """
        with writing(self._engine) as connection:
            take_turns(connection, [_found(connection, card_id).account], TRYING)
            return self.replace_in(connection, card_id)

    def revoke(self, card_id: str) -> None:
        """A card was lost, and nobody wants another.

        Raises:
            CloudError: No such card was issued here.
        """
        with writing(self._engine) as connection:
            self.revoke_in(connection, card_id)

    def revoked(self) -> bytes:
        """The signed list of what is revoked, for the kiosks."""
        return signed_list(self._engine, self._keys, self._clock())

    def issue_in(self, connection: Connection, account: str) -> IssuedCard:
        """As `issue`, as part of the caller's transaction."""
        if account == GUESTS:
            raise TokenError("nobodys", "the guests' account is nobody's: it gets no card")
        if is_erased(connection, account):
            raise TokenError("erased", f"account {account} was erased: make a card for a new one")
        alone(connection, CARDS)
        now_s, card_id = self._clock(), self._new_id()
        before = select(func.count()).select_from(cards).where(cards.c.account == account)
        number = connection.execute(before).scalar_one() + 1
        expires_at = now_s + self._ttl_s
        text = issue_card(
            self._keys.at(now_s),
            account,
            now_s,
            number=number,
            card_id=card_id,
            ttl_s=self._ttl_s,
        )
        row = {"id": card_id.hex(), "account": account, "number": number}
        connection.execute(insert(cards).values(**row, issued_at=now_s, expires_at=expires_at))
        return IssuedCard(text, card_id.hex(), number, expires_at)

    def replace_in(self, connection: Connection, card_id: str) -> IssuedCard:
        """As `replace`, as part of the caller's transaction."""
        return self.issue_in(connection, self.revoke_in(connection, card_id))

    def revoke_in(self, connection: Connection, card_id: str) -> str:
        """As `revoke`, as part of the caller's transaction; whose card it was."""
        found = _found(connection, card_id)
        revoke(connection, card_id, self._clock(), found.expires_at)
        account: str = found.account
        return account


def _found(connection: Connection, card_id: str) -> Row[Any]:
    found = connection.execute(select(cards).where(cards.c.id == card_id)).first()
    if found is None:
        raise CloudError(
            f"card {card_id[:32]!r} was not issued here: name the id that stands on the card"
        )
    return found
