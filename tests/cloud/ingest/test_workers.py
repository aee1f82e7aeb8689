"""Several at work on one ledger: threads, processes, and a server that dies under them."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from bench.postgres import Postgres, find_postgres
from cloud.errors import LedgerError
from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from cloud.ingest.sending import still_wanted
from cloud.keys.keyring import Keyring
from cloud.ledger.opening import InlineOpener, PoolOpener, Unread
from contract.payloads import encode
from contract.record import Sealed
from tests.cloud.conftest import KIOSKS, Office, Server, batch, register
from tests.cloud.ingest.test_mqtt import TOPICS, next_ack, running, state, uplink
from tests.cloud.killing import (
    NOTHING_WRONG,
    Sender,
    Worker,
    audit,
    more_acked,
    under_load,
)
from tests.cloud.mosquitto import Mosquitto
from tests.contract.samples import ALICE, BOB, SampleKiosk

PIECE = 4
"""Points for one bottle."""


def test_two_workers_race_for_one_kiosk(office: Office, kiosk: SampleKiosk) -> None:
    """Both have all of it, one from the front and one from behind: each load is credited once."""
    loads = [kiosk.deposit(account=ALICE if one % 2 else BOB) for one in range(60)]
    parts = [loads[at : at + 5] for at in range(0, len(loads), 5)]
    start = threading.Barrier(2)

    def work(order: list[list[Sealed]]) -> None:
        worker = Office(office.where)
        start.wait(timeout=60)
        for part in order:
            worker.post(*part)
        worker.database.dispose()

    with ThreadPoolExecutor(2) as workers:
        done = [workers.submit(work, order) for order in (parts, parts[::-1])]
        for one in done:
            one.result(timeout=60)
    totals = office.ledger.totals()
    assert (totals.records, totals.credited_points) == (60, 60 * PIECE)
    assert (totals.postings_sum, totals.rejected, totals.held) == (0, 0, 0)
    assert office.ledger.ack(KIOSKS[0], kiosk.epoch).sha256 == loads[-1].sha256


def test_one_deposit_in_two_epochs_races_and_is_credited_once(office: Office) -> None:
    """A restored journal's repetition and the first telling arrive at two workers at once."""
    twins = [SampleKiosk(KIOSKS[0], epoch=f"5be100000000000{one}") for one in (1, 2)]
    told = [[twin.deposit() for _ in range(20)] for twin in twins]
    start = threading.Barrier(2)

    def work(number: int) -> None:
        worker = Office(office.where)
        start.wait(timeout=60)
        for sealed in told[number]:
            worker.post(sealed, epoch=twins[number].epoch)
        worker.database.dispose()

    with ThreadPoolExecutor(2) as workers:
        for one in [workers.submit(work, number) for number in (0, 1)]:
            one.result(timeout=60)
    assert office.ledger.balance(ALICE).points == 20 * PIECE
    assert office.ledger.totals().records == 40


@pytest.fixture(scope="module")
def pool() -> Iterator[PoolOpener]:
    """Two processes that check signatures."""
    opener = PoolOpener(2)
    yield opener
    opener.close()


def test_processes_open_what_a_thread_opens(pool: PoolOpener, kiosk: SampleKiosk) -> None:
    """The same records, the same refusals, in the same order; an empty batch asks nobody."""
    keys = Keyring(kiosk.signer.public)
    genuine = [kiosk.deposit().line for _ in range(3)]
    forged = genuine[0].replace(b'"points":4,', b'"points":9,')
    asked = [(keys, [forged, *genuine]), (keys, []), (keys, [b"junk"])]
    opened = list(pool.open_all(asked))
    assert opened == list(InlineOpener().open_all(asked))
    assert isinstance(opened[0][0], Unread) and opened[0][0].code == "bad-signature"


def test_batches_of_many_are_posted_together(
    pool: PoolOpener, office: Office, kiosk: SampleKiosk
) -> None:
    """More than one transaction takes, of two kiosks, with a forgery; then all of it again."""
    other = SampleKiosk(KIOSKS[1])
    office.opener = pool
    office.restart()
    batches = []
    for number in range(12):
        mine, theirs = kiosk.deposit(), other.deposit(account=BOB)
        lines = [mine, "junk"] if number == 7 else [mine]
        batches += [(KIOSKS[0], batch(*lines)), (KIOSKS[1], batch(theirs, kiosk=KIOSKS[1]))]
    for _ in range(2):
        acks = office.ledger.post_all(batches)
        assert (acks[-2].upto, acks[-1].upto) == (24, 24)
        assert [one.seq for one in acks[14].rejected] == [0]
        assert office.ledger.balance(ALICE).points == 12 * PIECE
        assert office.ledger.balance(BOB).points == 12 * PIECE


def test_listeners_share_the_batches(office: Office, broker: Mosquitto, kiosk: SampleKiosk) -> None:
    """The broker hands each batch to one of two; both know the kiosk, and nothing is doubled."""
    offices = [Office(office.where) for _ in range(2)]
    ingests = [Ingest(one.ledger) for one in offices]
    messages = [encode(batch(kiosk.deposit())) for _ in range(10)]

    async def story() -> None:
        async with AsyncExitStack() as stack:
            for number, ingest in enumerate(ingests):
                writer = stack.enter_context(ThreadPoolExecutor(1))
                name = f"ledger-{number}"
                listener = Listener(ingest, writer, "127.0.0.1", broker.port, name, shares=True)
                await stack.enter_async_context(running(listener))
            client = await stack.enter_async_context(uplink(broker))
            await client.publish(TOPICS.state, state(), qos=1, retain=True)
            for _ in ingests:
                await next_ack(client)
            for message in messages:
                await client.publish(TOPICS.deposit, message, qos=1)
            while (await next_ack(client)).upto < 20:
                pass

    asyncio.run(story())
    assert office.ledger.balance(ALICE).points == 10 * PIECE
    assert all(KIOSKS[0] in one.mix.mixes for one in ingests)
    for one in offices:
        one.database.dispose()


