"""Verifying a journal's file: the records' chain, and that nothing beside it says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract.chain import Chain
from contract.errors import RecordError
from contract.filed import first_wrong
from contract.many import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contract.chain import ChainReport
    from contract.journal import Journal, Row


def verify_journal(
    journal: Journal,
    public: bytes,
    head: tuple[int, str] | None = None,
    *,
    workers: int = 1,
    told: Callable[[Iterator[Row]], Iterable[Row]] = iter,
) -> ChainReport:
    """Follow a journal's file from its first record on and name the first that is not as written.

    Args:
        journal: The file.
        public: The kiosk's public key, 32 bytes.
        head: Seq and hash of a record known from elsewhere, which must be in the journal.
        workers: So many processes check signatures; 1 is this one.
        told: Passes the rows on, for instance to show progress.
    """
    chain = Chain(head)
    try:
        with journal.open() as reading:
            for place in opened(told(reading.rows()), public, workers):
                chain.follow(place)
            chain.end()
            outbox, complaint = reading.outbox(), reading.complaint()
    except RecordError as error:
        return chain.report(error)
    if outbox is not None and (wrong := first_wrong(outbox, chain.sent)):
        return chain.report(wrong[1], wrong[0])
    if complaint:
        found = chain.report(RecordError("damaged-file", f"{journal.path}: {complaint}"))
        return replace(found, broken_at=None)
    return chain.report()
