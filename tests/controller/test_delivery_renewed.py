"""Where journal and ledger contradict each other the journal begins anew, and nothing is lost."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.payloads import Ack, KioskState, Rejected, decode, encode
from controller.ports import StoreError
from sim import clock
from sim.broker import Platform
from sim.store import InlineStore
from tests.contract.samples import ALICE, EPOCH
from tests.controller.delivering import (
    HOUR_S,
    TOPICS,
    Kiosk,
    Ledgers,
    play,
    restored,
    running,
    until_empty,
)
from tests.controller.drafts import bottles, deposit, intent, journal
from tests.controller.harm import break_line


def with_a_copy(folder: Path, platform: Platform) -> Path:
    """A kiosk delivers a bottle, its journal is copied, and it delivers another; the copy."""
    path, copy = folder / "j", folder / "copy"

    async def before(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            kiosk.bottle()
            await until_empty(kiosk, within_s=5)
            shutil.copy(path, copy)
            shutil.copy(f"{path}-wal", f"{copy}-wal")
            kiosk.bottle()
            await until_empty(kiosk, within_s=5)

    play(before, path, platform)
    return copy


def test_a_restored_journal_begins_a_new_epoch_and_everything_is_credited_once(
    tmp_path: Path,
) -> None:
    """The ledger has a deposit that the copy lacks; what the copy takes since is credited too."""
    ledgers = Ledgers()
    copy = with_a_copy(tmp_path, ledgers.ingest)

    async def after(kiosk: Kiosk) -> None:
        faults: list[str] = []
        kiosk.delivery.changed = lambda: faults.append(kiosk.delivery.fault)
        kiosk.file.append(intent(77))
        kiosk.bottle()
        async with running(kiosk.delivery):
            await until_empty(kiosk, within_s=10)
            kiosk.bottle()
            await until_empty(kiosk, within_s=10)
            assert kiosk.delivery.online
            assert kiosk.delivery.fault == ""
            assert kiosk.file.epoch != EPOCH
            assert kiosk.state.epoch == kiosk.file.epoch
            kiosk.broker.broker_down(1)
            gone = kiosk.state
            assert (gone.online, gone.epoch) == (False, kiosk.file.epoch)
        assert any("restored from a copy" in fault for fault in faults)

    play(after, copy, ledgers.ingest, restored)
    # Two before the copy was put back, two since.
    assert ledgers.bottles == 4


def test_what_the_ledger_had_already_is_not_credited_again(tmp_path: Path) -> None:
    """The ack of two bottles was lost with the card; the copy sends them in its new epoch."""
    ledgers = Ledgers()
    path, copy = tmp_path / "j", tmp_path / "copy"

    async def before(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 2)
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
        async with running(kiosk.delivery):
            await until_empty(kiosk, within_s=5)
            kiosk.bottle()
            await until_empty(kiosk, within_s=5)

    async def after(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await until_empty(kiosk, within_s=10)
            assert kiosk.file.epoch != EPOCH

    play(before, path, ledgers.ingest)
    play(after, copy, ledgers.ingest, restored)
    assert ledgers.bottles == 3


def test_the_connection_of_the_old_epoch_ends_with_a_goodbye(tmp_path: Path) -> None:
    """The retained state never says that a kiosk is online which is not."""
    ledgers = Ledgers()
    copy = with_a_copy(tmp_path, ledgers.ingest)

    async def after(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await until_renewed(kiosk)
            await asyncio.sleep(1)
        told = [decode(KioskState, one) for _, topic, one in kiosk.seen if topic == TOPICS.state]
        assert [(one.online, one.epoch == EPOCH) for one in told[:3]] == [
            (True, True),
            (False, True),
            (True, False),
        ]

    play(after, copy, ledgers.ingest, restored)


async def until_renewed(kiosk: Kiosk) -> None:
    """Wait until the broker knows the new epoch."""
    async with asyncio.timeout(10):
        while kiosk.file.epoch == EPOCH or not kiosk.state.online:  # noqa: ASYNC110  # a file
            await asyncio.sleep(0.05)


def test_one_damaged_record_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """The ack would stop before it for good: a new epoch, in which staff hear of it."""
    ledgers, path = Ledgers(), tmp_path / "j"

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 120)
        began = kiosk.file.epoch
        async with running(kiosk.delivery):
            await asyncio.sleep(0.05)
            assert kiosk.batches() == []
            break_line(path, 200, b"{")
            await until_empty(kiosk, within_s=10)
            assert kiosk.file.epoch != began
            assert (kiosk.delivery.fault, kiosk.file.aside()) == ("", {})

    play(story, path, ledgers.ingest, restored)
    assert (ledgers.bottles, ledgers.ledger.balance(ALICE).held) == (119, 1)


def test_a_journal_that_is_damaged_again_and_again_begins_anew_once_an_hour(
    tmp_path: Path,
) -> None:
    """In between what can be read goes on to be sent, online, one burst at a time."""
    ledgers, path = Ledgers(), tmp_path / "j"

    async def story(kiosk: Kiosk) -> None:
        epochs = {kiosk.file.epoch}
        async with running(kiosk.delivery):
            for _ in range(4):
                kiosk.bottle()
                break_line(path, len(list(kiosk.file.lines())), b"{")
                kiosk.bottle()
                await asyncio.sleep(HOUR_S / 10)
                epochs.add(kiosk.file.epoch)
                assert kiosk.delivery.online
            await asyncio.sleep(HOUR_S)
            epochs.add(kiosk.file.epoch)
        assert len(epochs) == 3

    play(story, path, ledgers.ingest, restored)
    assert ledgers.bottles == 4


class Contradicting:
    """A ledger that calls every record another one's, whatever the epoch."""

    def __init__(self) -> None:
        self.epochs: list[str] = []

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Answer a greeting with a record that no journal has."""
        if topic != TOPICS.state or not decode(KioskState, payload).online:
            return []
        self.epochs.append(decode(KioskState, payload).epoch)
        rejected = [Rejected(seq=2, code="conflict")]
        ack = Ack(epoch=self.epochs[-1], upto=0, sha256="0" * 64, rejected=rejected)
        return [(TOPICS.ack, encode(ack))]


def test_a_ledger_that_contradicts_everything_does_not_fill_the_disk(tmp_path: Path) -> None:
    """One new epoch an hour at most; in between the fault is told and the records wait."""
    ledger = Contradicting()

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 1)
        async with running(kiosk.delivery):
            await asyncio.sleep(HOUR_S * 0.9)
            assert "restored from a copy" in kiosk.delivery.fault
            assert not kiosk.delivery.online
            assert (kiosk.state.online, kiosk.state.fault) == (False, kiosk.delivery.fault)
            assert kiosk.file.depth() == 1
            await asyncio.sleep(HOUR_S * 0.3)
        assert len(set(ledger.epochs)) == 3

    play(story, tmp_path / "j", ledger, restored)


class FullDisk(InlineStore):
    """A journal that cannot begin anew until there is room."""

    room_for_another = False

    async def renew(self, reason: str) -> str:
        """As the port says."""
        if not self.room_for_another:
            raise StoreError("journal cannot be renewed: disk full")
        return await super().renew(reason)


def test_a_renewal_that_fails_is_tried_again(tmp_path: Path) -> None:
    """The disk is full for ten minutes: the fault stands, then everything goes on."""
    ledgers = Ledgers()
    copy = with_a_copy(tmp_path, ledgers.ingest)

    async def after(kiosk: Kiosk) -> None:
        kiosk.store = disk = FullDisk(kiosk.file, lambda line: None)
        delivery = kiosk.new_delivery()
        kiosk.file.append(intent(77))
        kiosk.bottle()
        async with running(delivery):
            await asyncio.sleep(600)
            assert delivery.fault != ""
            assert kiosk.file.depth() == 1
            disk.room_for_another = True
            await until_empty(kiosk, within_s=80)
            assert delivery.fault == ""

    play(after, copy, ledgers.ingest, restored)
    assert ledgers.bottles == 3


def test_a_damaged_journal_that_cannot_begin_anew_goes_on(tmp_path: Path) -> None:
    """What can be read is credited; an hour later there is room, and staff hear of the rest."""
    ledgers, path = Ledgers(), tmp_path / "j"

    async def story(kiosk: Kiosk) -> None:
        kiosk.store = disk = FullDisk(kiosk.file, lambda line: None)
        bottles(kiosk.file, 3)
        break_line(path, 4, b"{")
        async with running(kiosk.new_delivery()):
            await asyncio.sleep(60)
            kiosk.bottle()
            await asyncio.sleep(600)
            assert ledgers.bottles == 3
            disk.room_for_another = True
            await until_empty(kiosk, within_s=HOUR_S)

    play(story, path, ledgers.ingest, restored)
    assert (ledgers.bottles, ledgers.ledger.balance(ALICE).held) == (3, 1)


class Cabinet:
    """One kiosk through backups and restorations; bottles are numbered for ever.

    `made` are all bottles, `excused` those that stood in a replaced journal alone.
    """

    def __init__(self, folder: Path) -> None:
        self.ledgers = Ledgers()
        self.made: set[str] = set()
        self.excused: set[str] = set()
        self._path, self._copy = folder / "journal.sqlite", folder / "copy"
        self._epochs = (f"{number:016x}" for number in itertools.count(1))
        self._start()

    def _start(self) -> None:
        file = journal(self._path, epoch_source=lambda: next(self._epochs))
        self.kiosk = Kiosk(file, self.ledgers.ingest)

    def bottle(self) -> None:
        """Somebody deposits a bottle."""
        number, file = len(self.made) + 1, self.kiosk.file
        entry = file.append(deposit(number, file.append(intent(number)).seq))
        self.made.add(entry.body["deposit_id"])
        self.kiosk.delivery.kick()

    def back_up(self) -> None:
        """Copy the card."""
        for end in ("", "-wal"):
            shutil.copy(f"{self._path}{end}", f"{self._copy}{end}")

    def restore(self) -> None:
        """Put the copy in the card's place, if there is one."""
        if not self._copy.exists():
            return
        waiting = self.kiosk.file.unsent(0, 1000)
        self.excused |= {entry.body["deposit_id"] for entry in waiting}
        self.kiosk.file.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{self._path}{end}").unlink(missing_ok=True)
        for end in ("", "-wal"):
            shutil.copy(f"{self._copy}{end}", f"{self._path}{end}")
        self._start()

    @property
    def credited(self) -> set[str]:
        """What Alice was credited."""
        return {one.deposit_id for one in self.ledgers.ledger.statement(ALICE, 1000)}


