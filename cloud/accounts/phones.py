"""Phone numbers that residents typed at a kiosk: opened here, and turned into accounts.

No number is kept. What is kept is a keyed hash of it (HMAC-SHA256), beside the account: without
the key nobody can try all numbers against it.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import Column, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import insert  # SQLite understands it as well

from cloud.accounts.erased import is_erased
from cloud.errors import CloudError
from cloud.store.alone import PHONES, alone
from cloud.store.migrate import make_tables
from contract.keys import key_id_of
from contract.sealed import normalise, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

INDEX_KEY_BYTES = 32

metadata = MetaData()

phones = Table(
    "phones",
    metadata,
    Column("hash", String, primary_key=True),
    Column("account", String, nullable=False),
)


def load_phone_book(folder: Path, new_account: Callable[[], str]) -> PhoneBook | None:
    """The book with `phones*.pem` (X25519) and `phones.index` (64 hex digits) of `folder`.

    None where there is neither: then no kiosk can have sealed a number to it, and nobody can sign
    in by one. The index alone serves signing in.

    Raises:
        CloudError: A file is not what it should be, or the index key is missing.
    """
    keys = [_private(path) for path in sorted(folder.glob("phones*.pem"))]
    path = folder / "phones.index"
    if not keys and not path.exists():
        return None
    by_id = {key_id_of(one.public_key().public_bytes_raw()): one for one in keys}
    try:
        index_key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise CloudError(
            f"{path} does not hold 64 hex digits: make it once and never again: {error}"
        ) from error
    return PhoneBook(by_id, index_key, new_account)


def _private(path: Path) -> X25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CloudError(f"{path} holds no private key in PEM without a password") from error
    if not isinstance(key, X25519PrivateKey):
        raise CloudError(f"{path} holds another kind of key: X25519 is needed")
    return key


class PhoneBook:
    """Phone number → account, without the numbers.

    Args:
        keys: Key id → private key of those to which kiosks seal numbers; the one before as well
            while it is being replaced.
        index_key: 32 secret bytes, never changed: with another one nobody is found again.
        new_account: Gives a fresh account, 16 random hex digits.
    """

    def __init__(
        self,
        keys: Mapping[str, X25519PrivateKey],
        index_key: bytes,
        new_account: Callable[[], str],
    ) -> None:
        if len(index_key) != INDEX_KEY_BYTES:
            raise CloudError(f"index key has {len(index_key)} bytes: it must have 32")
        self._keys = keys
        self._index_key = index_key
        self._new_account = new_account

    def create(self, connection: Connection) -> None:
        """Make the book's table where it is missing."""
        make_tables(connection, metadata)

    def account_of(self, connection: Connection, sealed: str, *, kiosk: str, pseudonym: str) -> str:
        """Whose the deposit is that `kiosk` recorded for `pseudonym` with this sealed number.

        A number that was never seen gets an account; the same one gets the same, always. Part of
        the caller's transaction: a deposit and its account are entered together.

        Raises:
            TokenError: As `contract.sealed.unseal`, or `not-a-number`.
        """
        number = unseal(sealed, self._keys, kiosk=kiosk, account=pseudonym)
        return self._enter(connection, number, self._new_account())

    def link(self, connection: Connection, typed: str, account: str) -> None:
        """A resident says at a counter which number is theirs.

        Raises:
            TokenError: `not-a-number`.
            CloudError: The number has another account already, or the account was erased.
        """
        if is_erased(connection, account):
            raise CloudError(f"account {account} was erased: nobody's number leads to it")
        if self._enter(connection, normalise(typed), account) != account:
            raise CloudError("this number has another account already: have them merged")

    def known(self, connection: Connection, typed: str) -> str | None:
        """The account of a number that somebody says at a counter; None where it has none.

        Raises:
            TokenError: `not-a-number`.
        """
        index = self.index_of(normalise(typed))
        found: str | None = connection.execute(
            select(phones.c.account).where(phones.c.hash == index)
        ).scalar()
        return found

    def index_of(self, number: str) -> str:
        """The keyed hash under which a normalised number is known; 64 hex digits."""
        return hmac.new(self._index_key, number.encode(), sha256).hexdigest()

    def account_at(self, connection: Connection, index: str) -> str:
        """Whose the number with this keyed hash is; one never seen gets an account."""
        return self._enter_at(connection, index, self._new_account())

    def _enter(self, connection: Connection, number: str, account: str) -> str:
        """Enter `account` for a number unless it has one; return the one that it has."""
        return self._enter_at(connection, self.index_of(number), account)

    def _enter_at(self, connection: Connection, index: str, account: str) -> str:
        found = select(phones.c.account).where(phones.c.hash == index)
        known = connection.execute(found).scalar()
        if known is None:
            alone(connection, PHONES)
            row = insert(phones).values(hash=index, account=account).on_conflict_do_nothing()
            connection.execute(row)
            known = connection.execute(found).scalar_one()
        return str(known)
