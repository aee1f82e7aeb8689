"""Commands on their way: signed, counted where they are not, answered over lost connections."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cloud.fleet.fleet import Fleet
from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from cloud.staff.desk import Staff
from contract.command import sign_command
from contract.parts import PART_BYTES
from contract.payloads import encode
from controller.adapters.kept_rows import KeptRows
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from controller.core import commands
from controller.core.remote.kept import SHAPE
from controller.ports import UplinkLostError
from controller.remotely import Afar, Remotely
from sim.afar import RowsOnDisk
from tests.contract.samples import signer
from tests.contracts.brokers import mosquitto
from tests.controller.core.story import Story
from tests.controller.delivering import (
    TOPICS,
    Kiosk,
    Ledgers,
    new_delivery,
    play,
    running,
)
from tests.controller.drafts import AT_S, KIOSK, journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from controller.delivery import Delivery
    from controller.ports import PriceLists, RowKeeper

LEDGER = signer("ledger")
KEYS = {LEDGER.key_id: LEDGER.public}
CITY = Staff("chen", "fleet", "*")
BUNDLE = bytes(3 * PART_BYTES)


def signed(number: int = 1, verb: str = "close-bay", **changes: Any) -> bytes:
    """A command to the kiosk."""
    arguments = {"bay": "a"} if verb.endswith("bay") else {}
    said: dict[str, Any] = {"kiosk": KIOSK, "arguments": arguments, "by": "wang", "signer": LEDGER}
    said |= {"issued_at": AT_S, "not_after": AT_S + 3_600}
    return encode(sign_command(f"{number:016x}", verb=verb, **said | changes))


class FixedClock:
    """Wall time that stands still."""

    def utc_s(self) -> int:
        return AT_S

    def quality(self) -> str:
        return "synchronised"


class Upkeep:
    """Has a bundle, and remembers that it was asked to restart."""

    def __init__(self) -> None:
        self.restarts = 0

    async def reload_catalogue(self) -> str:
        return "2026-11-a"

    async def diagnostics(self) -> bytes:
        return BUNDLE

    def restart(self) -> None:
        self.restarts += 1


class Ruled:
    """The core of a kiosk that stands idle, its shell for commands, and a file that outlives it."""

    def __init__(
        self,
        delivery: Delivery,
        rows: RowKeeper,
        upkeep: Upkeep | None = None,
        lists: PriceLists | None = None,
    ) -> None:
        self.story = Story()
        self.afar = Afar(rows, upkeep, lists=lists)
        self._events: asyncio.Queue[object] = asyncio.Queue()
        self.remotely = Remotely(
            self.afar,
            self.story.session,
            delivery,
            FixedClock(),
            lambda: None,
            self._events.put_nowait,
        )

    async def run(self) -> None:
        """One event after the other, as the kiosk's own pump."""
        self.story.node_up()
        self._events.put_nowait(await self.remotely.found())
        while True:
            for wish in self.story.happens(await self._events.get()):
                if isinstance(wish, commands.Remote):
                    await self.remotely.do(wish)


def test_what_the_platform_did_not_sign_is_counted_and_never_done(tmp_path: Path) -> None:
    """Forged, another kiosk's, oversized, noise; a kiosk without keys follows nobody."""

    async def story(kiosk: Kiosk) -> None:
        came: list[object] = []
        proven = kiosk.new_delivery(ledger_keys=KEYS)
        proven.hearing.ordered = came.append
        async with running(proven):
            await asyncio.sleep(1)
            for data in (
                signed(signer=signer("mallory")),
                signed().replace(b'"by":"wang"', b'"by":"fang"'),
                signed(kiosk="hz-xihu-0002"),
                signed().ljust(5_000),
                b"",
            ):
                kiosk.broker.send_down(TOPICS.cmd, data)
            await asyncio.sleep(1)
            assert came == []
            assert kiosk.state.refused == {
                "command:unknown-key": 1,
                "command:bad-signature": 1,
                "command:wrong-kiosk": 1,
                "command:too-long": 1,
                "command:not-json": 1,
            }
            kiosk.broker.send_down(TOPICS.cmd, signed())
            await asyncio.sleep(1)
            assert len(came) == 1
        unproven = kiosk.new_delivery()
        unproven.hearing.ordered = came.append
        async with running(unproven):
            await asyncio.sleep(1)
            kiosk.broker.send_down(TOPICS.cmd, signed())
            await asyncio.sleep(1)
            assert kiosk.state.refused == {"command:no-ledger-key": 1}
        assert len(came) == 1

    play(story, tmp_path / "j", Quiet())


