"""`kiosk sim fleet`: several kiosks by the wall clock on this machine, and an audit of them."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contract.console import FALSE, AsJson
from sim.stage.lifetime import place, run_until_ended

if TYPE_CHECKING:
    from sim.fleet.wall import FleetReport, Options

MOST = 32
"""Each kiosk is a process with a model of its own: 300 MB."""

COLUMNS = ("visits", "accepted", "returned", "points", "credited", "lost", "doubled")


def fleet(
    kiosks: Annotated[int, typer.Option(min=1, max=MOST, help="How many kiosks.")] = 3,
    minutes: Annotated[float, typer.Option(min=0, help="So long people come.")] = 1.0,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the platform; 0 takes a free one.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Chance in bays and hands.")] = 1,
    broker_outage: Annotated[
        float, typer.Option(min=0, help="Seconds without a broker half way through.")
    ] = 0.0,
    folder: Annotated[
        Path | None, typer.Option(help="Keep keys, journals, ledger and logs here; else they go.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run kiosks in real time, each a process, with mosquitto and the platform; then audit."""
    from sim.fleet.wall import Options

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    options = Options(kiosks, minutes * 60, seed, port, broker_outage)
    with place(folder, "kiosk-fleet-") as root:
        report = run_until_ended(_play(root, options), if_ended=FALSE)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print_report(report)
    raise typer.Exit(0 if report.passed else FALSE)


async def _play(root: Path, options: Options) -> FleetReport:
    from sim.fleet.wall import play

    with Console(stderr=True).status("") as status:
        return await play(root, options, status.update)


def print_report(report: FleetReport) -> None:
    """Write a table for people, and below it what went wrong."""
    table = Table(
        title=f"{len(report.kiosks)} kiosks, {report.wall_s:.0f} s",
        title_justify="left",
        box=SIMPLE_HEAD,  # with its ids it has room in 80 columns
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    table.add_column("kiosk", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for one in report.kiosks:
        table.add_row(one.kiosk, *(str(getattr(one, column)) for column in COLUMNS))
    table.add_section()
    table.add_row("all", *(str(getattr(report, column)) for column in COLUMNS))
    out = Console()
    out.print(table)
    for lists in dict.fromkeys(tuple(one.lists) for one in report.kiosks):
        who = [one.kiosk for one in report.kiosks if tuple(one.lists) == lists]
        out.print(f"price lists {', '.join(lists) or 'none'}: {', '.join(who)}")
    for failure in report.failures:
        out.print(f"[red]failed[/red]: {escape(failure)}")
