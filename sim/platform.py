"""The platform in a run: the real ledger, in memory, called inline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.accounts.codes import CodeIssuer
from cloud.fleet.fleet import Fleet
from cloud.ingest.answers import Ingest
from cloud.keys.keyring import Keyring
from cloud.ledger.ledger import Ledger
from cloud.store.database import open_database
from sim.audit import read_balances, read_books

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue
    from sim.audit import Books
    from sim.clock import SimClock
    from sim.identity import Identity


class SimPlatform:
    """Ledger, ingest and issuer of codes. `close` it.

    Args:
        keys: By id of each kiosk that it knows, its public key (32 bytes).
        identity: The city's keys.
        catalogue: The catalogue in force.
        clock: The platform's own clock, which is right.
        commands: Whether it has a key, with which it signs acks and commands; kiosks must know it.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        identity: Identity,
        catalogue: Catalogue,
        clock: SimClock,
        *,
        commands: bool = False,
    ) -> None:
        self._database = open_database(":memory:")
        signer = identity.ledger if commands else None
        catalogues = {catalogue.version: catalogue}
        keyrings = {kiosk: Keyring(public) for kiosk, public in keys.items()}
        ledger = Ledger(self._database, catalogues, keyrings, clock.utc_s, signer)
        ids = identity.command_ids()
        self.fleet = Fleet(self._database, catalogues, clock.utc_s, signer, ids)
        self.ingest = Ingest(ledger, self.fleet if commands else None)
        self._city, self._clock = identity.city, clock
        self._ids = identity.code_ids()
        self.issuer = CodeIssuer(identity.city, clock.utc_s, self._ids)

    def code_of(self, account: str, age_s: int) -> str:
        """A code that was issued for `account` that many seconds ago."""
        back_then = CodeIssuer(self._city, lambda: self._clock.utc_s() - age_s, self._ids)
        return back_then.issue(account).text

    def books(self, kiosk: str) -> Books:
        """What the ledger's tables say of a kiosk."""
        return read_books(self._database, kiosk)

    def balances(self) -> Mapping[str, int]:
        """Points by account, as the ledger's tables say."""
        return read_balances(self._database)

    def close(self) -> None:
        """Let the database go."""
        self._database.dispose()
