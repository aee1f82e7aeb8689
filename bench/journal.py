"""The journal against bare SQLite and bare Ed25519: what it costs that records are proof.

Both sides of a row run in turns, since neither a disk nor a processor is equally quick for long.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.deposits import SCALE
from bench.row import Row, rate
from contract.fields import ZERO_HASH
from contract.journal import open_journal
from contract.keys import SeedSigner, is_signed
from contract.record import seal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.open_journal import LIMITS
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.store import ThreadedStore
from controller.core.records import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

COMMITS, TURNS = 100, 20
"""So many commits a turn; as many turns for either side."""

BAYS = 4
"""Callers that each ask for their next record as soon as they have the one before."""

RECORDS = 20_000
"""Four months of a kiosk with eighty deposits a day, two records each."""

SIGNATURES = 2000

COMMIT_MS, VERIFIED_PER_S = 5.0, 8000.0

HELD_MS = 50.0
"""So long a deposit may have to wait for what can be done at any other time."""

AT = "2026-01-01T00:00:00Z"
SIGNER = SeedSigner(bytes(32))
RETURNED: dict[str, Any] = {
    "session": "s1",
    "bay": "a",
    "reason": "returned-unknown",
    "label": "plastic",
    "mass_g": 90,
    "scale": SCALE,
}


def measure(commits: int = COMMITS, turns: int = TURNS, records: int = RECORDS) -> list[Row]:
    """Commits a second alone and together, the slowest, archiving, and verifying."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows = _commits(folder, commits, turns)
        rows += asyncio.run(_at_once(folder, commits, turns))
        return [*rows, _archived(folder, stretches=turns), _verified(folder, records)]


def _journal(path: Path, limits: Limits = LIMITS) -> SqliteJournal:
    return SqliteJournal(
        path, kiosk="bench", signer=SIGNER, epoch_source=lambda: "0" * 16, limits=limits
    )


def _commits(folder: Path, commits: int, turns: int) -> list[Row]:
    journal = _journal(folder / "journal.sqlite")
    draft = Draft("returned", RETURNED, AT, sent=False)
    with closing(journal), closing(_bare(folder / "bare.sqlite")) as bare:
        line = journal.append(draft).line
        works = (
            lambda: journal.append(draft),
            lambda: bare.execute(_INSERT, (line,)),
            lambda: bare.execute(_INSERT, (line[64:] + SIGNER.sign(line),)),
        )
        took_s = _in_turns(works, commits, turns)
    peer = f"bare SQLite, WAL, FULL, {len(line)} B"
    rates = [len(mine_s) / sum(mine_s) for mine_s in took_s]
    worst_ms = [quantiles(mine_s, n=100)[-1] * 1000 for mine_s in took_s]
    return [
        Row("journal commits", rates[0], "1/s", peer, rates[1], 0.8),
        Row("the same", rates[0], "1/s", "bare SQLite and one signature", rates[2], 0.8),
        Row("spelled, signed and committed, p99", worst_ms[0], "ms", peer, worst_ms[1], COMMIT_MS,
            at_least=False, is_limit=True),
    ]  # fmt: skip


async def _at_once(folder: Path, commits: int, turns: int) -> list[Row]:
    """Four bays that ask at the same time, beside lone commits of the same lines, in turns."""
    draft = Draft("returned", RETURNED, AT, sent=False)
    store = ThreadedStore(lambda: _journal(folder / "four.sqlite"))
    async with store:
        with closing(_bare(folder / "beside.sqlite")) as bare:
            line = (await store.append(draft)).line

            async def bay() -> None:
                for _ in range(commits // BAYS):
                    await store.append(draft)

            mine_s = bare_s = signed_s = 0.0
            for _ in range(turns):
                start_s = time.perf_counter()
                await asyncio.gather(*(bay() for _ in range(BAYS)))
                mine_s += time.perf_counter() - start_s
                bare_s += _took_s(lambda: bare.execute(_INSERT, (line,)), commits)
                signed_s += _took_s(
                    lambda: bare.execute(_INSERT, (line[64:] + SIGNER.sign(line),)), commits
                )
    done = commits * turns
    mine = done // commits * (commits // BAYS * BAYS) / mine_s
    return [
        Row("four bays at once", mine, "1/s", "bare SQLite, one by one", done / bare_s, 0.8),
        Row("the same four", mine, "1/s", "bare SQLite and one signature", done / signed_s, 0.8),
    ]


def _archived(folder: Path, stretches: int) -> Row:
    """How long archiving holds the journal up at a time, and how long it works beside it."""
    draft = Draft("returned", RETURNED, AT, sent=False)
    held_s, beside_s = [], []
    with closing(_journal(folder / "old.sqlite", Limits(keep_records=0))) as journal:
        for _ in range(20 * stretches):
            journal.append_all([draft] * 10)
        while True:
            start_s = time.perf_counter()
            oldest = journal.oldest()
            read_s = time.perf_counter()
            if oldest is None:
                break
            stretch = oldest.secure()
            secured_s = time.perf_counter()
            journal.let_go(stretch)
            held_s += [read_s - start_s, time.perf_counter() - secured_s]
            beside_s.append(secured_s - read_s)
    return Row("journal held up by archiving 100 records, slowest", max(held_s) * 1000, "ms",
        "verified and written beside it, median", median(beside_s) * 1000, HELD_MS,
        at_least=False, is_limit=True)  # fmt: skip


def _took_s(work: Callable[[], object], count: int) -> float:
    start_s = time.perf_counter()
    for _ in range(count):
        work()
    return time.perf_counter() - start_s


_INSERT = "INSERT INTO records (line) VALUES (?)"


def _bare(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, line BLOB)")
    return database


def _in_turns(works: tuple[Callable[[], object], ...], count: int, turns: int) -> list[list[float]]:
    """Seconds that each call took, by work; each work's calls of a turn come together."""
    took_s: list[list[float]] = [[] for _ in works]
    for _ in range(turns):
        for work, mine_s in zip(works, took_s, strict=True):
            for _ in range(count):
                start_s = time.perf_counter()
                work()
                mine_s.append(time.perf_counter() - start_s)
    return took_s


def _verified(folder: Path, records: int) -> Row:
    path = folder / "journal.jsonl"
    path.write_bytes(_export(records))
    line, signature = bytes(800), SIGNER.sign(bytes(800))
    alone = rate(lambda: is_signed(SIGNER.public, signature, line), SIGNATURES)
    start_s = time.perf_counter()
    report = verify_journal(open_journal(path), SIGNER.public, workers=os.cpu_count() or 1)
    per_s = report.records / (time.perf_counter() - start_s)
    peer = "Ed25519 alone, one processor"
    return Row("records verified", per_s, "1/s", peer, alone, VERIFIED_PER_S, is_limit=True)


def _export(records: int) -> bytes:
    """A sound journal, one record a line."""
    lines, prev = [], ZERO_HASH
    for seq in range(1, records + 1):
        sealed = seal(
            "returned",
            RETURNED,
            kiosk="bench",
            epoch="0" * 16,
            seq=seq,
            after=None,
            at=AT,
            prev=prev,
            signer=SIGNER,
        )
        lines.append(sealed.line)
        prev = sealed.sha256
    return b"".join(line + b"\n" for line in lines)
