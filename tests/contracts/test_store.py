"""What every store keeps to: the journal on its own thread, and the same journal inline."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from contract.fields import ZERO_HASH
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.limits import Limits
from controller.adapters.store import ThreadedStore
from controller.core.records import Entry
from controller.ports import BayMemory, DiskError, Store, StoreError
from sim import clock
from sim.store import InlineStore
from tests.contract.samples import EPOCH, calibration_body, deposit_body, signer
from tests.controller.drafts import (
    AT_S,
    KIOSK,
    calibration,
    deposit,
    draft,
    intent,
    journal,
    returned,
)
from tests.controller.harm import full

if TYPE_CHECKING:
    from pathlib import Path

    from controller.adapters.journal.sqlite_journal import SqliteJournal

Story = Callable[[Store], Awaitable[None]]
Play = Callable[[Story], None]


@pytest.fixture(params=["threaded", "inline"])
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Plays a story with each store in its kind of time; again with the same file."""
    path, epochs = tmp_path / "journal.sqlite", itertools.count(int(EPOCH, 16))

    def opened() -> SqliteJournal:
        limits = Limits(keep_records=0)
        return journal(path, epoch_source=lambda: f"{next(epochs):016x}", limits=limits)

    async def threaded(story: Story) -> None:
        async with asyncio.timeout(60), ThreadedStore(opened) as store:
            await story(store)

    async def inline(story: Story) -> None:
        with closing(opened()) as file:
            await story(InlineStore(file, lambda line: None))

    if request.param == "threaded":
        return lambda story: asyncio.run(threaded(story))
    return lambda story: clock.run(inline(story))


async def two_deposits(store: Store) -> list[int]:
    """Two bottles; the deposits' seqs are 2 and 5, and one load was returned between them."""
    seqs = []
    for number in (1, 2):
        promise = await store.append(intent(number))
        seqs.append((await store.append(deposit(number, promise.seq))).seq)
        await store.append(returned())
    return seqs


def test_what_was_committed_is_there_after_a_restart(play: Play) -> None:
    """Same epoch, same outbox, same open intents."""

    async def before(store: Store) -> None:
        assert await two_deposits(store) == [2, 5]
        await store.append(intent(3))

    async def after(store: Store) -> None:
        assert await store.epoch() == EPOCH
        assert await store.depth() == 2
        (promise,) = await store.open_intents()
        assert (promise.seq, promise.kind, promise.body["deposit_id"]) == (7, "intent", "s1-3")
        assert (await store.append(returned())).seq == 8

    play(before)
    play(after)


def test_the_outbox_gives_the_oldest_first_and_only_what_is_sent(play: Play) -> None:
    """`after_seq` and `limit` are what they say; lines and bodies are the records' own."""

    async def story(store: Store) -> None:
        await two_deposits(store)
        both = await store.unsent(0, 10)
        assert [(entry.seq, entry.kind) for entry in both] == [(2, "deposit"), (5, "deposit")]
        assert both[0].body == deposit_body(1, intent=1)
        assert f'"deposit_id":"{both[0].body["deposit_id"]}"'.encode() in both[0].line
        assert await store.unsent(0, 1) == both[:1]
        assert await store.unsent(2, 10) == both[1:]
        assert await store.unsent(5, 10) == []

    play(story)


def test_only_an_ack_with_the_right_hash_releases(play: Play) -> None:
    """Cumulative; another hash, an unknown record and an empty ledger release nothing."""

    async def story(store: Store) -> None:
        await two_deposits(store)
        first, second = await store.unsent(0, 10)
        assert not await store.acknowledge(second.seq, first.sha256)
        assert not await store.acknowledge(99, second.sha256)
        assert not await store.acknowledge(0, first.sha256)
        assert await store.acknowledge(0, ZERO_HASH)
        assert await store.depth() == 2
        assert await store.acknowledge(first.seq, first.sha256)
        assert await store.unsent(0, 10) == [second]
        assert await store.acknowledge(second.seq, second.sha256)
        assert await store.acknowledge(first.seq, first.sha256)
        assert await store.depth() == 0

    play(story)


def test_what_the_ledger_rejected_is_set_aside(play: Play) -> None:
    """It leaves the outbox alone, once, and for good."""

    async def story(store: Store) -> None:
        await two_deposits(store)
        for _ in range(2):
            await store.set_aside(2, "bad-signature")
            assert [entry.seq for entry in await store.unsent(0, 10)] == [5]
        await store.set_aside(99, "bad-signature")
        assert await store.depth() == 1

    play(story)


def test_an_intent_is_open_until_a_record_closes_it(play: Play) -> None:
    """Whatever the record is: a void closes like a deposit."""

    async def story(store: Store) -> None:
        for number in (1, 2):
            await store.append(intent(number))
        assert [entry.seq for entry in await store.open_intents()] == [1, 2]
        void = {"deposit_id": "s1-1", "intent": 1, "session": "s1", "reason": "taken back"}
        await store.append(draft("void", void, closes=1))
        assert [entry.seq for entry in await store.open_intents()] == [2]

    play(story)


