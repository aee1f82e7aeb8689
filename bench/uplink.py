"""The uplink against a bare sender, and a deposit's way to the ledger and back.

Broker, platform and ledger are processes of their own, as in the field. Both sides of a drain run
in turns over the same broker into the same ledger, each with records of its own.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bench.deposits import deposit, intent
from bench.row import Row, rate
from bench.uplink_kiosk import SIGNER, Watched, delivering, new_journal
from bench.uplink_peers import answering, bare_drain_s, real_ledger
from contract.catalogue import example, sign
from contract.keys import SeedSigner, is_signed
from contract.payloads import MAX_RECORDS, DepositBatch, encode
from contract.topics import Topics
from sim.stage.ports import free_port
from sim.stage.processes import Broker, ChildError, find_mosquitto

OPERATOR = SeedSigner(b"o" * 32)

BATCHES, TURNS = 20, 3
"""1,000 records are twelve days without a connection; as many turns for either side."""

LIVE, EVERY_S = 300, 0.05
"""Deposits of one busy kiosk that is online, and the time between two."""

SIGNATURES = 2000

ACKED_MS, PROTOTYPE_MS = 100.0, 40.0
"""The goal, and what a prototype without signatures, chain and double entry took."""


def measure(batches: int = BATCHES, turns: int = TURNS, live: int = LIVE) -> list[Row]:
    """Records drained a second, and the slowest of a hundred deposits on its way to its ack.

    Raises:
        ChildError: mosquitto is not installed, or a process did not start.
    """
    mosquitto = find_mosquitto()
    if mosquitto is None:
        raise ChildError("mosquitto is missing: apt-get install mosquitto")
    with TemporaryDirectory() as name:
        return asyncio.run(_measured(Path(name), mosquitto, (batches, turns, live)))


async def _measured(folder: Path, mosquitto: str, sizes: tuple[int, int, int]) -> list[Row]:
    batches, turns, live = sizes
    kiosks = [_topics(f"drain-{number}") for number in range(2 * turns)]
    messages = {one: _fill(folder, one, batches) for one in kiosks}
    async with Broker(folder, free_port(), mosquitto) as broker:
        async with answering(folder, broker):
            alone_s = [await _drain_s(folder, one, broker.port) for one in kiosks[:turns]]
        for one in kiosks[:turns]:
            await asyncio.to_thread(_fill, folder, one, batches)
        _register(folder, [*kiosks, _topics("live")])
        async with real_ledger(folder, broker):
            ours_s, bare_s = [], []
            for ours, bare in zip(kiosks[:turns], kiosks[turns:], strict=True):
                ours_s.append(await _drain_s(folder, ours, broker.port))
                port, ready = broker.port, messages[bare]
                bare_s.append((await asyncio.to_thread(bare_drain_s, port, bare, ready))[1])
            acked_ms = await _live(folder, _topics("live"), broker.port, live)
    records = batches * MAX_RECORDS
    drained, alone, bare_rate = (records / median(took) for took in (ours_s, alone_s, bare_s))
    peer = f"bare paho, window 20, {batches} ready messages of {MAX_RECORDS}"
    return [
        Row("outbox drained into the ledger", drained, "records/s", peer, bare_rate, 0.8),
        Row("outbox drained, acked at once", alone, "records/s", "Ed25519 verify, which a ledger "
            "cannot do without", _verified_per_s(), 1.0),
        Row("deposit committed to acked, p99", quantiles(acked_ms, n=100)[-1], "ms",
            "prototype", PROTOTYPE_MS, ACKED_MS, at_least=False, is_limit=True),
    ]  # fmt: skip


def _topics(kiosk: str) -> Topics:
    return Topics("hangzhou", "xihu", kiosk)


def _fill(folder: Path, topics: Topics, batches: int) -> list[bytes]:
    """A new journal whose outbox is full, and the same records as ready-made messages."""
    for old in folder.glob(f"{topics.kiosk}.sqlite*"):
        old.unlink()
    with closing(new_journal(folder, topics)) as journal:
        lines = [
            journal.append(deposit(number, journal.append(intent(number)).seq)).line.decode()
            for number in range(batches * MAX_RECORDS)
        ]
        epoch = journal.epoch
    groups = [lines[at : at + MAX_RECORDS] for at in range(0, len(lines), MAX_RECORDS)]
    return [
        encode(DepositBatch(kiosk=topics.kiosk, epoch=epoch, historical=True, records=group))
        for group in groups
    ]


async def _drain_s(folder: Path, topics: Topics, port: int) -> float:
    """Seconds from the first look into a full outbox to the last ack taken in."""
    async with Watched(folder, topics) as store, asyncio.timeout(120):
        last = 2 * await store.depth()  # an intent before each
        async with delivering(store, topics, port):
            return await store.until_acked(last) - store.began_s


async def _live(folder: Path, topics: Topics, port: int, count: int) -> list[float]:
    """Milliseconds from each commit to its ack, of a kiosk that is online."""
    took_ms = []
    async with Watched(folder, topics) as store, delivering(store, topics, port) as delivery:
        online = asyncio.Event()
        delivery.changed = online.set
        await online.wait()
        for number in range(count):
            promise = await store.append(intent(number))
            entry = await store.append(deposit(number, promise.seq))
            committed_s = time.perf_counter()
            delivery.kick()
            async with asyncio.timeout(30):
                took_ms.append((await store.until_acked(entry.seq) - committed_s) * 1000)
            await asyncio.sleep(EVERY_S)
    return took_ms


def _verified_per_s() -> float:
    line = bytes(1000)
    signature = SIGNER.sign(line)
    return rate(lambda: is_signed(SIGNER.public, signature, line), SIGNATURES)


def _register(folder: Path, kiosks: list[Topics]) -> None:
    """The ledger's folder: every kiosk's key and a catalogue."""
    (folder / "kiosks").mkdir()
    for one in kiosks:
        (folder / "kiosks" / f"{one.kiosk}.pub").write_text(SIGNER.public.hex())
    (folder / "operator.pub").write_text(OPERATOR.public.hex())
    (folder / "catalogue.json").write_bytes(sign(example(), OPERATOR))
