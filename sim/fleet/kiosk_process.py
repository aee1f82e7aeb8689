"""One kiosk by the wall clock, in a process of its own: `python -m sim.fleet.kiosk_process ORDER`.

Put together by `controller.build` as a real one is, with simulated bays and people before it. It
ends when it is told to.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from controller.build import Cabinet, open_kiosk
from sim.code_camera import CodeCamera
from sim.fleet.order import Order, Told, config_of, lying
from sim.fleet.residents import Residents
from sim.identity import Identity
from sim.rig import Rig
from sim.stage.camera import StageCamera
from sim.stage.onlooker import Onlooker
from sim.stage.phone import Phone
from sim.stage.signed_in import SignedIn
from sim.world import BayFigures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence


async def serve(order: Order) -> None:
    """Be the kiosk until the process is told to end.

    Raises:
        KioskError: The kiosk cannot be put together, or a part of it failed.
    """
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with _parts(order) as parts:
        await _live(parts, ended)


@asynccontextmanager
async def _parts(order: Order) -> AsyncIterator[Sequence[Coroutine[Any, Any, None]]]:
    """Everything that lives in this process, ready to be run; what it came to is told at last."""
    config, folder = config_of(order), Path(order.folder)
    async with AsyncExitStack() as open_parts:
        rig = Rig(config, BayFigures(), seed=order.seed, identity=Identity(order.seed))
        open_parts.callback(rig.close)
        front = CodeCamera(str, random.Random(f"{order.seed}/phone"))
        cameras = {name: StageCamera(bay, order.seed) for name, bay in rig.bays.items()}
        cabinet = Cabinet(rig.links, cameras, front)
        kiosk = await open_parts.enter_async_context(open_kiosk(config, folder, cabinet))
        told = Told()

        def tell() -> None:
            told.bins = {name: lying(bay.world.fallen) for name, bay in rig.bays.items()}
            told.write(folder)

        tell()
        open_parts.callback(tell)
        onlooker, phone = Onlooker(kiosk), Phone(front, SignedIn(order.platform))
        residents = Residents(order.seed, kiosk, rig, onlooker, phone, told, tell)
        come = residents.come(order.seconds)
        yield [rig.run(), kiosk.run(), onlooker.look(), come]


async def _live(parts: Sequence[Coroutine[Any, Any, None]], ended: asyncio.Event) -> None:
    """Let all parts live until told to end, or until one but the last, the residents, is over."""
    tasks = [asyncio.create_task(part) for part in (ended.wait(), *parts)]
    *_, come = tasks
    living = set(tasks)
    try:
        while living | {come} >= set(tasks):
            done, living = await asyncio.wait(living, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def main(order: str) -> None:
    """Run one kiosk; `order` is an `Order` as JSON."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve(Order(**json.loads(order))))


if __name__ == "__main__":
    main(sys.argv[1])
