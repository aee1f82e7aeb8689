"""The platform in a run: the real ledger, in memory, called inline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.accounts import CodeIssuer
from cloud.ingest import Ingest
from cloud.keyring import Keyring
from cloud.ledger import Ledger
from cloud.schema import open_database
from sim.audit import read_books

if TYPE_CHECKING:
    from contract.catalogue import Catalogue
    from sim.audit import Books
    from sim.clock import SimClock
    from sim.identity import Identity


class SimPlatform:
    """Ledger, ingest and issuer of codes. `close` it.

    Args:
        kiosk: The id of the one kiosk that it knows.
        identity: The run's keys.
        catalogue: The catalogue in force.
        clock: The platform's own clock, which is right.
    """

    def __init__(
        self, kiosk: str, identity: Identity, catalogue: Catalogue, clock: SimClock
    ) -> None:
        self._database = open_database(":memory:")
        keys = {kiosk: Keyring(identity.kiosk.public)}
        ledger = Ledger(self._database, {catalogue.version: catalogue}, keys, clock.utc_s)
        self.ingest = Ingest(ledger)
        self._city, self._clock = identity.city, clock
        self._ids = identity.code_ids()
        self.issuer = CodeIssuer(identity.city, clock.utc_s, self._ids)

    def code_of(self, account: str, age_s: int) -> str:
        """A code that was issued for `account` that many seconds ago."""
        back_then = CodeIssuer(self._city, lambda: self._clock.utc_s() - age_s, self._ids)
        return back_then.issue(account).text

    def books(self) -> Books:
        """What the ledger's tables say."""
        return read_books(self._database)

    def close(self) -> None:
        """Let the database go."""
        self._database.dispose()