def test_a_cancellation_that_was_swallowed_is_noticed() -> None:
    """A listener that is ended just as a library looks away ends all the same."""

    async def listens() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        still_wanted()
        await asyncio.sleep(60)

    async def story() -> None:
        task = asyncio.create_task(listens())
        await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(20):
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    asyncio.run(story())


@pytest.mark.timeout(300)  # six times that of an idle machine
def test_a_worker_is_killed_while_it_posts(
    broker: Mosquitto, postgresql: Server, folder: Path, tmp_path: Path
) -> None:
    """One of two, with `kill -9` and under load: nothing is lost, and nothing is doubled."""
    address = postgresql.new_address()
    names = [f"hz-xihu-{number:04}" for number in range(1, 5)]
    for name in names:
        register(folder, name)
    senders = [Sender(SampleKiosk(name), [broker.port]) for name in names]
    at = ["--broker", f"127.0.0.1:{broker.port}"]
    workers = [Worker(address, folder, name, at, tmp_path) for name in ("a", "b")]

    async def story() -> None:
        try:
            for one in workers:
                await one.start()
            async with under_load(senders):
                await more_acked(senders, 50)
                for one in workers:
                    one.kill()
                    await more_acked(senders, 50)
                    await one.start()
        finally:
            for one in workers:
                one.kill()

    asyncio.run(story())
    office = Office(address)
    found = audit(office, senders)
    office.database.dispose()
    assert found == NOTHING_WRONG | {"loads": found["loads"]}


def test_a_server_that_dies_is_waited_for(kiosk: SampleKiosk) -> None:
    """What was acked is there when it is back, and the same ledger goes on."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with Postgres(programs) as server:
        office = Office(server.address)
        assert office.post(kiosk.deposit()).upto == 2
        server.crash()
        second = kiosk.deposit()
        with pytest.raises(LedgerError):
            office.post(second)
        server.start()
        assert office.ledger.balance(ALICE).points == PIECE
        assert office.post(second).upto == 4
        office.database.dispose()


def test_numbers_beyond_32_bits_are_kept(office: Office, kiosk: SampleKiosk) -> None:
    """A kiosk may count to 2^53, and neither database cuts it short."""
    office.post(kiosk.deposit(bin_index=2**53 - 1, pieces=2**40))
    assert office.rows("SELECT bin_index, pieces FROM deposits") == [(2**53 - 1, 2**40)]


def test_a_name_that_one_database_could_not_hold_is_held_for_staff(
    office: Office, kiosk: SampleKiosk
) -> None:
    """U+0000 in a signed record: acked, not credited, and the batch around it is."""
    ack = office.post(kiosk.deposit(deposit_id="s1\0"), kiosk.uncertain(jti="\0"), kiosk.deposit())
    assert (ack.upto, ack.rejected) == (len(kiosk.lines), [])
    assert (office.ledger.balance(ALICE).points, office.ledger.held()) == (PIECE, {"nul": 2})
    claim = office.ledger.claim(kiosk.deposit(deposit_id="s9\0").line)
    assert (claim.outcome, claim.code, claim.points) == ("held", "nul", 0)
    assert office.ledger.proof(KIOSKS[0], "s1\0") is None


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE records; --", "<script>alert(1)</script>", "%s %(a)s"]
)
def test_a_name_is_only_a_name(office: Office, kiosk: SampleKiosk, name: str) -> None:
    """SQL, HTML and format signs in what a kiosk signs are kept letter by letter."""
    office.post(kiosk.deposit(deposit_id=name, jti=name, barcodes=[name]))
    (receipt,) = office.ledger.statement(ALICE)
    assert (receipt.deposit_id, office.ledger.totals().records) == (name, 1)
    assert office.rows("SELECT barcode FROM barcodes") == [(name,)]


@pytest.mark.parametrize("when", ["between", "meanwhile"])
def test_a_process_that_checks_signatures_may_die(
    file_office: Office, kiosk: SampleKiosk, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Killed while it works or while it waits: what it owed is opened, and another one goes on."""
    others = set(multiprocessing.active_children())
    opener = PoolOpener(1)
    file_office.opener = opener
    file_office.restart()
    assert file_office.post(kiosk.deposit()).upto == 2
    loads = [kiosk.deposit() for _ in range(300)]
    parts = [(KIOSKS[0], batch(*loads[at : at + 50])) for at in range(0, 300, 50)]
    asked = [(Keyring(kiosk.signer.public), [one.line for one in loads])] * 3
    (process,) = set(multiprocessing.active_children()) - others
    if when == "between":
        process.kill()
        process.join()
    opened = opener.open_all(asked)
    if when == "meanwhile":
        process.kill()
    assert [len(one) for one in opened] == [300] * 3
    assert file_office.ledger.post_all(parts)[-1].upto == 602
    (another,) = set(multiprocessing.active_children()) - others
    assert another.pid != process.pid
    assert "a process that checks signatures died" in caplog.text
    opener.close()
