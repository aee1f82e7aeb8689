"""What staff at a counter do for a resident: a card, its PIN, a lost one, a phone number.

They see an account's cards and nothing else of it: no balance, no deposit, no name, for none is
kept. Each act is in the audit log with the account, and so is each that was refused, with its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from cloud.accounts.cards import cards
from cloud.counter.known import ID, KnownCard, cards_of, check_account, good_card
from cloud.errors import CloudError, CounterError, SignInError, StaffError
from cloud.staff.acts import note_by, noted
from cloud.store.database import writing
from contract.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from cloud.accounts.cards import CardDesk, IssuedCard
    from cloud.accounts.phones import PhoneBook
    from cloud.staff.desk import Staff

REFUSED = "counter-refused"
"""The action of the audit log for what was not done; its detail is the code."""


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card to print, whose it is, and its PIN. Neither text nor PIN is kept."""

    account: str
    card: IssuedCard
    pin: str


class Counter:
    """Serves residents for staff with the right `desk`.

    Args:
        database: The platform's.
        desk: Issues and revokes cards.
        book: Knows whose a number is; None where the platform keeps none.
        new_pin: Draws a card's PIN in the transaction that it is given, for the card's id, and the
            actor and district that the log is to name.
        new_account: Gives a fresh account, 16 random hex digits.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        desk: CardDesk,
        book: PhoneBook | None,
        new_pin: Callable[[Connection, str, str, str], str],
        new_account: Callable[[], str],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._desk = desk
        self._book = book
        self._new_pin = new_pin
        self._new_account = new_account
        self._clock = clock
        if book is not None:
            with writing(database) as connection:
                book.create(connection)

    def find(self, staff: Staff, asked: str) -> str:
        """The account that somebody names: itself, the id of a card of it, or a phone number.

        Raises:
            StaffError: `role`.
            CounterError: `unknown-account`, `unknown-number`, `no-phones` or `erased`.
            TokenError: `not-a-number`: it is none of the three.
            LedgerError: The database failed.
        """
        with self._act(staff) as connection:
            account = self._find(connection, asked.strip().lower())
            check_account(connection, account)
            self._note(connection, staff, "account-looked-up", account)
            return account

    def cards_of(self, staff: Staff, account: str) -> list[KnownCard]:
        """The cards of an account, the first one first."""
        with self._act(staff) as connection:
            return cards_of(connection, account)

    def issue(self, staff: Staff, account: str = "") -> NewCard:
        """Make a card for a known account, or for a new one where none is named.

        Raises:
            StaffError: `role`.
            CounterError: `unknown-account` or `erased`.
            LedgerError: The database failed; no card was made.
        """
        with self._act(staff) as connection:
            if account:
                check_account(connection, account)
            whose = account or self._new_account()
            made = self._desk.issue_in(connection, whose)
            self._note(connection, staff, "card-issued", f"{whose} {made.card_id}")
            return NewCard(whose, made, self._pin(connection, staff, made.card_id))

    def replace(self, staff: Staff, card_id: str) -> NewCard:
        """A card was lost: it is good no longer, and its account gets another one.

        Raises:
            StaffError: `role`.
            CounterError: `unknown-card`, `erased`, or `revoked`: it was replaced or blocked before.
            LedgerError: The database failed; nothing was done.
        """
        with self._act(staff) as connection:
            whose = good_card(connection, card_id)
            made = self._desk.replace_in(connection, card_id)
            self._note(connection, staff, "card-replaced", f"{whose} {card_id} {made.card_id}")
            return NewCard(whose, made, self._pin(connection, staff, made.card_id))

    def block(self, staff: Staff, card_id: str) -> None:
        """A card was lost, and nobody wants another.

        Raises:
            As `replace`.
        """
        with self._act(staff) as connection:
            whose = good_card(connection, card_id)
            self._desk.revoke_in(connection, card_id)
            self._note(connection, staff, "card-blocked", f"{whose} {card_id}")

    def pin(self, staff: Staff, card_id: str) -> str:
        """Another PIN for a card, in place of the one before.

        Raises:
            StaffError: `role`.
            SignInError: `unknown-card`.
            LedgerError: The database failed.
        """
        with self._act(staff) as connection:
            return self._pin(connection, staff, card_id)

    def link(self, staff: Staff, account: str, typed: str) -> None:
        """A resident says which number is theirs; only its keyed hash is kept.

        Raises:
            StaffError: `role`.
            CounterError: `no-phones`, `unknown-account`, `erased`, or `number-taken`: the number
                has another account.
            TokenError: `not-a-number`.
            LedgerError: The database failed; nothing was linked.
        """
        with self._act(staff) as connection:
            check_account(connection, account)
            phones = self._phones()
            try:
                phones.link(connection, typed, account)
            except CloudError as error:
                raise CounterError("number-taken", "this number has another account") from error
            self._note(connection, staff, "phone-linked", account)

    def _pin(self, connection: Connection, staff: Staff, card_id: str) -> str:
        return self._new_pin(connection, card_id, staff.actor, noted(staff.district))

    def _find(self, connection: Connection, asked: str) -> str:
        if not ID.fullmatch(asked):
            account = self._phones().known(connection, asked)
            if account is None:
                raise CounterError("unknown-number", "this number has no account: make a card")
            return account
        card = select(cards.c.account).where(cards.c.id == asked)
        return connection.execute(card).scalar() or asked

    def _phones(self) -> PhoneBook:
        if self._book is None:
            raise CounterError("no-phones", "phone numbers are not kept here: see docs/identity.md")
        return self._book

    @contextmanager
    def _act(self, staff: Staff) -> Iterator[Connection]:
        """One act: done wholly, or refused, which is in the audit log."""
        with self._refusing(staff):
            staff.check("desk")
            with writing(self._database) as connection:
                yield connection

    @contextmanager
    def _refusing(self, staff: Staff) -> Iterator[None]:
        """Put what is refused within into the audit log."""
        try:
            yield
        except (CounterError, SignInError, StaffError, TokenError) as error:
            with writing(self._database) as connection:
                self._note(connection, staff, REFUSED, error.code)
            raise

    def _note(self, connection: Connection, staff: Staff, action: str, detail: str) -> None:
        note_by(connection, self._clock(), staff, action, staff.district, detail=detail)
