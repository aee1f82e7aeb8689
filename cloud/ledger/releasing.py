"""Releasing: a record that credited nobody is credited, as any other and once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cloud.errors import DecisionError
from cloud.ledger.assess import NUL, Hold, assess, load_of, priced
from cloud.ledger.book import Book
from cloud.ledger.lines import body_of
from cloud.store.schema import deposits, records
from contract.bodies import Load
from contract.errors import ContractError, TokenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from cloud.accounts.phones import PhoneBook
    from cloud.keys.keyring import Keyring
    from contract.catalogue import Catalogue
    from contract.record import Record


class Releasing:
    """Credits what staff released.

    Args:
        catalogues: Catalogue version → catalogue.
        keys: Kiosk id → its keys.
        phones: Says whose a typed number is; without it no load by one is released.
    """

    def __init__(
        self,
        catalogues: Mapping[str, Catalogue],
        keys: Mapping[str, Keyring],
        phones: PhoneBook | None,
    ) -> None:
        self._catalogues = catalogues
        self._keys = keys
        self._phones = phones

    def release(self, connection: Connection, row: Row[Any], now_s: int) -> None:
        """Credit a record's load at `now_s` (Unix seconds); its kiosk's turn is taken.

        Raises:
            DecisionError: `cannot-credit`: it has no price, or nobody knows whose it is;
                `already`: another record of the same load was credited.
            LedgerError: The database refused a row.
        """
        record, body = self._read(row)
        _check_only(connection, row)
        body = body.model_copy(update={"account": self._owner(connection, row, body)})
        credit = priced(record.kiosk, body, self._catalogues, "released")
        if isinstance(credit, Hold):
            raise DecisionError("cannot-credit", f"record {row.seq} has no price: {credit.code}")
        book = Book(connection, now_s, [record])
        book.settle(row.id, record, credit)
        book.write()

    def _read(self, row: Row[Any]) -> tuple[Record, Load]:
        try:
            keys = self._keys.get(row.kiosk)
            if keys is None:
                gone = f"kiosk {row.kiosk} has no key on file any more"
                raise DecisionError("cannot-credit", gone)
            record = keys.open(row.line)
            body = record.read()
        except ContractError as error:
            raise DecisionError("cannot-credit", f"record {row.seq}: {error}") from error
        if not isinstance(body, Load):
            raise DecisionError("cannot-credit", f"a {row.kind} is worth nothing")
        found = assess(record, self._catalogues)
        if isinstance(found, Hold) and found.code == NUL:
            raise DecisionError("cannot-credit", f"record {row.seq} has U+0000 in a name")
        return record, body

    def _owner(self, connection: Connection, row: Row[Any], body: Load) -> str:
        """Whose the load is; of one by a typed number, the account that the number has."""
        if body.sealed is None or row.account != body.account:
            return str(row.account)
        unread = f"record {row.seq} is by a phone number that cannot be read here"
        if self._phones is None:
            raise DecisionError("cannot-credit", unread)
        try:
            return self._phones.account_of(
                connection, body.sealed, kiosk=row.kiosk, pseudonym=body.account
            )
        except TokenError as error:
            raise DecisionError("cannot-credit", f"{unread}: {error.code}") from error


def _check_only(connection: Connection, row: Row[Any]) -> None:
    """Whether no other record of the same load was credited; two lines never credit one load."""
    other = connection.execute(
        select(records.c.epoch, records.c.seq, records.c.line)
        .join(deposits, deposits.c.record_id == records.c.id)
        .where(
            deposits.c.kiosk == row.kiosk,
            deposits.c.deposit_id == body_of(row.line)["deposit_id"],
            deposits.c.record_id != row.id,
        )
    ).first()
    if other is not None and load_of(body_of(other.line)) == load_of(body_of(row.line)):
        where = f"record {other.seq} of epoch {other.epoch}"
        raise DecisionError("already", f"{where} tells of this load: decide about that one")
