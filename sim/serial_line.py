"""A simulated line that ends in a pseudo-terminal: a node for whoever opens serial ports.

Wall clock only. The controller's own `SerialPort` opens `path` as it opens `/dev/ttyACM0`; the
line's verbs hold as ever, and an unplugged cable is a device that is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from typing import TYPE_CHECKING

from sim.errors import SimError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.wire_link import WireLink

CHUNK = 4096
LOOK_S = 0.05
"""How soon an unplugged cable is a device that is gone, and a plugged one is there again."""


class SerialLine:
    """The host's end of `wire` as a serial device. `run` it; `close` it in the end.

    Args:
        wire: The line to the node.
        path: Where the device is to be found: a link to whichever pseudo-terminal it is now.

    Raises:
        SimError: Something is at `path` already, or nothing can be made there.
    """

    def __init__(self, wire: WireLink, path: Path) -> None:
        self.path = path
        self._wire = wire
        self._loop = asyncio.get_running_loop()
        self._ours = self._theirs = -1
        self._plug_in()

    async def run(self) -> None:
        """Carry bytes both ways until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._to_host(), name=f"to {self.path}")
                tasks.create_task(self._follow_cable(), name=f"cable of {self.path}")
        finally:
            self.close()

    def close(self) -> None:
        """Take the device away; idempotent."""
        if self._ours < 0:
            return
        self.path.unlink(missing_ok=True)
        self._loop.remove_reader(self._ours)
        # First our end: whoever holds the other one open hears that the line has hung up.
        for end in (self._ours, self._theirs):
            os.close(end)
        self._ours = self._theirs = -1

    def _plug_in(self) -> None:
        ours, theirs = os.openpty()
        try:
            self.path.symlink_to(os.ttyname(theirs))
        except OSError as error:
            for end in (ours, theirs):
                os.close(end)
            raise SimError(
                f"no serial device can be made at {self.path}: {error.strerror}"
            ) from error
        # No echo, no line editing, from the first byte on and not from when somebody opens it.
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        # Ours stays open too, so that a controller may close its port and open it again.
        self._ours, self._theirs = ours, theirs
        self._loop.add_reader(ours, self._from_host)

    def _from_host(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wire.host.write(os.read(self._ours, CHUNK))

    async def _to_host(self) -> None:
        while True:
            data = await self._wire.host.read()
            if self._ours >= 0:
                # What the terminal cannot hold is lost, as from a driver that nobody reads.
                with contextlib.suppress(BlockingIOError):
                    os.write(self._ours, data)

    async def _follow_cable(self) -> None:
        while True:
            plugged = not self._wire.host.trouble
            if plugged and self._ours < 0:
                self._plug_in()
            elif not plugged:
                self.close()
            await asyncio.sleep(LOOK_S)