async def live_through(cabinet: Cabinet, actions: list[str]) -> None:
    """Do what is named, each a moment after the one before."""
    verbs: dict[str, Callable[[], None]] = {
        "bottle": cabinet.bottle,
        "back-up": cabinet.back_up,
        "cut": lambda: cabinet.kiosk.broker.broker_down(0),
        "down": lambda: cabinet.kiosk.broker.broker_down(1),
    }
    waiting = [*actions, "restore"]
    while waiting:
        async with running(cabinet.kiosk.delivery):
            while (action := waiting.pop(0)) != "restore":
                if action in verbs:
                    verbs[action]()
                await asyncio.sleep(5 if action == "wait" else 0.01)
        cabinet.restore()
    async with running(cabinet.kiosk.delivery):
        await until_empty(cabinet.kiosk, within_s=2 * HOUR_S)
    cabinet.kiosk.file.close()


ACTIONS = ("bottle", "bottle", "bottle", "wait", "wait", "back-up", "restore", "cut", "down")


def test_one_copy_may_be_put_back_twice(tmp_path: Path) -> None:
    """Its epoch is contradicted each time, and each time another begins."""
    cabinet = Cabinet(tmp_path)
    day = ["bottle", "wait", "wait"]
    clock.run(live_through(cabinet, [*day, "back-up", *day, "restore", *day, "restore", *day]))
    assert cabinet.credited == cabinet.made
    assert len(cabinet.made) == 4


@given(actions=st.lists(st.sampled_from(ACTIONS), max_size=25))
@settings(max_examples=20)
def test_backups_restored_at_any_time_cost_only_what_no_journal_has(actions: list[str]) -> None:
    """Every bottle that the last journal or the ledger knew is credited, and each of them once."""
    with tempfile.TemporaryDirectory() as folder:
        cabinet = Cabinet(Path(folder))
        clock.run(live_through(cabinet, actions))
        assert cabinet.made - cabinet.excused <= cabinet.credited <= cabinet.made
        assert cabinet.ledgers.bottles == len(cabinet.credited)
