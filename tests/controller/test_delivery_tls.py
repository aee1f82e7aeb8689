"""Over TLS to the real ledger: an expired certificate stops the sync, and not the kiosk."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from cloud.ingest.mqtt import Listener
from contract.certificates import PLATFORM
from controller.adapters.certificate import KioskCertificate
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from controller.adapters.system_clock import SystemClock
from tests.contracts.city import City
from tests.controller.delivering import TOPICS, Ledgers, new_delivery, running
from tests.controller.drafts import KIOSK, deposit, intent, journal

if TYPE_CHECKING:
    from pathlib import Path

    from controller.delivery import Delivery


async def until_it_says(delivery: Delivery, fault: str) -> None:
    """Wait until the delivery's fault begins so."""
    while not delivery.fault.startswith(fault) or not (fault or delivery.online):  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # another process's news


def test_what_waited_for_a_new_certificate_is_credited(tmp_path: Path, free_port: int) -> None:
    """Expired: deposits go on and the reason is there. The new file alone puts it right."""
    city, ledgers = City(tmp_path / "city"), Ledgers()
    broker, writer = city.broker(free_port), ThreadPoolExecutor(1)
    own = KioskCertificate(city.member(KIOSK, days_ago=91), KIOSK, SystemClock())
    platform = city.member(PLATFORM)
    listener = Listener(
        ledgers.ingest,
        writer,
        "127.0.0.1",
        free_port,
        tls=lambda: platform.context(PLATFORM, city.now_s),
    )

    async def day(store: ThreadedStore) -> None:
        uplink = MqttUplink(
            "127.0.0.1", free_port, client_id=KIOSK, down_all=TOPICS.down_all, tls=own.context
        )
        delivery = new_delivery(store, uplink)
        async with running(delivery):
            await until_it_says(delivery, f"the certificate of {KIOSK} held until")
            for number in (1, 2, 3):
                await store.append(deposit(number, (await store.append(intent(number))).seq))
            assert (delivery.online, await store.depth()) == (False, 3)
            city.member(KIOSK)
            await until_it_says(delivery, "")
            while await store.depth():  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)

    async def story() -> None:
        hearing = asyncio.create_task(listener.run())
        async with asyncio.timeout(100), ThreadedStore(lambda: journal(tmp_path / "j")) as store:
            await day(store)
        hearing.cancel()
        await asyncio.wait({hearing}, timeout=5)

    broker.start()
    try:
        asyncio.run(story())
    finally:
        broker.kill()
        writer.shutdown()
    assert ledgers.bottles == 3