def test_a_bundle_goes_on_where_the_connection_broke(tmp_path: Path) -> None:
    """Part by part, then the result; asked for again, all of it comes again."""

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.new_delivery(ledger_keys=KEYS)
        upkeep = Upkeep()
        ruled = Ruled(delivery, RowsOnDisk(), upkeep)
        pump = asyncio.create_task(ruled.run())
        async with running(delivery):
            await asyncio.sleep(1)
            kiosk.broker.send_down(TOPICS.cmd, signed(verb="send-diagnostics"))
            async with asyncio.timeout(1):
                while not events(kiosk):  # noqa: ASYNC110  a list has no event to wait for
                    await asyncio.sleep(0.001)
            kiosk.broker.cut()
            await asyncio.sleep(5)
            parts = [one for one in events(kiosk) if b'"kind":"bundle"' in one]
            assert len(set(parts)) == 3
            assert len(parts) <= 4
            assert b'"outcome":"done"' in events(kiosk)[-1]
            before = len(events(kiosk))
            kiosk.broker.send_down(TOPICS.cmd, signed(verb="send-diagnostics"))
            await asyncio.sleep(1)
            assert len(events(kiosk)) == before + 4
        pump.cancel()

    play(story, tmp_path / "j", Quiet())


def test_a_bundle_that_a_restart_cut_off_comes_whole_when_it_is_asked_for_again(
    tmp_path: Path,
) -> None:
    """The controller ended after its first part; the next start has the command, and no bundle."""

    async def story(kiosk: Kiosk) -> None:
        rows, asked = RowsOnDisk(), signed(verb="send-diagnostics")
        for is_first in (True, False):
            before = len(events(kiosk))
            delivery = kiosk.new_delivery(ledger_keys=KEYS)
            pump = asyncio.create_task(Ruled(delivery, rows, Upkeep()).run())
            async with running(delivery):
                await asyncio.sleep(1)
                kiosk.broker.send_down(TOPICS.cmd, asked)
                async with asyncio.timeout(1):
                    while len(events(kiosk)) == before:  # noqa: ASYNC110  a list has no event
                        await asyncio.sleep(0.001)
                await asyncio.sleep(0 if is_first else 5)
            pump.cancel()
        assert before < 3, "the first start had sent all of it"
        told = events(kiosk)[before:]
        assert len({one for one in told if b'"kind":"bundle"' in one}) == 3
        assert b'"outcome":"done"' in told[-1]

    play(story, tmp_path / "j", Quiet())


def events(kiosk: Kiosk) -> list[bytes]:
    """What came up under `up/event`."""
    return [data for way, topic, data in kiosk.seen if (way, topic) == ("up", TOPICS.event)]


class Quiet:
    """A platform that answers nothing."""

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        return []


def test_the_condition_is_told_on_connecting_and_when_it_is_another(tmp_path: Path) -> None:
    """And not for every message; a kiosk that takes commands says so."""
    told: list[bytes] = []

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.new_delivery(ledger_keys=KEYS)
        ruled = Ruled(delivery, RowsOnDisk())
        pump = asyncio.create_task(ruled.run())
        async with running(delivery):
            await asyncio.sleep(1)
            for number in (1, 1, 1):
                kiosk.broker.send_down(TOPICS.cmd, signed(number))
                await asyncio.sleep(1)
            told.extend(data for _, topic, data in kiosk.seen if topic == TOPICS.condition)
        pump.cancel()

    play(story, tmp_path / "j", Quiet())
    first, second = told
    assert b'"commands":true' in first
    assert b'"usable":true' in first
    assert b'"closed_by":"0000000000000001"' in second


class BrokenDisk(RowsOnDisk):
    """Takes no rows, and says so in the log alone."""

    async def keep(self, rows: object) -> None:
        """Lost."""