def test_calibrations_come_back_oldest_first(play: Play) -> None:
    """Of every bay, passed or not, and none of them waits for the ledger."""

    async def before(store: Store) -> None:
        assert await store.calibrations() == []
        await store.append(calibration(calibration_id="a-1"))
        await store.append(returned())
        await store.append(calibration(calibration_id="b-1", bay="b"))
        await store.append(calibration(calibration_id="a-2", passed=False))
        assert await store.depth() == 0

    async def after(store: Store) -> None:
        found = await store.calibrations()
        assert [(entry.seq, entry.kind) for entry in found] == [
            (1, "calibration"),
            (3, "calibration"),
            (4, "calibration"),
        ]
        assert [entry.body["calibration_id"] for entry in found] == ["a-1", "b-1", "a-2"]
        assert found[2].body == calibration_body(calibration_id="a-2", passed=False)

    play(before)
    play(after)


def test_a_refused_record_leaves_nothing(play: Play) -> None:
    """The error is the port's own, and the number goes to the next record."""

    async def story(store: Store) -> None:
        with pytest.raises(StoreError, match="mass_g"):
            await store.append(draft("deposit", deposit_body(mass_g=-1)))
        with pytest.raises(StoreError, match="no intent"):
            await store.append(deposit(1, 7))
        assert await store.depth() == 0
        assert (await store.append(returned())).seq == 1

    play(story)


def test_a_code_is_new_once(play: Play) -> None:
    """Until it expires; others are not touched."""

    async def story(store: Store) -> None:
        assert await store.remember_code("aa", AT_S)
        assert not await store.remember_code("aa", AT_S)
        assert await store.remember_code("bb", AT_S)

    play(story)


def test_bays_are_remembered_as_they_were_left(play: Play) -> None:
    """The last word of each counts, to the fraction of a count, after a restart too."""

    async def before(store: Store) -> None:
        assert await store.bay_memories() == {}
        await store.remember_bay("a", 1200.25, unfinished=False)
        await store.remember_bay("b", -3.5, unfinished=False)
        await store.remember_bay("a", 1201.125, unfinished=True)

    async def after(store: Store) -> None:
        assert await store.bay_memories() == {
            "a": BayMemory(1201.125, unfinished=True),
            "b": BayMemory(-3.5, unfinished=False),
        }
        assert await store.depth() == 0

    play(before)
    play(after)


def test_a_store_says_what_it_set_aside_and_whether_it_has_room(play: Play) -> None:
    """Before a load is taken, and for the service pages."""

    async def story(store: Store) -> None:
        await two_deposits(store)
        assert (await store.room()).enough
        assert await store.unreadable_intents() == []
        assert await store.aside() == {}
        await store.set_aside(2, "bad-signature")
        assert await store.aside() == {"bad-signature": 1}

    play(story)


def test_a_new_epoch_takes_along_what_is_not_done(play: Play) -> None:
    """Under new numbers and a new epoch; what was acknowledged stays behind."""

    async def before(store: Store) -> None:
        await two_deposits(store)
        await store.append(intent(3))
        first, second = await store.unsent(0, 10)
        assert await store.acknowledge(first.seq, first.sha256)
        assert await store.renew("ledger and journal differ at record 5") == await store.epoch()
        assert await store.epoch() != EPOCH
        (again,) = await store.unsent(0, 10)
        assert again.body == second.body | {"intent": again.seq - 1}
        assert not await store.acknowledge(second.seq, second.sha256)
        (promise,) = await store.open_intents()
        assert promise.body["deposit_id"] == "s1-3"
        assert (await store.append(deposit(3, 7))).body["intent"] == promise.seq

    async def after(store: Store) -> None:
        assert [entry.body["deposit_id"] for entry in await store.unsent(0, 10)] == ["s1-2", "s1-3"]
        assert await store.open_intents() == []

    play(before)
    play(after)


def test_records_asked_for_together_come_one_after_the_other(play: Play) -> None:
    """Twenty at once: numbers 1 to 20, each once."""

    async def story(store: Store) -> None:
        entries = await asyncio.gather(*(store.append(returned()) for _ in range(20)))
        assert sorted(entry.seq for entry in entries) == list(range(1, 21))

    play(story)


def test_a_record_that_is_refused_takes_none_of_its_neighbours_along(play: Play) -> None:
    """Eight at once, three of them impossible: the others stand, and no number is left out."""

    async def story(store: Store) -> None:
        promise = await store.append(intent(1))
        drafts = [
            returned(),
            draft("deposit", deposit_body(mass_g=-1)),
            deposit(1, promise.seq),
            deposit(1, promise.seq),
            returned(),
            deposit(7, 99),
            intent(2),
            returned(),
        ]
        asked = (store.append(one) for one in drafts)
        told = await asyncio.gather(*asked, return_exceptions=True)
        entries = [one for one in told if isinstance(one, Entry)]
        assert sorted(one.seq for one in entries) == [2, 3, 4, 5, 6]
        reasons = " ".join(str(one) for one in told if isinstance(one, StoreError))
        assert all(word in reasons for word in ("mass_g", "closed by record", "missing"))
        assert [type(told[at]) for at in (1, 5)] == [StoreError] * 2
        (sent,) = await store.unsent(0, 10)
        assert sent in entries
        assert [one.body["deposit_id"] for one in await store.open_intents()] == ["s1-2"]

    play(story)


