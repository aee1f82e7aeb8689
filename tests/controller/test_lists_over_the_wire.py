"""Price lists that come over the wire: tried, kept, told of, in force when their day has come."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from cloud.fleet.fleet import Fleet
from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from contract.catalogue import Catalogue, example, load_signed, sign
from contract.catalogue_part import parts_of
from contract.payloads import encode
from contract.record import open_record
from controller.adapters.catalogue_shelf import CatalogueKeeper
from controller.adapters.kept_rows import KeptRows
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from controller.core.remote.kept import SHAPE
from controller.core.shelf import change_catalogue
from controller.listing import Listing
from controller.ports import UplinkLostError
from sim.broker import Broker
from tests.contract.samples import signer
from tests.contracts.brokers import mosquitto
from tests.controller.core.test_shelf import FIRST, NEXT, OPERATOR, signed
from tests.controller.delivering import TOPICS, Ledgers, new_delivery
from tests.controller.drafts import KIOSK, journal
from tests.controller.test_catalogue_shelf import Cabinet, holding, lines
from tests.controller.test_commands_over_the_wire import CITY, LEDGER, Quiet, Ruled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from controller.delivery import Delivery

LATER = signed("2026-12-b", "2026-12-05")
ITEMS = [item.model_dump(mode="json", exclude_unset=True) for item in example().items]
LARGE = signed(
    "2026-12-c",
    "2026-12-09",
    items=ITEMS
    + [
        one | {"code": f"more-{number}-{at}"}
        for number in range(30)
        for at, one in enumerate(ITEMS)
    ],
)
"""A list of several parts."""


class Desk:
    """A kiosk's shelf with November's list on it, and what brings it others."""

    def __init__(self, cabinet: Cabinet, delivery: Delivery, store: ThreadedStore) -> None:
        self.delivery = delivery
        self.used: list[str] = []
        self.is_busy = False
        self.folder = cabinet.start()
        self.keeper = CatalogueKeeper(self.folder, store, cabinet.clock, self._change)
        self.listing = Listing(self.keeper, delivery)

    def _change(self, catalogue: Catalogue) -> bool:
        if not self.is_busy:
            self.used.append(catalogue.version)
        return not self.is_busy

    async def gets(self, data: bytes, *parts: int) -> str:
        """These parts of a list come down, or all of them; the code by which it was refused."""
        before = self.delivery.standing.refused.copy()
        messages = [encode(part) for part in parts_of(data)]
        for at in parts or range(len(messages)):
            self.delivery.hearing.ack_in(TOPICS.config, messages[at])
        await asyncio.gather(*(t for t in asyncio.all_tasks() if t.get_name() == "list"))
        came = self.delivery.standing.refused - before
        assert sum(came.values()) <= 1
        return "".join(came)

    @property
    def kept(self) -> list[str]:
        """The versions that the platform is told of."""
        return [one.version for one in self.listing.kept]


@asynccontextmanager
async def opened(cabinet: Cabinet) -> AsyncIterator[Desk]:
    """A kiosk's program begins, on what lies in its folder."""
    async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
        delivery = new_delivery(store, Broker(Quiet()).uplink(TOPICS.down_all))
        yield Desk(cabinet, delivery, store)


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    """A kiosk with November's catalogue."""
    cabinet = Cabinet(tmp_path)
    cabinet.put("catalogue.json", FIRST)
    return cabinet


def written(cabinet: Cabinet) -> list[tuple[str, bool, bool]]:
    """What the journal says: version, whether it was taken, whether it is in force now."""
    found = lines(cabinet.path / "journal.sqlite")
    bodies = [open_record(line, signer(KIOSK).public).body for line in found]
    return [(one["version"], one["accepted"], "in_force" in one) for one in bodies]


def test_a_list_that_came_outlives_a_power_cut_and_waits_for_its_day(cabinet: Cabinet) -> None:
    """It is brought in between visits, and the journal says when it came and when it held."""

    async def november() -> None:
        async with opened(cabinet) as desk:
            assert desk.kept == ["2026-11-a"]
            assert await desk.gets(NEXT) == ""
            assert desk.kept == ["2026-11-a", "2026-12-a"]
            assert await desk.gets(NEXT) == ""
            assert desk.used == ["2026-11-a"]

    async def december() -> None:
        async with opened(cabinet) as desk:
            assert desk.kept == ["2026-11-a", "2026-12-a"]
            await desk.keeper.look()
            cabinet.clock.day = "2026-12-01"
            desk.is_busy = True
            assert await desk.gets(LATER) == ""
            assert desk.used == ["2026-11-a"]
            desk.is_busy = False
            await desk.keeper.look()
            assert desk.used == ["2026-11-a", "2026-12-a"]
            assert desk.kept == ["2026-12-a", "2026-12-b"]

    asyncio.run(november())
    asyncio.run(december())
    assert written(cabinet) == [
        ("2026-11-a", True, False),
        ("2026-12-a", True, False),
        ("2026-11-a", True, True),
        ("2026-12-b", True, False),
        ("2026-12-a", True, True),
    ]


