"""Keeps a broker until it is ended, as a fleet keeps all its processes: `python -m ... FOLDER`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from sim.stage.lifetime import run_until_ended
from sim.stage.ports import free_port
from sim.stage.processes import Broker, find_mosquitto

ENDED = 7
BROKER = "broker.pid"
"""Gets the broker's process id once it runs."""


def keep(folder: Path) -> None:
    """Keep it."""
    run_until_ended(_keep(folder), if_ended=ENDED)


async def _keep(folder: Path) -> None:
    async with Broker(folder, free_port(), find_mosquitto()) as broker:
        draft = folder / "draft"
        draft.write_text(str(broker.pid), encoding="ascii")
        draft.replace(folder / BROKER)
        await asyncio.Event().wait()


if __name__ == "__main__":
    typer.run(keep)
