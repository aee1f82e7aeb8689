"""Signing in by card and PIN, for people without a phone.

A card can be copied by whoever sees it, and a copy may credit its owner. It may not read what they
have: so a card alone signs nobody in. Its PIN is drawn at the desk and told once, as a bank's
is; were it chosen at first use, whoever copied the card first would choose it.
"""

from __future__ import annotations

import hmac
from hashlib import scrypt
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from cloud.accounts.cards import cards
from cloud.accounts.revocations import is_revoked, metadata
from cloud.errors import SignInError
from cloud.residents.tries import Limit, check, count, forgive
from cloud.staff.audit import note
from cloud.store.bulk import TRYING, take_turns
from cloud.store.database import writing
from cloud.store.migrate import make_tables
from cloud.store.schema_residents import card_pins
from contract.card import read_card
from contract.cose import open_claims
from contract.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from cloud.accounts.codes import CityKeys
    from cloud.residents.keyed import Keyed
    from cloud.residents.sign_ins import Device, SignedIn, SignIns
    from contract.card import Card

BY_CARD = (Limit(5, 3600), Limit(20, 86_400))
BY_ADDRESS = (Limit(60, 3600),)
"""Wrong tries. One in a million PINs a day 20 times: found in 70 years, on average."""

WRONG = "card and PIN do not fit, or the card is no longer good: have a new PIN made at the desk"


class CardWay:
    """Lets residents in by card and PIN.

    Args:
        database: The platform's.
        keys: The city's keys, which signed the cards.
        keyed: Hashes what is not kept.
        sign_ins: Begins a sign-in.
        clock: Gives Unix seconds.
        new_pin: Gives six fresh random digits.
    """

    def __init__(
        self,
        database: Engine,
        keys: CityKeys,
        keyed: Keyed,
        sign_ins: SignIns,
        clock: Callable[[], int],
        new_pin: Callable[[], str],
    ) -> None:
        self._database = database
        self._keys = keys
        self._keyed = keyed
        self._sign_ins = sign_ins
        self._clock = clock
        self._new_pin = new_pin
        with writing(database) as connection:
            make_tables(connection, metadata)

    def new_pin(self, card_id: str, actor: str = "operator", district: str = "") -> str:
        """Draw a PIN for a card that was issued here, in place of the one before; told once.

        The log has it as an act of `actor`, for those who watch over `district`.

        Raises:
            SignInError: `unknown-card`: no such card was issued here, or it was reported lost.
            LedgerError: The database failed.
        """
        with writing(self._database) as connection:
            return self.new_pin_in(connection, card_id, actor, district)

    def new_pin_in(self, connection: Connection, card_id: str, actor: str, district: str) -> str:
        """As `new_pin`, as part of the caller's transaction: a card comes with its PIN or not."""
        pin, now_s = self._new_pin(), self._clock()
        known = select(cards.c.id).where(cards.c.id == card_id)
        if connection.execute(known).first() is None or is_revoked(connection, card_id):
            raise SignInError("unknown-card", f"card {card_id[:32]!r} is none that holds here")
        connection.execute(delete(card_pins).where(card_pins.c.card_id == card_id))
        row = {"card_id": card_id, "pin": self._pin_of(card_id, pin), "set_at": now_s}
        connection.execute(insert(card_pins).values(**row))
        forgive(connection, "pin-of", self._keyed.of("card", card_id))
        note(connection, now_s, actor, "pin-made", district, detail=card_id)
        return pin

    def enter(self, text: str, pin: str, address: str, device: Device) -> SignedIn:
        """Sign in whoever shows a card's text and its PIN.

        Raises:
            SignInError: `wrong-card`, whatever of both does not fit; `too-many`; or `erased`.
            LedgerError: The database failed.
        """
        card = self._read(text.strip())
        card_id = card.card_id if card else ""
        shown = self._pin_of(card_id, pin)  # also for no card, so that it takes as long
        who, where = self._keyed.of("card", card_id or text), self._keyed.of_address(address)
        signed_in: SignedIn | None = None
        with writing(self._database) as connection:
            take_turns(connection, [who, where], TRYING)
            now_s = self._clock()
            check(connection, "pin-of", who, now_s, *BY_CARD)
            check(connection, "pin-from", where, now_s, *BY_ADDRESS)
            if card is not None and self._fits(connection, card, shown):
                forgive(connection, "pin-of", who)
                take_turns(connection, [card.account], TRYING)
                signed_in = self._sign_ins.begin(connection, card.account, "card", device)
            else:
                count(connection, "pin-of", who, now_s)
                count(connection, "pin-from", where, now_s)
        if signed_in is None:
            raise SignInError("wrong-card", WRONG)
        return signed_in

    def _read(self, text: str) -> Card | None:
        try:
            opened = open_claims(text, self._keys.public)
            # What is revoked is looked up where the PIN is.
            return read_card(opened, self._clock(), clock_known=True, revoked=())
        except TokenError:
            return None

    def _fits(self, connection: Connection, card: Card, shown: str) -> bool:
        kept = select(card_pins.c.pin).where(card_pins.c.card_id == card.card_id)
        pin = connection.execute(kept).scalar()
        fits = pin is not None and hmac.compare_digest(pin, shown)
        return fits and not is_revoked(connection, card.card_id)

    def _pin_of(self, card_id: str, pin: str) -> str:
        """Slow as well as keyed: whoever gets the secret too has six digits to try."""
        said = self._keyed.of("pin", f"{card_id} {pin}").encode()
        return scrypt(said, salt=b"pin " + card_id.encode(), n=4096, r=8, p=1, dklen=32).hex()
