"""Records into the ledger on PostgreSQL, whose disk is waited for, beside a bare table's.

The bare table takes the same rows by unnest, 500 in a transaction, with a unique place and a sum
by account: no signature, no chain, no double entry, nothing to look up later by.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import aiomqtt
import psycopg

from bench.deposits import at_of, load_of
from bench.postgres import Postgres, find_postgres
from bench.row import Row
from bench.uplink_peers import Spoken
from cloud.keys.keyring import Keyring
from cloud.ledger.ledger import Ledger
from cloud.ledger.opening import Asked, InlineOpener, Opened, Opener, PoolOpener
from cloud.store.database import open_database
from contract.canonical import sha256_hex
from contract.catalogue import example, sign
from contract.fields import ZERO_HASH
from contract.keys import SeedSigner
from contract.payloads import MAX_RECORDS, Ack, DepositBatch, decode, encode
from contract.record import seal
from contract.topics import Topics
from sim.stage.ports import LOOPBACK, free_port
from sim.stage.processes import Broker, ChildError, find_mosquitto

RECORDS, KIOSKS = 20_000, 20
GROUP = 60
"""Batches that are handed over together: as many as wait after a short outage."""

LIVE_PER_S, LIVE_S = 300, 10
"""10,000 kiosks of 500 deposits a day at their peak."""

SIGNER, OPERATOR = SeedSigner(bytes(32)), SeedSigner(b"o" * 32)
EPOCH = "5be1000000000001"
NOW_S = 1_795_500_000

BARE = """
    CREATE TABLE bare (kiosk text, epoch text, seq bigint, sha256 text, line bytea, account text,
        points bigint, PRIMARY KEY (kiosk, epoch, seq));
    CREATE TABLE bare_sums (account text PRIMARY KEY, points bigint NOT NULL)
    """
BARE_POST = """
    WITH new AS (
        INSERT INTO bare SELECT * FROM unnest(
            %s::text[], %s::text[], %s::bigint[], %s::text[], %b::bytea[], %s::text[], %s::bigint[]
        ) ON CONFLICT DO NOTHING RETURNING account, points
    )
    INSERT INTO bare_sums SELECT account, sum(points) FROM new GROUP BY account ORDER BY account
    ON CONFLICT (account) DO UPDATE SET points = bare_sums.points + excluded.points
    """
BARE_ROWS = 500


class Beforehand:
    """An opener whose work was done before the clock ran, as by other machines."""

    def __init__(self, keys: Keyring, payloads: Sequence[bytes]) -> None:
        lines = [one.encode() for data in payloads for one in decode(DepositBatch, data).records]
        (opened,) = InlineOpener().open_all([(keys, lines)])
        self._opened = dict(zip(lines, opened, strict=True))
        gc.freeze()  # other machines' memory: no collection of the ledger's looks through it

    def open_all(self, asked: Sequence[Asked]) -> Iterator[list[Opened]]:
        """As `Opener` says."""
        return ([self._opened[line] for line in lines] for _, lines in asked)


def measure(records: int = RECORDS, live_s: int = LIVE_S) -> list[Row]:
    """Fresh and repeated records a second, and the slowest of a hundred from kiosk to ack.

    Raises:
        ChildError: PostgreSQL or mosquitto is not installed, or did not start.
    """
    programs, mosquitto = find_postgres(), find_mosquitto()
    if programs is None or mosquitto is None:
        raise ChildError("apt-get install postgresql mosquitto")
    workers = os.cpu_count() or 1
    beforehand = Beforehand(Keyring(SIGNER.public), messages("post", records))
    with Postgres(programs) as server:
        pool = PoolOpener(workers)
        # Processes start when they are first needed.
        list(pool.open_all([(Keyring(SIGNER.public), [b"awake"])] * 4 * workers))
        fresh, again = _posted(server, "pool", records, pool)
        pool.close()
        posted, _ = _posted(server, "post", records, beforehand)
        bare, bare_again = _bare(server.address, messages("bare", records))
        acked_ms = asyncio.run(_live(server, mosquitto, live_s))
    peer = f"bare unnest of the same rows, {BARE_ROWS} in a transaction"
    told = f"fresh records posted, signatures in {workers} processes"
    return [
        Row(told, fresh, "records/s", peer, bare, 10_000, is_limit=True),
        Row("fresh records posted, opened beforehand", posted, "records/s", peer, bare, 20_000,
            is_limit=True),
        Row("repeated records, none credited", again, "records/s", peer, bare_again, 80_000,
            is_limit=True),
        Row(f"sent by a kiosk to balance and ack, p99 at {LIVE_PER_S}/s", quantiles(acked_ms,
            n=100)[-1], "ms", "prototype at 200/s", 48.0, 250.0, at_least=False, is_limit=True),
    ]  # fmt: skip


def messages(name: str, records: int) -> list[bytes]:
    """Full batches of `KIOSKS` kiosks in turn, as they wait after an outage."""
    each = [_sealed(f"{name}-{number}", records // KIOSKS) for number in range(KIOSKS)]
    return [one for turn in zip(*each, strict=True) for one in turn]


def _sealed(kiosk: str, count: int) -> list[bytes]:
    prev, lines = ZERO_HASH, []
    for number in range(count):
        body = load_of(number) | {"intent": 2 * number + 1, "empty_check": "pan+camera"}
        body |= {"account": sha256_hex(f"{kiosk}{number % 500}".encode())[:16]}
        body |= {"jti": sha256_hex(f"{kiosk}{number}".encode())[:16]}
        sealed = seal(
            "deposit", body, kiosk=kiosk, epoch=EPOCH, seq=2 * number + 2, after=2 * number,
            at=at_of(number), prev=prev, signer=SIGNER,
        )  # fmt: skip
        prev = sealed.sha256
        lines.append(sealed.line.decode())
    groups = [lines[at : at + MAX_RECORDS] for at in range(0, count, MAX_RECORDS)]
    return [
        encode(DepositBatch(kiosk=kiosk, epoch=EPOCH, historical=True, records=one))
        for one in groups
    ]


def _posted(server: Postgres, name: str, records: int, opener: Opener) -> tuple[float, float]:
    """Records a second, the first time and once more."""
    payloads = messages(name, records)
    database = open_database(server.address)
    keys = {f"{name}-{number}": Keyring(SIGNER.public) for number in range(KIOSKS)}
    ledger = Ledger(database, {"2026-11-a": example()}, keys, lambda: NOW_S, opener=opener)
    before = ledger.totals()
    fresh = _rate(records, payloads, ledger.post_all)
    credited = ledger.totals().credited_points
    again = _rate(records, payloads, ledger.post_all)
    totals = ledger.totals()
    assert totals.records - before.records == records and totals.credited_points == credited
    database.dispose()
    return fresh, again


def _rate(
    records: int, payloads: list[bytes], post: Callable[[list[tuple[str, DepositBatch]]], object]
) -> float:
    began_s = time.perf_counter()
    for at in range(0, len(payloads), GROUP):
        read = [decode(DepositBatch, one) for one in payloads[at : at + GROUP]]
        post([(one.kiosk, one) for one in read])
    return records / (time.perf_counter() - began_s)


def _bare(address: str, payloads: list[bytes]) -> tuple[float, float]:
    """Rows a second into the bare table, the first time and once more."""
    lines = [one for data in payloads for one in decode(DepositBatch, data).records]
    rows = [
        (f"bare-{at % KIOSKS}", EPOCH, at, sha256_hex(line.encode()), line.encode(),
         f"{at % 10_000:016x}", 4)
        for at, line in enumerate(lines)
    ]  # fmt: skip
    rates = []
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(BARE)  # several statements, without parameters
        for _ in range(2):
            began_s = time.perf_counter()
            for at in range(0, len(rows), BARE_ROWS):
                columns = [list(one) for one in zip(*rows[at : at + BARE_ROWS], strict=True)]
                connection.execute(BARE_POST, columns)
            rates.append(len(rows) / (time.perf_counter() - began_s))
    return rates[0], rates[1]


async def _live(server: Postgres, mosquitto: str, live_s: int) -> list[float]:
    """Milliseconds from each message's sending to its ack, of many kiosks that are online."""
    kiosks = [Topics("hangzhou", "xihu", f"live-{number}") for number in range(KIOSKS)]
    per_kiosk = LIVE_PER_S * live_s // KIOSKS
    with TemporaryDirectory() as name:
        folder = Path(name)
        _register(folder, kiosks)
        async with Broker(folder, free_port(), mosquitto) as broker:
            command = ["kiosk_cli", "cloud", "ingest", "--database", server.address]
            command += ["--keys", str(folder), "--broker", f"{LOOPBACK}:{broker.port}"]
            log = folder / "ledger.log"
            async with Spoken("ledger", command, log, "broker connected"):
                return await _sent(broker.port, kiosks, per_kiosk)


