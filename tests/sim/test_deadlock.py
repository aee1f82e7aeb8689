"""A run in which everybody waits for somebody is told at the command line, by who and for what."""

from __future__ import annotations

import asyncio
from importlib.metadata import EntryPoint

import pytest
import typer

import kiosk_cli
from sim import clock

app = typer.Typer()


@app.command()
def stuck() -> None:
    """Two wait for each other, on a virtual clock."""

    async def story() -> None:
        async with asyncio.TaskGroup() as tasks:
            chicken, egg = asyncio.Event(), asyncio.Event()
            tasks.create_task(after(chicken, egg), name="hen")
            tasks.create_task(after(egg, chicken), name="chick")

    clock.run(story())


async def after(awaited: asyncio.Event, then: asyncio.Event) -> None:
    await awaited.wait()
    then.set()


def test_a_deadlock_ends_the_command_and_names_who_waits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 2, and for each task where in the code it waits; no traceback, and no hanging."""
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run([EntryPoint("stuck", f"{__name__}:app", "kiosk.commands")], ["stuck"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("kiosk: deadlock at 0.000000 s: nothing is scheduled")
    for name in ("hen", "chick"):
        assert f"  {name}: Event.wait at " in said
    assert "Traceback" not in said
