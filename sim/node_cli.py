"""`kiosk sim node`: one simulated bay by the wall clock, its node behind a serial device."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contract.console import AsJson

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.bay import SimBay
    from sim.serial_line import SerialLine

LAST_SEED = 2**32 - 1

Device = Annotated[Path, typer.Argument(metavar="PORT", help="Where the device is to appear.")]
Bay = Annotated[str, typer.Option(help="The bay that the node says it belongs to.")]
Node = Annotated[str, typer.Option(help="micropython or cpython runs the firmware.")]
Seed = Annotated[int, typer.Option(min=0, max=LAST_SEED, help="All chance of the bay.")]


def node_at_device(
    port: Device,
    bay: Bay = "a",
    node: Node = "micropython",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Play one bay in real time; open PORT as a node's serial port. Ctrl-C ends it."""
    facts = {"port": str(port), "bay": bay, "node": node, "seed": seed}

    def ready() -> None:
        typer.echo(json.dumps(facts) if as_json else f"node of bay {bay} at {port}; Ctrl-C ends it")

    asyncio.run(_play(port, bay, node, seed, ready))


async def _play(port: Path, name: str, node: str, seed: int, ready: Callable[[], None]) -> None:
    from sim.bay import SimBay
    from sim.clock import now_us
    from sim.serial_line import SerialLine
    from sim.world import BayFigures, BayWorld

    loop = asyncio.get_running_loop()
    world = BayWorld(seed, name, BayFigures(), now_us(loop))
    bay = SimBay(name, world, seed, node, lambda _at_us, _channel, _data: None)
    try:
        line = SerialLine(bay.wire, port)
        ended = asyncio.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, ended.set)
        ready()
        await _until(ended, line, bay)
    finally:
        bay.close()


async def _until(ended: asyncio.Event, line: SerialLine, bay: SimBay) -> None:
    """Let the bay live until it shall end, or until something in it fails."""
    over = asyncio.create_task(ended.wait(), name="until told to end")
    living = [asyncio.create_task(work) for work in (line.run(), bay.run())]
    try:
        await asyncio.wait([over, *living], return_when=asyncio.FIRST_COMPLETED)
        for task in living:
            if task.done():
                task.result()
    finally:
        over.cancel()
        for task in living:
            task.cancel()
        await asyncio.gather(over, *living, return_exceptions=True)
