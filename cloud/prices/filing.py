"""A signed list's way into the platform's folder, and into the running ledger.

What is to be written stands in the database first, with the signature that it tells of. So a
power cut between the two leaves a list that is signed and not filed, and the next look files it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from cloud.errors import LedgerError, PriceError
from cloud.prices.drafts import known_row
from cloud.store.alone import PRICES, alone
from cloud.store.database import reading, writing
from cloud.store.schema_prices import price_drafts
from contract.catalogue import load_signed, sign
from contract.keys import FileSigner, load_public
from contract.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from cloud.keys.shelf import Shelf
    from contract.catalogue import Catalogue

_log = logging.getLogger(__name__)

KEY = "operator.pem"
TO_SIGN = "to-sign"
"""The folder of lists that wait for the operator's key."""

FILED = ("signed", "approved")
"""States of a draft that has a file."""

ROUNDS = 2
"""Looks that settle after a list came: what was being posted meanwhile is held by the second."""


class Filing:
    """Signs lists where the operator's key is at hand, and writes them where they are looked for.

    Args:
        database: The platform's.
        folder: The platform's, with `operator.pub`, and `operator.pem` where lists are signed here.
        shelf: The catalogues that the ledger knows.
        settle: Assesses again what was held for want of a list.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        folder: Path,
        shelf: Shelf,
        settle: Callable[[], object],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._folder = folder
        self._shelf = shelf
        self._settle = settle
        self._clock = clock
        self._owed = 0

    @property
    def signs(self) -> bool:
        """Whether the operator's key is at hand."""
        return (self._folder / KEY).exists()

    def signed(self, catalogue: Catalogue) -> bytes:
        """The signed form, read back as kiosks will read it.

        Raises:
            KeyFileError: `operator.pem` or `operator.pub` is no key.
            PriceError: `wrong-key`: they are no pair.
        """
        signer = FileSigner.load(self._folder / KEY)
        public = load_public(self._folder / "operator.pub")
        if signer.public != public:
            raise PriceError(
                "wrong-key", f"{KEY} is not the key of operator.pub: kiosks would refuse the list"
            )
        data = sign(catalogue, signer)
        load_signed(data, public)
        return data

    def path_of(self, version: str, *, signed: bool) -> Path:
        """Where the file of a version goes."""
        folder = self._folder if signed else self._folder / TO_SIGN
        return folder / f"catalogue-{version}.json"

    def look(self) -> None:
        """File what is not filed yet, take what lies in the folder, settle what waited for it.

        Call it every minute. What fails is logged and done the next time; a file to sign whose
        draft was taken back since goes.

        Raises:
            LedgerError: The database failed.
        """
        for draft_id in self._undone():
            try:
                self._put(draft_id)
            except OSError as error:
                _log.error("event=list-not-filed draft=%d reason=%s", draft_id, error.strerror)
        if self._shelf.look():
            self._owed = ROUNDS
        if self._owed:
            left = self._owed - 1
            self._settle()
            self._owed = left

    def look_now(self) -> None:
        """The same after an act, which is done already: what fails waits for the next look."""
        try:
            self.look()
        except LedgerError as error:
            _log.error("event=look-failed reason=%s", error)

    def _undone(self) -> list[int]:
        """Drafts whose file is not as their state says."""
        table = price_drafts.c
        to_write = table.state.in_(FILED) & table.filed_at.is_(None)
        to_remove = table.state.not_in(FILED) & table.filed_at.is_not(None)
        undone = select(table.id).where(or_(to_write, to_remove)).order_by(table.id)
        with reading(self._database) as connection:
            return list(connection.execute(undone).scalars())

    def _put(self, draft_id: int) -> None:
        """Write a draft's file, or take it away; alone, for others look as well, and decide."""
        with writing(self._database) as connection:
            alone(connection, PRICES)
            row = known_row(connection, draft_id)
            path = self.path_of(row.version, signed=row.state == "signed")
            if row.state in FILED and row.filed_at is None:
                write_whole(path, row.file)
                self._filed(connection, draft_id, self._clock())
                _log.info("event=list-filed version=%s state=%s", row.version, row.state)
            elif row.state not in FILED and row.filed_at is not None:
                path.unlink(missing_ok=True)
                self._filed(connection, draft_id, None)
                _log.info("event=list-removed version=%s state=%s", row.version, row.state)

    def _filed(self, connection: Connection, draft_id: int, at: int | None) -> None:
        row = update(price_drafts).where(price_drafts.c.id == draft_id)
        connection.execute(row.values(filed_at=at))
