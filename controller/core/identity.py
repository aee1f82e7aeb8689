"""Who stands before the kiosk: by a resident's code, a card, a staff badge or a typed number.

The keys say which is which. A city's key signs codes and cards, a staff key badges, and neither
can make the other's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contract import token
from contract.badge import Badge, read_badge
from contract.card import CARD, Card, read_card
from contract.cose import named_key, open_claims
from contract.errors import TokenError
from contract.hours import day_of
from contract.revoked import Revoked
from contract.sealed import normalise
from contract.token import Token
from controller.core.bounds import Attempts, CardDay

RETURN_S = 300.0
"""Who was here last may come again with the same code: a bay failed, or they forgot a bag. A code
lives for less; without a trusted clock this ends it."""


class BadgeError(TokenError):
    """What was shown names a staff key and is no valid badge; codes as `TokenError`.

    `recorded` says whether it is worth a record: of many in a row only the first few are, so that
    nobody fills the journal with them.
    """

    recorded: bool

    def __init__(self, code: str, message: str, what: str = "", *, recorded: bool = True) -> None:
        super().__init__(code, message, what)
        self.recorded = recorded


class Doorkeeper:
    """Reads what is shown, and keeps what must be known of what was shown before.

    Args:
        city_keys: Key id → public key (32 bytes) of those who issue codes and cards.
        staff_keys: Key id → public key of those who issue badges.
        cards: Bounds what a card brings in a day.
        badges: Bounds how often a wrong badge is recorded.
    """

    def __init__(
        self,
        city_keys: Mapping[str, bytes],
        staff_keys: Mapping[str, bytes] | None = None,
        cards: CardDay | None = None,
        badges: Attempts | None = None,
    ) -> None:
        self._city_keys = city_keys
        self._staff_keys = staff_keys or {}
        self.cards = cards or CardDay()
        self._badges = badges or Attempts()
        self._revoked: Revoked | None = None
        self._last_code = ""
        self._last_s = 0.0
        self.returns = False
        """Whether who was let in last is who was here before them."""

    def take(self, revoked: Revoked) -> bool:
        """A signed list of what was lost came; False where it is older than the one that holds."""
        newer = self._revoked is None or revoked.version > self._revoked.version
        if newer:
            self._revoked = revoked
        return newer

    def read(
        self, text: str, utc_s: int, now_s: float, *, clock_known: bool
    ) -> Token | Card | Badge:
        """Say what was shown.

        Args:
            text: What the code reader read.
            utc_s: Unix seconds by the kiosk's clock.
            now_s: Seconds of loop time.
            clock_known: Whether somebody vouches for the clock; where not, nothing is expired.

        Raises:
            BadgeError: It names a staff key and is no valid badge.
            TokenError: As `contract.cose.open_claims`, or `expired`, `revoked`, or `spent`: the
                card has brought as much today as it may.
        """
        if named_key(text) in self._staff_keys:
            return self._badge(text, utc_s, now_s, clock_known=clock_known)
        opened = open_claims(text, self._city_keys)
        if clock_known:
            self.cards.begin(day_of(utc_s))
        if CARD not in opened.claims:
            return token.read(opened, utc_s, clock_known=clock_known)
        card = read_card(opened, utc_s, clock_known=clock_known, revoked=self._lost)
        if self.cards.is_spent(card.card_id):
            raise TokenError("spent", "card has brought as much today as it may: come tomorrow")
        return card

    def came(self, code_id: str, now_s: float) -> None:
        """Somebody is let in by a code or a card; `returns` says whether they were here last."""
        self.returns = code_id == self._last_code and now_s - self._last_s <= RETURN_S
        if not self.returns:
            self._last_code, self._last_s = code_id, now_s

    def turned_away(self) -> None:
        """Whoever came last is not let in after all, and is not known the next time."""
        self._last_code = ""

    @property
    def _lost(self) -> tuple[str, ...]:
        return self._revoked.ids if self._revoked else ()

    def _badge(self, text: str, utc_s: int, now_s: float, *, clock_known: bool) -> Badge:
        try:
            opened = open_claims(text, self._staff_keys)
            return read_badge(opened, utc_s, clock_known=clock_known, revoked=self._lost)
        except TokenError as error:
            recorded = self._badges.is_heard(now_s)
            if recorded:
                self._badges.wrong(now_s)
            raise BadgeError(error.code, error.message, recorded=recorded) from error


@dataclass(frozen=True, slots=True)
class SealedNumber:
    """A confirmed number that only the platform can read, and the pseudonym that it belongs to."""

    account: str
    sealed: str


class PhoneDesk:
    """Takes a typed phone number twice, and keeps neither.

    At the first typing the number is sealed, and what is kept beside it is a keyed hash to compare
    the second one with; the key is forgotten with it.

    Args:
        seal: Seals a number for a pseudonym, as `contract.sealed.seal` does.
        new_account: Gives a fresh pseudonym, 16 random hex digits.
        new_key: Gives 16 fresh random bytes.
    """

    def __init__(
        self,
        seal: Callable[[str, str], str],
        new_account: Callable[[], str],
        new_key: Callable[[], bytes],
    ) -> None:
        self._seal = seal
        self._new_account = new_account
        self._new_key = new_key
        self.forget()

    def forget(self) -> None:
        """Nobody is typing: as if nothing had been typed."""
        self._pending: SealedNumber | None = None
        self._key = self._print = b""

    def type(self, text: str) -> SealedNumber | None:
        """Take what was typed: None after the first time, what was sealed after the second.

        Raises:
            TokenError: `not-a-number`, type it again; or `numbers-differ`: both are forgotten,
                begin anew.
        """
        number = normalise(text)
        if self._pending is None:
            account = self._new_account()
            self._pending = SealedNumber(account, self._seal(number, account))
            self._key = self._new_key()
            self._print = self._printed(number)
            return None
        pending, same = self._pending, self._print == self._printed(number)
        self.forget()
        if not same:
            raise TokenError("numbers-differ", "the two numbers differ: type yours again, twice")
        return pending

    def confirm(self) -> SealedNumber | None:
        """Somebody said yes to what they see on the keypad; None where nothing was typed."""
        pending = self._pending
        self.forget()
        return pending

    def _printed(self, number: str) -> bytes:
        return hashlib.blake2b(number.encode(), key=self._key, digest_size=16).digest()
