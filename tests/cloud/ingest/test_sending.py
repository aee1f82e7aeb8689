"""Commands go on being sent, whatever became of the one before."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from cloud.fleet.orders import AGAIN_S
from cloud.ingest.sending import sending
from tests.cloud.conftest import Office
from tests.cloud.fleet.afar import City


def test_a_command_that_could_not_be_sent_is_sent_later(file_office: Office) -> None:
    """A publish that timed out on a connection that lives on ends nothing."""
    city = City(file_office)
    city.greets()
    city.close()
    sent: asyncio.Queue[bytes] = asyncio.Queue()
    failures = ["Operation timed out"]

    async def publish(topic: str, payload: bytes) -> None:
        sent.put_nowait(payload)
        if failures:
            raise ConnectionError(failures.pop())

    async def story() -> list[bytes]:
        with ThreadPoolExecutor(1) as writer:
            async with sending(city.ingest, writer, publish), asyncio.timeout(30):
                first = await sent.get()
                file_office.now_s += AGAIN_S
                return [first, await sent.get()]

    first, second = asyncio.run(story())
    assert first == second
