"""Commands go on being sent, whatever became of the one before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from cloud.fleet.orders import AGAIN_S
from cloud.ingest.sending import EVERY_S, sending
from sim.clock import VirtualLoop
from tests.cloud.conftest import Office
from tests.cloud.fleet.afar import City


class AtOnce(Executor):
    """Does what it is given before it answers, as virtual time needs it."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do it."""
        done: Future[Any] = Future()
        try:
            done.set_result(work(*given, **named))
        except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
            done.set_exception(error)
        return done


def test_a_command_that_could_not_be_sent_is_sent_later(office: Office) -> None:
    """A publish that timed out on a connection that lives on ends nothing."""
    city = City(office)
    city.greets()
    city.close()
    sent: list[bytes] = []

    async def publish(topic: str, payload: bytes) -> None:
        sent.append(payload)
        if len(sent) == 1:
            raise ConnectionError("Operation timed out")

    async def story() -> None:
        async with sending(city.ingest, AtOnce(), publish):
            await asyncio.sleep(2 * EVERY_S)
            assert len(sent) == 1
            office.now_s += AGAIN_S
            await asyncio.sleep(2 * EVERY_S)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())
    assert len(sent) == 2
    assert sent[0] == sent[1]