def test_what_the_operator_did_not_sign_for_this_kiosk_is_refused_told_and_counted(
    cabinet: Cabinet,
) -> None:
    """Forged, changed, foreign, old, a version twice; forgeries leave nothing on the disk."""
    catalogue = load_signed(NEXT, OPERATOR.public)
    bad = {
        "unknown-key": sign(catalogue, signer("mallory")),
        "bad-signature": NEXT.replace(b'"valid_from":"2026-12-01"', b'"valid_from":"2026-11-02"'),
        "not-canonical": NEXT.replace(b'"currency":"CNY"', b'"currency": "CNY"'),
        "another-city": signed("2026-12-a", "2026-12-01", city="ningbo"),
        "older": signed("2026-10-a", "2026-10-01"),
        "version-reused": signed("2026-11-a", "2026-12-01"),
        "not-json": b"{" * 1_000,
        "missing-field": b"{}",
    }

    async def story() -> None:
        async with opened(cabinet) as desk:
            for code, data in bad.items():
                assert await desk.gets(data) == f"catalogue:{code}"
            assert [one.code for one in desk.listing.refused or ()] == list(bad)
            assert desk.kept == ["2026-11-a"]
            assert await desk.gets(NEXT) == ""
            assert desk.kept == ["2026-11-a", "2026-12-a"]

    asyncio.run(story())
    assert [version for version, accepted, _ in written(cabinet) if not accepted] == [
        "2026-12-a",
        "2026-10-a",
        "2026-11-a",
    ]
    assert len(list((cabinet.path / "catalogue.kept").glob("*.json"))) == 2


def test_half_a_list_is_none_and_noise_is_no_part(cabinet: Cabinet) -> None:
    """What is missing comes with the next time that it is sent."""

    async def story() -> None:
        async with opened(cabinet) as desk:
            assert await desk.gets(LARGE, 1) == ""
            assert desk.kept == ["2026-11-a"]
            desk.delivery.hearing.ack_in(TOPICS.config, b"noise")
            assert desk.delivery.standing.refused == {"catalogue:not-json": 1}
            strange = parts_of(NEXT)[0].model_copy(update={"data": "纸" * 8})
            desk.delivery.hearing.ack_in(TOPICS.config, encode(strange))
            assert desk.delivery.standing.refused["catalogue:catalogue-part"] == 1
            assert await desk.gets(LARGE) == ""
            assert desk.kept == ["2026-11-a", "2026-12-c"]

    asyncio.run(story())


def test_a_list_that_the_disk_does_not_take_is_refused_and_comes_again(cabinet: Cabinet) -> None:
    """It is not used either: after a power cut the kiosk would price by another one."""

    async def story() -> None:
        async with opened(cabinet) as desk:
            for path in (cabinet.path / "catalogue.kept").iterdir():
                path.unlink()
            (cabinet.path / "catalogue.kept").rmdir()
            (cabinet.path / "catalogue.kept").write_bytes(b"in the way")
            assert await desk.gets(LARGE) == "catalogue:not-kept"
            assert desk.kept == ["2026-11-a"]
            (cabinet.path / "catalogue.kept").unlink()
            assert await desk.gets(LARGE) == ""
            assert desk.kept == ["2026-11-a", "2026-12-c"]
            assert desk.listing.refused is None

    asyncio.run(story())
    assert holding(cabinet.start()) == "2026-11-a"


class Priced(Ruled):
    """A kiosk that stands idle, with the shelf in its folder."""

    def __init__(self, cabinet: Cabinet, delivery: Delivery, store: ThreadedStore) -> None:
        self.keeper = CatalogueKeeper(
            cabinet.start(),
            store,
            cabinet.clock,
            lambda new: change_catalogue(self.story.session, new),
        )
        rows = KeptRows(cabinet.path / "orders", SHAPE)
        super().__init__(delivery, rows, lists=self.keeper)


@pytest.mark.timeout(180)
def test_a_list_that_is_signed_while_a_kiosk_is_away_reaches_it_over_a_real_broker(
    cabinet: Cabinet, free_port: int
) -> None:
    """To the byte; the platform knows who has it, also after both have started anew."""
    broker = mosquitto(cabinet.path, free_port)
    broker.start()
    files = {"2026-11-a": FIRST}
    ledgers = Ledgers(LEDGER, cabinet.path / "ledger.sqlite")
    catalogues = {"2026-11-a": load_signed(FIRST, OPERATOR.public)}
    fleet = Fleet(
        ledgers.database, catalogues, cabinet.clock.utc_s, LEDGER, lambda: "0" * 16, files.get
    )

    def states() -> dict[str, str]:
        return {one.version: one.state for kiosk in fleet.sight.page(CITY) for one in kiosk.lists}

    async def story() -> None:
        with ThreadPoolExecutor(1) as writer:
            ingest = Ingest(ledgers.ledger, fleet)
            listener = asyncio.create_task(Listener(ingest, writer, "127.0.0.1", free_port).run())
            await one_life(lambda _: states() == {"2026-11-a": "has"})
            files["2026-12-c"] = LARGE
            catalogues["2026-12-c"] = load_signed(LARGE, OPERATOR.public)
            await one_life(lambda _: states() == {"2026-11-a": "has", "2026-12-c": "has"})
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def one_life(over: Callable[[Priced], bool]) -> None:
        uplink = MqttUplink("127.0.0.1", free_port, client_id="k1", down_all=TOPICS.down_all)
        async with ThreadedStore(lambda: journal(cabinet.path / "journal.sqlite")) as store:
            delivery = new_delivery(store, uplink, ledger_keys={LEDGER.key_id: LEDGER.public})
            kiosk = Priced(cabinet, delivery, store)
            tasks = [asyncio.create_task(kiosk.run()), asyncio.create_task(delivery.run())]
            async with asyncio.timeout(60):
                while not over(kiosk):  # noqa: ASYNC110  a database has no event to wait for
                    await asyncio.sleep(0.05)
            for task in reversed(tasks):
                task.cancel()
                with suppress(asyncio.CancelledError, UplinkLostError):
                    await task

    try:
        asyncio.run(story())
    finally:
        broker.kill()
    kept = [path.read_bytes() for path in (cabinet.path / "catalogue.kept").glob("*.json")]
    assert sorted(kept) == sorted([FIRST, LARGE])
    cabinet.clock.day = "2026-12-09"
    assert holding(cabinet.start()) == "2026-12-c"
