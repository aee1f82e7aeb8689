"""Who is signed in: a random token in the resident's hands, only its hash here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, desc, insert, select

from cloud.accounts.erased import is_erased
from cloud.errors import SignInError
from cloud.residents.tries import forget_old, forget_tries
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_residents import sign_in_codes, sign_ins
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

HOLDS_S = 30 * 86_400
"""A sign-in holds a month; whoever comes back later gets another code."""

FRESH_S = 600
"""What cannot be undone asks for a sign-in of the last ten minutes."""

Way = Literal["number", "card", "demo"]

Device = Literal["phone", "computer"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of an account, times in Unix seconds. `sign_in_id` is no secret."""

    sign_in_id: str
    account: str
    way: Way
    device: Device
    at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in and its token, which is told once and not kept."""

    token: str
    sign_in: SignIn


class SignIns:
    """The sign-ins of all accounts.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
        new_token: Gives a fresh secret text.
    """

    def __init__(
        self, database: Engine, clock: Callable[[], int], new_token: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_token = new_token

    def begin(self, connection: Connection, account: str, way: Way, device: Device) -> SignedIn:
        """Sign in whoever proved that `account` is theirs, in the transaction of the proof.

        Raises:
            SignInError: `erased`: the account is nobody's any more.
        """
        if is_erased(connection, account):
            raise SignInError("erased", "this account was erased: nobody can sign in to it")
        token, now_s = self._new_token(), self._clock()
        begun = SignIn(
            sha256_hex(f"name {token}".encode())[:16],
            account,
            way,
            device,
            now_s,
            now_s + HOLDS_S,
        )
        row = {"id": begun.sign_in_id, "account": account, "way": way, "device": device}
        row |= {"token_sha256": hash_of(token)}
        times = {"at": now_s, "expires_at": begun.expires_at}
        connection.execute(insert(sign_ins).values(**row, **times))
        return SignedIn(token, begun)

    def whose(self, token: str) -> SignIn:
        """Whose the token is.

        Raises:
            SignInError: `not-signed-in`: nobody's, ended, or signed out.
            LedgerError: The database failed.
        """
        shown = select(sign_ins).where(sign_ins.c.token_sha256 == hash_of(token))
        with reading(self._database) as connection:
            row = connection.execute(shown).first() if token else None
        if row is None or row.expires_at <= self._clock():
            raise SignInError("not-signed-in", "sign in first: by number or card at /sign-in")
        return SignIn(row.id, row.account, row.way, row.device, row.at, row.expires_at)

    def check(self, token: str, account: str) -> SignIn:
        """The sign-in of this token, where it is one of `account`.

        Raises:
            SignInError: `not-signed-in`, or `other-account`.
        """
        found = self.whose(token)
        if found.account != account:
            raise SignInError("other-account", "this account is not the one that signed in")
        return found

    def check_fresh(self, token: str, account: str) -> SignIn:
        """As `check`, of the last ten minutes.

        Raises:
            SignInError: As `check`, or `sign-in-again`.
        """
        found = self.check(token, account)
        # Of a clock that was set back, what lies ahead is as old as what lies behind.
        if abs(self._clock() - found.at) >= FRESH_S:
            raise SignInError("sign-in-again", "sign out and in again first: this is not undone")
        return found

    def of_account(self, account: str) -> list[SignIn]:
        """The sign-ins of an account that hold, newest first."""
        mine = (sign_ins.c.account == account) & (sign_ins.c.expires_at > self._clock())
        listed = select(sign_ins).where(mine).order_by(desc(sign_ins.c.at), sign_ins.c.id)
        with reading(self._database) as connection:
            return [
                SignIn(row.id, row.account, row.way, row.device, row.at, row.expires_at)
                for row in connection.execute(listed)
            ]

    def end(self, account: str, sign_in_id: str) -> None:
        """Sign out one of an account's sign-ins.

        Raises:
            SignInError: `unknown-sign-in`: the account has none of that name.
        """
        mine = (sign_ins.c.account == account) & (sign_ins.c.id == sign_in_id)
        with writing(self._database) as connection:
            if connection.execute(delete(sign_ins).where(mine)).rowcount == 0:
                raise SignInError("unknown-sign-in", "this account has no such sign-in any more")

    def end_all(self, account: str) -> None:
        """Sign an account out everywhere."""
        with writing(self._database) as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.account == account))

    def forget(self) -> None:
        """Forget what has ended: sign-ins, codes and tries; call it at the start and often."""
        now_s = self._clock()
        with writing(self._database) as connection:
            forget_old(connection, sign_ins.c.id, sign_ins.c.expires_at <= now_s)
            forget_old(connection, sign_in_codes.c.id, sign_in_codes.c.expires_at <= now_s)
            forget_tries(connection, now_s)
