"""`kiosk sim wall`: scenarios by the wall clock, each node behind a serial device."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from contract.console import FALSE, AsJson

LAST_SEED = 2**32 - 1

Stories = Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Names, or TOML files.")]
Seed = Annotated[int | None, typer.Option(min=0, max=LAST_SEED, show_default=False)]
Node = Annotated[str, typer.Option(help="micropython or cpython runs the firmware.")]


def by_wall(
    scenarios: Stories, seed: Seed = None, node: Node = "micropython", as_json: AsJson = False
) -> None:
    """Run scenarios in real time over serial devices; exit 1 where one did not go as it must."""
    from sim.scenario import load_scenario
    from sim.wall import run_by_wall

    stories = [load_scenario(which) for which in scenarios]
    outcomes = [run_by_wall(story, seed, node) for story in stories]
    if as_json:
        told = [asdict(one) for one in outcomes]
        typer.echo(json.dumps(told[0] if len(told) == 1 else told))
    for one in () if as_json else outcomes:
        typer.echo(f"{one.scenario}: {'; '.join(one.failures) or 'passed'} ({one.wall_s:.0f} s)")
    if not all(one.passed for one in outcomes):
        raise typer.Exit(FALSE)