def test_old_records_are_archived_a_stretch_at_a_time(play: Play) -> None:
    """Until nothing is left to be; what is asked for at the same time is there as well."""

    async def story(store: Store) -> None:
        await store.append(calibration())
        await asyncio.gather(*(store.append(returned()) for _ in range(230)))
        later = asyncio.ensure_future(store.append(returned()))
        assert [await store.archive() for _ in range(3)] == [True, True, False]
        assert (await later).seq in (232, 233)
        assert (await store.append(returned())).seq == 235
        assert len(await store.calibrations()) == 1

    play(story)


def test_what_waits_together_waits_for_the_disk_once(tmp_path: Path) -> None:
    """And nobody is told before the disk has it: another reader of the file sees it by then."""
    path = tmp_path / "j.sqlite"
    commits: list[str] = []

    def opened() -> SqliteJournal:
        file = journal(path)
        file._disk.connection.set_trace_callback(commits.append)
        return file

    async def story() -> None:
        async with ThreadedStore(opened) as store:
            waiting = [asyncio.ensure_future(store.append(returned())) for _ in range(40)]
            for number, one in enumerate(waiting, start=1):
                seq = (await one).seq
                assert seq == number
                with closing(sqlite3.connect(path)) as beside:
                    found = beside.execute("SELECT 1 FROM records WHERE seq = ?", (seq,))
                    assert found.fetchone() is not None

    asyncio.run(story())
    assert commits.count("COMMIT") <= 20


def test_a_disk_that_is_full_refuses_all_that_wait_together(tmp_path: Path) -> None:
    """Each is told so, nothing of any is there, and the numbers go to those who come next."""
    path = tmp_path / "j.sqlite"

    async def story() -> None:
        async with ThreadedStore(lambda: journal(path)) as store:
            await store.append(intent(1))
            with full(path):
                asked = (store.append(one) for one in (deposit(1, 1), returned(), intent(2)))
                told = await asyncio.gather(*asked, return_exceptions=True)
                assert [type(one) for one in told] == [DiskError] * 3
                assert not (await store.room()).enough
            assert (await store.room()).enough
            assert (await store.append(deposit(1, 1))).seq == 2

    asyncio.run(story())
    assert verify_journal(open_journal(path), signer(KIOSK).public).records == 2


def test_a_defect_of_the_journal_reaches_everybody_who_waits(tmp_path: Path) -> None:
    """A thread shows no error by itself: nobody must wait for ever."""

    async def story() -> None:
        async with asyncio.timeout(60), ThreadedStore(lambda: journal(tmp_path / "j")) as store:
            odd = draft("returned", {}, at=None)  # type: ignore[arg-type]
            told = await asyncio.gather(
                store.append(odd), store.append(odd), return_exceptions=True
            )
            assert all(isinstance(one, Exception) for one in told)
            assert (await store.append(returned())).seq == 1

    asyncio.run(story())


def test_the_loop_never_waits_for_the_disk(tmp_path: Path) -> None:
    """The journal lives on a thread of its own from its opening to its close."""
    threads: set[int] = set()

    class Watched:
        """A journal that notes who calls it."""

        def __init__(self, file: SqliteJournal) -> None:
            self._file = file

        def __getattr__(self, name: str) -> object:
            threads.add(threading.get_ident())
            return getattr(self._file, name)

    async def story() -> None:
        opened = ThreadedStore(lambda: Watched(journal(tmp_path / "j.sqlite")))  # type: ignore[arg-type,return-value]
        async with opened as store:
            await two_deposits(store)

    asyncio.run(story())
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_a_commit_is_finished_though_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    """Who asked may be cancelled; the record is there all the same."""

    async def story() -> None:
        async with ThreadedStore(lambda: journal(tmp_path / "j.sqlite")) as store:
            asking = asyncio.create_task(store.append(intent()))
            await asyncio.sleep(0)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert [entry.seq for entry in await store.open_intents()] == [1]

    asyncio.run(story())


def test_a_journal_that_cannot_be_opened_says_so_at_once(tmp_path: Path) -> None:
    """Before the kiosk does anything with it."""
    journal(tmp_path / "j.sqlite").close()

    async def story() -> None:
        with pytest.raises(StoreError, match="belongs to kiosk"):
            async with ThreadedStore(lambda: journal(tmp_path / "j.sqlite", kiosk="other")):
                pass

    asyncio.run(story())
