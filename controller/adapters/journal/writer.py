"""Writing records: numbered, chained, signed and put into their tables, inside a transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.record import seal
from controller.adapters.journal.ends import Ends, write_ends
from controller.core.records import Entry
from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.keys import Signer
    from controller.adapters.journal.rows import Owner
    from controller.core.records import Draft


class RecordWriter:
    """Writes the records of one journal.

    Args:
        owner: Whose journal it is.
        signer: The kiosk's key.
    """

    def __init__(self, owner: Owner, signer: Signer) -> None:
        self._owner = owner
        self._signer = signer

    def write(
        self, connection: sqlite3.Connection, draft: Draft, before: Ends
    ) -> tuple[Entry, Ends]:
        """Write the record that follows `before`; return it, and where the journal ends with it.

        Raises:
            StoreError: No reader would accept it, or the intent that it closes is not open.
        """
        if draft.closes is not None:
            _check_open(connection, draft.closes)
        entry = self._sealed(draft, before)
        connection.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
            (entry.seq, entry.kind, entry.sha256, entry.line, draft.closes),
        )
        if draft.sent:
            connection.execute("INSERT INTO outbox VALUES (?)", (entry.seq,))
        ends = before.after(entry.sha256, draft.at, sent=draft.sent)
        write_ends(connection, ends, before)
        return entry, ends

    def write_each(
        self, connection: sqlite3.Connection, drafts: Iterable[Draft], before: Ends
    ) -> tuple[list[Entry | Exception], Ends]:
        """Write records one after the other; what one is refused for stops none of the others.

        Returns:
            In the place of each draft its record, or the `StoreError` or SQLite's error about a
            broken rule that refused it; and where the journal ends with them.
        """
        told: list[Entry | Exception] = []
        ends = before
        for draft in drafts:
            connection.execute("SAVEPOINT one")
            try:
                entry, ends = self.write(connection, draft, ends)
                told.append(entry)
            except (StoreError, sqlite3.IntegrityError) as error:
                connection.execute("ROLLBACK TO one")
                told.append(error)
            connection.execute("RELEASE one")
        return told, ends

    def _sealed(self, draft: Draft, before: Ends) -> Entry:
        seq = before.seq + 1
        try:
            sealed = seal(
                draft.kind,
                draft.body,
                kiosk=self._owner.kiosk,
                epoch=self._owner.epoch,
                seq=seq,
                after=before.sent if draft.sent else None,
                at=draft.at,
                prev=before.sha256,
                signer=self._signer,
            )
        except RecordError as error:
            raise StoreError(
                f"journal of {self._owner.kiosk} takes no such record: {error}"
            ) from error
        return Entry(seq, draft.kind, sealed.sha256, sealed.line, draft.body)


def _check_open(connection: sqlite3.Connection, seq: int) -> None:
    kind, closed_by = connection.execute(
        "SELECT (SELECT kind FROM records WHERE seq = :seq),"
        " (SELECT seq FROM records WHERE closes = :seq)",
        {"seq": seq},
    ).fetchone()
    if kind != "intent":
        raise StoreError(f"record {seq} is no intent that could be closed: {kind or 'missing'}")
    if closed_by is not None:
        raise StoreError(f"intent {seq} is closed by record {closed_by}: it ends only once")
