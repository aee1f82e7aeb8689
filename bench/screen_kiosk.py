"""The kiosk whose screen is measured: all of it is the real one but what its cameras look at.

`python -m bench.screen_kiosk FOLDER DEVICE PORT` runs a kiosk in FOLDER on the node behind the
serial device DEVICE, with its pages on PORT. It writes a line of JSON when it can take a deposit,
and one each time the node has told of another position of the hatch; it reads codes, a line each.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from controller.adapters.node_link import WireNodeLink
from controller.adapters.serial_port import SerialPort
from controller.build import Cabinet, open_kiosk, service_desk
from controller.core import events
from controller.core.bay import TRAVEL_MM
from controller.screens.server import own_pages, pages, serve
from controller.screens.service.mount import add_service
from sim.stage.folder import demo_config
from vision.images import load_image

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from controller.app import Kiosk
    from controller.core.commands import NodeCommand
    from controller.core.config import KioskConfig
    from controller.core.service.given import FrameCount
    from controller.ports import Image, NodeLink

NO_BROKER_PORT = 9
"""Nobody answers there (RFC 863's port): the kiosk is offline, as it may be at any time."""


def tell(**facts: object) -> None:
    """Write a line for whoever measures."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class StillCamera:
    """A camera that looks at one picture, as often as it is asked."""

    def __init__(self, picture: Image) -> None:
        self._picture = picture

    async def frames(self, count: int) -> Sequence[Image]:
        """`count` copies of the picture, 30 a second."""
        await asyncio.sleep(count / 30)
        return [self._picture.copy() for _ in range(count)]


class ToldLink:
    """A link that tells when each new position of the hatch came from the node."""

    def __init__(self, link: NodeLink) -> None:
        self.bay = link.bay
        self._link = link

    async def run(self) -> None:
        """As the link."""
        await self._link.run()

    @property
    def frames_heard(self) -> FrameCount:
        """As the link."""
        return self._link.frames_heard

    def submit(self, command: NodeCommand) -> None:
        """As the link."""
        self._link.submit(command)

    async def events(self) -> AsyncIterator[events.NodeEvent]:
        """As the link, told in passing."""
        before = -1
        async for event in self._link.events():
            if isinstance(event, events.NodeReport):
                percent = min(100, max(0, event.position_mm * 100 // TRAVEL_MM))
                if percent != before:
                    before = percent
                    tell(percent=percent, at_s=time.time())
            yield event


def config_of(device: str, port: int) -> KioskConfig:
    """The demo's kiosk on this device; what stands in for its node has long been warm."""
    config = demo_config(NO_BROKER_PORT, port)
    (bay,) = config.bays
    scale = bay.scale.model_copy(update={"warm_up_s": 0.0})
    bay = bay.model_copy(update={"port": device, "scale": scale})
    return config.model_copy(update={"bays": (bay,)})


async def told_when_ready(kiosk: Kiosk) -> None:
    """Say so once a resident could begin."""
    while not all(bay.usable for bay in kiosk.session.bays.values()):  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # the kiosk tells nobody, and is not to be changed for this
    tell(ready=True)


async def shown_codes(kiosk: Kiosk) -> None:
    """Each line from outside is a code that somebody shows."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        kiosk.post(events.CodeShown(line, int(time.time()), "synchronised"))


async def main(folder: Path, device: str, port: int) -> None:
    """Run until the other end hangs up."""
    config = config_of(device, port)
    (bay,) = config.bays
    link = WireNodeLink(bay.name, SerialPort(device), lambda: secrets.randbits(32))
    empty = StillCamera(load_image(folder / bay.empty_picture))
    cabinet = Cabinet({bay.name: ToldLink(link)}, {bay.name: empty}, empty)
    web = pages()
    async with open_kiosk(config, folder, cabinet) as kiosk, asyncio.TaskGroup() as tasks:
        add_service(own_pages(), service_desk(kiosk, folder))
        serving = tasks.create_task(serve(web, port), name="screen")
        running = tasks.create_task(kiosk.run(), name="kiosk")
        waiting = tasks.create_task(told_when_ready(kiosk), name="ready")
        await shown_codes(kiosk)
        for task in (waiting, running, serving):
            task.cancel()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