async def _sent(port: int, kiosks: list[Topics], per_kiosk: int) -> list[float]:
    singles = {one.ack: _singles(one.kiosk, per_kiosk) for one in kiosks}
    sent_s: dict[tuple[str, int], float] = {}
    took_ms: list[float] = []
    async with aiomqtt.Client(LOOPBACK, port) as client, asyncio.timeout(120):
        for one in kiosks:
            await client.subscribe(one.ack, 1)

        async def hear() -> None:
            async for message in client.messages:
                topic, upto = str(message.topic), decode(Ack, bytes(message.payload)).upto
                now_s = time.perf_counter()
                told = [key for key in sent_s if key[0] == topic and key[1] <= upto]
                took_ms.extend((now_s - sent_s.pop(key)) * 1000 for key in told)
                if len(took_ms) == per_kiosk * len(kiosks):
                    return

        hearing = asyncio.create_task(hear())
        began_s = time.perf_counter()
        for number in range(per_kiosk):
            for row, one in enumerate(kiosks):
                due_s = began_s + (number * len(kiosks) + row) / LIVE_PER_S
                await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
                sent_s[one.ack, 2 * number + 2] = time.perf_counter()
                await client.publish(one.deposit, singles[one.ack][number], qos=0)
        await hearing
    return took_ms


def _singles(kiosk: str, count: int) -> list[bytes]:
    """As many batches of one record each."""
    batches = [decode(DepositBatch, one) for one in _sealed(kiosk, count)]
    return [
        encode(batch.model_copy(update={"records": [line], "historical": False}))
        for batch in batches
        for line in batch.records
    ]


def _register(folder: Path, kiosks: list[Topics]) -> None:
    (folder / "kiosks").mkdir()
    for one in kiosks:
        (folder / "kiosks" / f"{one.kiosk}.pub").write_text(SIGNER.public.hex())
    (folder / "operator.pub").write_text(OPERATOR.public.hex())
    (folder / "catalogue.json").write_bytes(sign(example(), OPERATOR))
