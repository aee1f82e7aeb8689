"""Signing in by phone number: a code of six digits goes to it, and comes back.

A number that was never seen gets an account when its code comes back. So every number is answered
in the same way, and nobody learns from the answer whether it has one.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from cloud.accounts.erased import is_erased
from cloud.errors import SignInError
from cloud.residents.tries import Limit, check, count, tried
from cloud.store.bulk import TRYING, take_turns
from cloud.store.database import writing
from cloud.store.schema_residents import sign_in_codes
from contract.errors import TokenError
from contract.sealed import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.accounts.phones import PhoneBook
    from cloud.residents.keyed import Keyed
    from cloud.residents.sign_ins import Device, SignedIn, SignIns
    from cloud.residents.texts import Texts

_log = logging.getLogger(__name__)

CODE_S = 300
"""A code holds five minutes: a text message takes seconds, and rarely a minute or two."""

MOST_TRIES = 5
"""Of one code. With ten codes a day somebody else's is guessed once in 20,000 days."""

TO_NUMBER = (Limit(3, 900), Limit(10, 86_400))
FROM_ADDRESS = (Limit(60, 3600),)
"""Many phones share one address behind a carrier's translation."""

IN_CITY = Limit(300, 60)
"""However many numbers and addresses somebody has: each message costs the city money. A million
residents who sign in once a month, all of them within two hours a day, ask for 280 a minute."""

CITY = "city"

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,64}")

TEXT = "【绿色账户】验证码 {code}，5 分钟内有效，请勿告诉他人。Your green account code: {code}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A code was sent: what to show with it, and until when (Unix seconds)."""

    challenge: str
    expires_at: int


class NumberWay:
    """Lets residents in by their number.

    Args:
        database: The platform's.
        book: Number → account.
        keyed: Hashes what is not kept.
        sign_ins: Begins a sign-in.
        texts: Sends the codes.
        clock: Gives Unix seconds.
        new_code: Gives six fresh random digits.
        new_challenge: Gives a fresh secret text.
        in_city: How many codes are sent to all numbers together.
    """

    def __init__(
        self,
        database: Engine,
        book: PhoneBook,
        keyed: Keyed,
        sign_ins: SignIns,
        texts: Texts,
        clock: Callable[[], int],
        new_code: Callable[[], str],
        new_challenge: Callable[[], str],
        in_city: Limit = IN_CITY,
    ) -> None:
        self._database = database
        self._book = book
        self._keyed = keyed
        self._sign_ins = sign_ins
        self._texts = texts
        self._clock = clock
        self._new_code = new_code
        self._new_challenge = new_challenge
        self._in_city = in_city
        self.refused: Counter[str] = Counter()
        """Codes that were not sent since the start, by why not."""

    def ask(self, typed: str, address: str) -> Asked:
        """Send a code to a number, however it was typed, asked for from a network address.

        Raises:
            SignInError: `not-a-number`, `too-many`, `busy` (so many are asked for in the city just
                now), or `text-failed`.
            LedgerError: The database failed.
        """
        try:
            return self._ask(typed, address)
        except SignInError as error:
            self.refused[error.code] += 1
            raise

    def _ask(self, typed: str, address: str) -> Asked:
        try:
            number = normalise(typed)
        except TokenError as error:
            raise SignInError(error.code, error.message) from error
        code, asked = self._new_code(), Asked(self._new_challenge(), self._clock() + CODE_S)
        with writing(self._database) as connection:
            self._note(connection, self._book.index_of(number), self._keyed.of_address(address))
            row = {"id": asked.challenge, "number": self._book.index_of(number), "tries": 0}
            row |= {"code": self._code_of(asked.challenge, code), "expires_at": asked.expires_at}
            connection.execute(insert(sign_in_codes).values(**row))
        try:
            self._texts.send(number, TEXT.format(code=code))
        except OSError as error:
            # Only its number: what a gateway says may hold the message.
            _log.error("event=text-failed error=%s errno=%s", type(error).__name__, error.errno)
            raise SignInError("text-failed", "no message could be sent: try again later") from error
        return asked

    def enter(self, challenge: str, code: str, device: Device) -> SignedIn:
        """Sign in whoever tells the code that was sent; one never seen gets an account.

        Raises:
            SignInError: `wrong-code`: another one, an old one, one used before or tried too often.
            LedgerError: The database failed.
        """
        signed_in: SignedIn | None = None
        with writing(self._database) as connection:
            row = self._known(connection, challenge, code)
            if row is not None:
                forget = delete(sign_in_codes).where(sign_in_codes.c.id == challenge)
                connection.execute(forget)
                account = self._account(connection, row.number)
                signed_in = self._sign_ins.begin(connection, account, "number", device)
        # Only now: a wrong try must count although it is refused.
        if signed_in is None:
            raise SignInError(
                "wrong-code", "this code is wrong, used or older than 5 minutes: ask for another"
            )
        return signed_in

    def forget(self) -> None:
        """Have messages forgotten that nobody fetched; each names a number."""
        self._texts.forget()

    def _note(self, connection: Connection, number: str, address: str) -> None:
        take_turns(connection, [number, address, CITY], TRYING)
        now_s = self._clock()
        check(connection, "code-to", number, now_s, *TO_NUMBER)
        check(connection, "code-from", address, now_s, *FROM_ADDRESS)
        if tried(connection, "code-in", CITY, now_s, self._in_city):
            _log.error("event=codes-not-sent most=%d within_s=%d", *self._in_city)
            raise SignInError(
                "busy", "many ask for a code just now: try again in a minute, or use card and PIN"
            )
        count(connection, "code-to", number, now_s)
        count(connection, "code-from", address, now_s)
        count(connection, "code-in", CITY, now_s)

    def _known(self, connection: Connection, challenge: str, code: str) -> Row[tuple[str]] | None:
        """The row of a challenge whose code this is; a wrong try is counted."""
        if not _CHALLENGE.fullmatch(challenge):
            return None  # no database need hear what anybody makes up
        take_turns(connection, [challenge], TRYING)
        mine = sign_in_codes.c.id == challenge
        row = connection.execute(select(sign_in_codes).where(mine)).first()
        if row is None or row.expires_at <= self._clock() or row.tries >= MOST_TRIES:
            return None
        if hmac.compare_digest(row.code, self._code_of(challenge, code)):
            return row
        tries = {"tries": sign_in_codes.c.tries + 1}
        connection.execute(update(sign_in_codes).where(mine).values(**tries))
        return None

    def _account(self, connection: Connection, number: str) -> str:
        """Whose the number is; where it was erased a moment ago, somebody new's."""
        account = self._book.account_at(connection, number)
        take_turns(connection, [account], TRYING)
        if not is_erased(connection, account):
            return account
        return self._book.account_at(connection, number)

    def _code_of(self, challenge: str, code: str) -> str:
        return self._keyed.of("code", f"{challenge} {code}")
