"""Verifying a journal's file: the records' chain, and that nothing beside it says otherwise.

A journal whose oldest records were archived begins later than with record 1. Then a record of its
own must vouch, by the kiosk's signature, for what its first row continues from. With the archive's
folder at hand the chain is followed through its files as well.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain as joined
from typing import TYPE_CHECKING

from contract.archive import NOTHING
from contract.chain import chain_from
from contract.errors import RecordError
from contract.filed import first_wrong
from contract.many import opened
from contract.past import Past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from contract.chain import ChainReport
    from contract.journal import Journal, Row


def verify_journal(
    journal: Journal,
    public: bytes,
    head: tuple[int, str] | None = None,
    *,
    workers: int = 1,
    told: Callable[[Iterator[Row]], Iterable[Row]] = iter,
    archive: Path | None = None,
) -> ChainReport:
    """Follow a journal's file from its first record on and name the first that is not as written.

    Args:
        journal: The file.
        public: The kiosk's public key, 32 bytes.
        head: Seq and hash of a record known from elsewhere, which must be in the journal.
        workers: So many processes check signatures; 1 is this one.
        told: Passes the rows on, for instance to show progress.
        archive: The folder of its archived segments; None to verify the file alone.
    """
    chain, past = chain_from(NOTHING, head), None
    try:
        with journal.open() as reading:
            past = Past(reading, public, archive)
            chain = chain_from(past.start, head)
            rows = joined(past.rows(), reading.rows())
            for place in opened(told(rows), public, workers):
                past.passing(place)
                chain.follow(place)
            chain.end()
            past.check_files()
            outbox, complaint = reading.outbox(), reading.complaint()
    except RecordError as error:
        return chain.report(past.named(error, chain.seq + 1) if past else error)
    wrong = past.wrong_kept(chain)
    if outbox is not None and wrong is None:
        wrong = first_wrong(outbox, {*chain.sent, *past.kept_sent})
    if wrong:
        return chain.report(wrong[1], wrong[0])
    if complaint:
        found = chain.report(RecordError("damaged-file", f"{journal.path}: {complaint}"))
        return replace(found, broken_at=None)
    return chain.report()
