"""Everything that the platform has about one account, as one document."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from cloud.accounts.cards import cards
from cloud.accounts.phones import phones
from cloud.accounts.revocations import revocations
from cloud.ledger.book import resident
from cloud.ledger.held.cases import cases_of_account
from cloud.ledger.statement import balance_of, receipts_of
from cloud.store.database import reading
from cloud.store.schema import audit, debited, entries, transfers
from cloud.store.schema_residents import card_pins
from cloud.store.schema_shop import redemptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Engine, Select

    from cloud.residents.sign_ins import SignIns
    from contract.catalogue import Catalogue

EVERYTHING = 10_000_000
"""More rows than an account can have: a deposit a second would take four months."""

SECRETS = ("key_sha256", "code_sha256")
"""What of a redemption is a lock and no news about anybody."""


class Privacy:
    """Tells residents what is kept about them.

    Args:
        database: The platform's.
        catalogues: Version → catalogue, for the names of items.
        sign_ins: Those of all accounts.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        sign_ins: SignIns,
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._sign_ins = sign_ins
        self._clock = clock

    def export(self, account: str) -> dict[str, Any]:
        """All there is about an account, as of one moment; times in Unix seconds unless ISO 8601.

        Numbers and PINs are not in it, for nobody here knows them: only how many there are.

        Raises:
            LedgerError: The database failed.
        """
        signed_in = [asdict(one) for one in self._sign_ins.of_account(account)]
        with reading(self._database) as connection:
            return (
                {"account": account, "exported_at": self._clock(), "sign_ins": signed_in}
                | {"balance": asdict(balance_of(connection, account))}
                | {"deposits": self._deposits(connection, account)}
                | {"held": [asdict(one) for one in self._cases(connection, account)]}
                | {"entries": _rows(connection, _entries(account))}
                | {"redemptions": _redemptions(connection, account)}
                | {"cards": _rows(connection, _cards(account))}
                | {"numbers": len(_rows(connection, _numbers(account)))}
                | {"log": _rows(connection, _log(account))}
            )

    def _deposits(self, connection: Connection, account: str) -> list[dict[str, Any]]:
        found = receipts_of(connection, account, EVERYTHING, self._catalogues)
        return [asdict(one) for one in found]

    def _cases(self, connection: Connection, account: str) -> list[Any]:
        return cases_of_account(connection, account, EVERYTHING)


def _rows(connection: Connection, asked: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(asked).mappings()]


def _entries(account: str) -> Select[Any]:
    """Every movement of points, with its reason."""
    name = resident(account)
    mine = or_(debited(name), transfers.c.credit == name)
    about = (entries.c.at, entries.c.reason, transfers.c.debit, transfers.c.credit)
    joined = select(*about, transfers.c.points).join(entries, entries.c.id == transfers.c.entry_id)
    return joined.where(mine).order_by(transfers.c.id)


def _redemptions(connection: Connection, account: str) -> list[dict[str, Any]]:
    mine = select(redemptions).where(redemptions.c.account == account).order_by(redemptions.c.id)
    rows = _rows(connection, mine)
    return [{name: row[name] for name in row if name not in SECRETS} for row in rows]


def _cards(account: str) -> Select[Any]:
    columns = (cards.c.id, cards.c.number, cards.c.issued_at, cards.c.expires_at)
    joined = select(*columns, revocations.c.revoked_at, card_pins.c.set_at.label("pin_made_at"))
    joined = joined.outerjoin(revocations, revocations.c.id == cards.c.id)
    joined = joined.outerjoin(card_pins, card_pins.c.card_id == cards.c.id)
    return joined.where(cards.c.account == account).order_by(cards.c.number)


def _numbers(account: str) -> Select[Any]:
    return select(phones.c.account).where(phones.c.account == account)


def _log(account: str) -> Select[Any]:
    """What they did, and what staff did for them: who of staff it was is not theirs to know."""
    theirs = select(cards.c.id).where(cards.c.account == account)
    about = audit.c.detail.contains(account) | audit.c.detail.in_(theirs)
    mine = (audit.c.actor == resident(account)) | about
    return select(audit.c.at, audit.c.action, audit.c.detail).where(mine).order_by(audit.c.id)
