"""The residents' side of the platform, put together: ways in, sign-ins, privacy."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.errors import SignInError
from cloud.residents.cards import CardWay
from cloud.residents.erasure import Erasure
from cloud.residents.keyed import Keyed
from cloud.residents.numbers import IN_CITY, NumberWay
from cloud.residents.privacy import Privacy
from cloud.residents.sign_ins import SignIns
from cloud.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from cloud.accounts.codes import CityKeys
    from cloud.accounts.phones import PhoneBook
    from cloud.residents.sign_ins import Device, SignedIn
    from cloud.residents.texts import Texts
    from cloud.residents.tries import Limit
    from contract.catalogue import Catalogue

_log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Residents:
    """What pages and API need of residents. `numbers` is None where no text can be sent."""

    database: Engine
    sign_ins: SignIns
    cards: CardWay
    privacy: Privacy
    erasure: Erasure
    numbers: NumberWay | None = None
    demo_accounts: tuple[str, ...] = ()

    def by_number(self) -> NumberWay:
        """The way in by number.

        Raises:
            SignInError: `no-texts`.
        """
        if self.numbers is None:
            raise SignInError("no-texts", "no text messages are sent from here: use card and PIN")
        return self.numbers

    def refused(self) -> dict[str, int]:
        """Codes that were asked for and not sent since the start, by why not."""
        return {} if self.numbers is None else dict(self.numbers.refused)

    def forget(self) -> None:
        """Forget what has ended: sign-ins, codes, tries, and messages that nobody fetched.

        Raises:
            LedgerError: The database failed.
        """
        if self.numbers is not None:
            try:
                self.numbers.forget()
            except OSError as error:
                _log.error("event=text-left error=%s errno=%s", type(error).__name__, error.errno)
        self.sign_ins.forget()

    def enter_demo(self, address: str, device: Device, account: str = "") -> SignedIn:
        """Sign in to a demo's account, its first where none is named, from this machine alone.

        Raises:
            SignInError: `not-here`: it is none, or `address` is another machine's; `erased`.
            LedgerError: The database failed.
        """
        named = account or next(iter(self.demo_accounts), "")
        if named not in self.demo_accounts or address not in LOOPBACK:
            raise SignInError("not-here", "a demo account is opened on its own machine alone")
        with writing(self.database) as connection:
            return self.sign_ins.begin(connection, named, "demo", device)


def open_residents(
    database: Engine,
    catalogues: Mapping[str, Catalogue],
    keys: CityKeys,
    clock: Callable[[], int],
    secret: bytes,
    *,
    book: PhoneBook | None = None,
    texts: Texts | None = None,
    demo_accounts: Sequence[str] = (),
    in_city: Limit = IN_CITY,
) -> Residents:
    """Put it together with fresh random tokens, codes and PINs.

    `secret` (32 bytes) keys the hashes. Numbers let in where there are a `book` and `texts`, of
    which `in_city` are sent at most.
    """
    keyed = Keyed(secret)
    sign_ins = SignIns(database, clock, _token)
    numbers = None
    if book is not None and texts is not None:
        numbers = NumberWay(
            database, book, keyed, sign_ins, texts, clock, six_digits, _token, in_city
        )
    return Residents(
        database,
        sign_ins,
        CardWay(database, keys, keyed, sign_ins, clock, six_digits),
        Privacy(database, catalogues, sign_ins, clock),
        Erasure(database, clock),
        numbers,
        tuple(demo_accounts),
    )


def six_digits() -> str:
    """Six random digits, each as likely as any other."""
    return f"{secrets.randbelow(10**6):06d}"


def _token() -> str:
    return secrets.token_urlsafe(24)
