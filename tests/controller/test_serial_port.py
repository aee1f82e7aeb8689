"""A real terminal device instead of a node's USB port: bytes both ways, out and in again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tty
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from controller.adapters import serial_port
from controller.adapters.node_link import WireNodeLink
from controller.adapters.serial_port import SerialPort
from controller.core.commands import OpenHatch
from controller.core.events import HatchOpened, LevelsRead, NodeReport, Samples
from sim.hosts import CPythonHost, NodeSpec
from tests.firmware.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PATIENCE_S = 60.0
"""On a machine with much else to do."""

STALLS_MS = 50.0
"""However long the machine does something else, no more of the node's time goes by without a scan:
its lease would end with nobody to blame."""


@contextmanager
def plugged(path: Path) -> Iterator[int]:
    """A device at `path` while the block lasts; gives the node's end as a descriptor."""
    node, device = os.openpty()
    tty.setraw(device)
    path.symlink_to(os.ttyname(device))
    try:
        yield node
    finally:
        path.unlink()
        os.close(device)
        os.close(node)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_port, "AGAIN_S", 0.02)


async def says(port: SerialPort, words: str) -> None:
    """Wait until the port's trouble is (or holds) these words; "" for none."""
    async with asyncio.timeout(PATIENCE_S):
        # A real device tells nobody when it changes.
        while words not in port.trouble or (not words and port.trouble):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def test_bytes_go_both_ways_and_nothing_waits(tmp_path: Path) -> None:
    """A read waits for bytes, a write for nobody; before there is a port it is dropped."""

    async def story() -> None:
        path = tmp_path / "ttyNode"
        with plugged(path) as node, closing(SerialPort(str(path))) as port:
            port.write(b"too early")
            reading = asyncio.create_task(port.read())
            await says(port, "")
            assert not reading.done()
            os.write(node, b"\x00\x11\x13\x03raw")
            async with asyncio.timeout(PATIENCE_S):
                assert await reading == b"\x00\x11\x13\x03raw"
            port.write(b"\x00\x0d\x0a\xff")
            assert os.read(node, 100) == b"\x00\x0d\x0a\xff"
            for _ in range(100):
                port.write(bytes(4096))  # nobody reads: it must not block, and must not raise

    asyncio.run(story())


def test_a_cable_that_comes_back_is_used_again(tmp_path: Path) -> None:
    """No port, a port, none, another: the same reader goes on, and says what is wrong."""

    async def story() -> None:
        path = tmp_path / "ttyNode"
        with closing(SerialPort(str(path))) as port:
            reading = asyncio.create_task(port.read())
            await says(port, "cannot be opened: plug in the node")
            with plugged(path) as node:
                await says(port, "")
                os.write(node, b"one")
                async with asyncio.timeout(PATIENCE_S):
                    assert await reading == b"one"
                reading = asyncio.create_task(port.read())
            await says(port, "cannot be opened")
            port.write(b"into the air")
            with plugged(path) as node:
                await says(port, "")
                os.write(node, b"two")
                async with asyncio.timeout(PATIENCE_S):
                    assert await reading == b"two"

    asyncio.run(story())


async def node_on(descriptor: int) -> None:
    """A bay and its node in real time, at the other end of the cable."""
    os.set_blocking(descriptor, False)
    bay, host = StandIn(), CPythonHost(NodeSpec("a", boot_id=77))
    loop = asyncio.get_running_loop()
    at_s, due_ms = loop.time(), 0.0
    while True:
        was_s, at_s = at_s, loop.time()
        due_ms += min((at_s - was_s) * 1000, STALLS_MS)
        while bay.now_ms < due_ms:
            bay.pass_ms()
        rx = b""
        with contextlib.suppress(BlockingIOError):
            rx = os.read(descriptor, 4096)
        outputs = host.exchange(bay.sense(rx))
        bay.drive(outputs)
        with contextlib.suppress(BlockingIOError):
            os.write(descriptor, outputs.tx)
        await asyncio.sleep(0.005)


def test_a_node_at_a_real_port_opens_its_hatch(tmp_path: Path) -> None:
    """The whole way in real time: handshake, lease, command, event."""

    async def story(path: Path, node: int) -> list[str]:
        with closing(SerialPort(str(path))) as port:
            link = WireNodeLink("a", port, lambda: 4711)
            tasks = [asyncio.create_task(link.run()), asyncio.create_task(node_on(node))]
            told = []
            asked = False
            async with asyncio.timeout(PATIENCE_S):
                async for event in link.events():
                    tested = isinstance(event, NodeReport) and event.hatch == "CLOSED"
                    if tested and not asked:  # not before the end of the node's self-test
                        asked = True
                        link.submit(OpenHatch("a"))
                    if not isinstance(event, LevelsRead | NodeReport | Samples):
                        told.append(type(event).__name__)
                    if isinstance(event, HatchOpened):
                        break
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return told

    path = tmp_path / "ttyNode"
    with plugged(path) as node:
        assert asyncio.run(story(path, node))[-2:] == ["NodeUp", "HatchOpened"]