def test_a_restart_is_not_begun_where_nothing_is_kept(tmp_path: Path) -> None:
    """A disk that takes no rows would let the kiosk start anew for ever."""
    upkeep = Upkeep()

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.new_delivery(ledger_keys=KEYS)
        ruled = Ruled(delivery, BrokenDisk(), upkeep)
        pump = asyncio.create_task(ruled.run())
        async with running(delivery):
            await asyncio.sleep(1)
            kiosk.broker.send_down(TOPICS.cmd, signed(verb="restart-controller"))
            await asyncio.sleep(1)
            assert b'"code":"not-kept"' in events(kiosk)[-1]
        pump.cancel()

    play(story, tmp_path / "j", Quiet())
    assert upkeep.restarts == 0


class FillingDisk(RowsOnDisk):
    """Takes what comes until it is full; what was taken stays."""

    def __init__(self, takes: int) -> None:
        super().__init__()
        self.takes = takes

    async def keep(self, rows: Sequence[tuple[str | int, ...]]) -> None:
        """Keep them, if there is room."""
        if self.takes > 0:
            await super().keep(rows)
        self.takes -= 1


def test_a_restart_is_not_begun_where_its_beginning_was_not_kept(tmp_path: Path) -> None:
    """The disk took that it waits, and was full then: it would be begun at each start."""
    upkeep = Upkeep()

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.new_delivery(ledger_keys=KEYS)
        ruled = Ruled(delivery, FillingDisk(1), upkeep)
        pump = asyncio.create_task(ruled.run())
        async with running(delivery):
            await asyncio.sleep(1)
            kiosk.broker.send_down(TOPICS.cmd, signed(verb="restart-controller"))
            await asyncio.sleep(1)
            assert b'"code":"not-kept"' in events(kiosk)[-1]
        pump.cancel()

    play(story, tmp_path / "j", Quiet())
    assert upkeep.restarts == 0


@pytest.mark.timeout(180)
def test_a_command_reaches_a_kiosk_over_a_real_broker_and_is_done_once(
    tmp_path: Path, free_port: int
) -> None:
    """Broker killed after it was given; kiosk started anew on what it kept; done, and only once."""
    broker = mosquitto(tmp_path, free_port)
    broker.start()
    ledgers, ids = Ledgers(LEDGER, tmp_path / "ledger.sqlite"), itertools.count(1)
    catalogues = {"2026-11-a": ledgers.ledger.catalogues["2026-11-a"]}
    fleet = Fleet(
        ledgers.database, catalogues, lambda: next(clock), LEDGER, lambda: f"{next(ids):016x}"
    )
    clock = itertools.count(AT_S, 40)  # each look is later: what is unanswered is sent again

    async def story() -> None:
        with ThreadPoolExecutor(1) as writer:
            ingest = Ingest(ledgers.ledger, fleet)
            listener = asyncio.create_task(Listener(ingest, writer, "127.0.0.1", free_port).run())
            async with ThreadedStore(lambda: journal(tmp_path / "j")) as store:
                await one_life(store, lambda _: _is_there(fleet))
                broker.kill()
                given = fleet.command(CITY, KIOSK, "close-bay", {"bay": "a"}, 86_400)
                broker.start()
                ruled = await one_life(store, lambda _: _state(fleet, given.command_id) == "done")
                assert not ruled.story.bays["a"].usable
                ruled = await one_life(store, lambda it: bool(it.story.session.orders.rows))
                assert not ruled.story.bays["a"].usable
                assert len(ruled.story.written) == 0
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def one_life(store: ThreadedStore, over: Callable[[Ruled], bool]) -> Ruled:
        uplink = MqttUplink("127.0.0.1", free_port, client_id="k1", down_all=TOPICS.down_all)
        delivery = new_delivery(store, uplink, ledger_keys=KEYS)
        ruled = Ruled(delivery, KeptRows(tmp_path / "orders", SHAPE))
        tasks = [asyncio.create_task(ruled.run()), asyncio.create_task(delivery.run())]
        async with asyncio.timeout(60):
            while not over(ruled):  # noqa: ASYNC110  a database has no event to wait for
                await asyncio.sleep(0.05)
        for task in reversed(tasks):
            task.cancel()
            with suppress(asyncio.CancelledError, UplinkLostError):
                await task
        return ruled

    try:
        asyncio.run(story())
    finally:
        broker.kill()


def _is_there(fleet: Fleet) -> bool:
    heard = [one.heard for one in fleet.sight.page(CITY)]
    return any(one is not None and one.condition is not None for one in heard)


def _state(fleet: Fleet, command_id: str) -> str:
    return next(one.state for one in fleet.orders_of(CITY, KIOSK) if one.command_id == command_id)
