"""A simulated node behind a pseudo-terminal, seen through the controller's own serial port.

On the wall clock: a process, a terminal and the kernel are what is tried here.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from controller.adapters.node_link import WireNodeLink
from controller.adapters.serial_port import SerialPort
from controller.core.events import NodeEvent, NodeLost, NodeUp
from sim.bay import SimBay
from sim.errors import SimError
from sim.hosts import find_micropython
from sim.serial_line import SerialLine
from sim.wire_link import WireLink
from sim.world import BayFigures, BayWorld

KIND = "micropython" if find_micropython() is not None else "cpython"
PATIENCE_S = 60.0
"""A loaded machine may take its time; what is awaited comes in a second on an idle one."""

Until = Callable[[type], Awaitable[NodeEvent]]


@asynccontextmanager
async def node_at(path: Path, seed: int) -> AsyncIterator[tuple[SimBay, Until]]:
    """A bay whose node is at `path`, a controller's link that opens it, and what it hears."""
    start_us = round(asyncio.get_running_loop().time() * 1e6)
    bay = SimBay("a", BayWorld(seed, "a", BayFigures(), start_us), seed, KIND, lambda *_: None)
    line = SerialLine(bay.wire, path)
    port, nonces = SerialPort(str(path)), itertools.count(1)
    link = WireNodeLink("a", port, lambda: next(nonces))
    events = link.events()

    async def until(kind: type) -> NodeEvent:
        async with asyncio.timeout(PATIENCE_S):
            async for event in events:
                if isinstance(event, kind):
                    return event
        raise AssertionError("a link never ends")

    tasks = [asyncio.create_task(work) for work in (bay.run(), line.run(), link.run())]
    try:
        yield bay, until
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        port.close()
        bay.close()


def test_a_node_is_found_at_its_device_lost_with_its_cable_and_found_again(
    tmp_path: Path, seed: int
) -> None:
    """Up over a real terminal; unplugged, the device is gone and said to be; plugged in, up."""
    path = tmp_path / "ttyNODE"

    async def story() -> None:
        async with node_at(path, seed) as (bay, until):
            up = await until(NodeUp)
            assert isinstance(up, NodeUp)
            assert (up.bay, up.reset_cause) == ("a", "power")
            bay.wire.unplug()
            lost = await until(NodeLost)
            assert isinstance(lost, NodeLost)
            assert "check the node's USB cable" in lost.reason or "cannot be opened" in lost.reason
            assert not path.is_symlink()
            bay.wire.mend()
            again = await until(NodeUp)
            assert isinstance(again, NodeUp)
            assert again.boot_id == up.boot_id
        assert not path.is_symlink()

    asyncio.run(story())


def test_a_device_is_not_made_over_something_else(tmp_path: Path, seed: int) -> None:
    """A file that is there stays there, and the error names it."""
    path = tmp_path / "precious"
    path.write_text("mine")

    async def story() -> None:
        wire = WireLink(asyncio.get_running_loop(), random.Random(seed))
        with pytest.raises(SimError, match=r"at .*precious: File exists"):
            SerialLine(wire, path)

    asyncio.run(story())
    assert path.read_text() == "mine"


def test_the_command_offers_a_node_until_it_is_told_to_end(tmp_path: Path) -> None:
    """A process of its own, a device that answers, and nothing left behind."""
    path = tmp_path / "ttyNODE"
    command = [sys.executable, "-m", "kiosk_cli", "sim", "node", str(path), "--json"]
    with subprocess.Popen([*command, "--node", KIND], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told == {"port": str(path), "bay": "a", "node": KIND, "seed": 1}
        up = asyncio.run(first_up(path))
        assert up.bay == "a"
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert not path.is_symlink()


async def first_up(path: Path) -> NodeUp:
    """What the controller's own link hears first of the node at `path`."""
    port, nonces = SerialPort(str(path)), itertools.count(1)
    link = WireNodeLink("a", port, lambda: next(nonces))
    run = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for event in link.events():
                if isinstance(event, NodeUp):
                    return event
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        port.close()
    raise AssertionError("a link never ends")
