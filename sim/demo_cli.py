"""`kiosk demo`: a simulated kiosk in real time with broker, platform and screens."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from contract.console import FALSE, AsJson
from sim.stage.lifetime import place, run_until_ended

if TYPE_CHECKING:
    from sim.demo import Demo, Options
    from sim.demo_headless import Report

app = typer.Typer(add_completion=False)
_out = Console()
_err = Console(stderr=True)

NODES = ("cpython", "micropython")


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the kiosk's pages; 0 takes a free one.")
    ] = 8080,
    headless: Annotated[
        bool, typer.Option("--headless", help="Let a simulated resident deposit, then end.")
    ] = False,
    deposits: Annotated[
        int, typer.Option(min=1, max=1000, help="Things that the resident brings.")
    ] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Chance in bays and hands.")] = 1,
    node: Annotated[
        str, typer.Option(help="What runs the firmware: cpython or micropython.")
    ] = "cpython",
    broker_outage: Annotated[
        float, typer.Option(min=0, help="Seconds without a broker during the deposits.")
    ] = 0.0,
    folder: Annotated[
        Path | None, typer.Option(help="Keep keys, journal and ledger here; else they go.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try the whole kiosk on this machine: open the address it prints and make a deposit."""
    if node not in NODES:
        raise typer.BadParameter(f"{node!r} is none of {', '.join(NODES)}", param_hint="--node")
    if not headless and (as_json or broker_outage or deposits != 1):
        raise typer.BadParameter("needs --headless", param_hint="--json, --deposits, outage")
    from sim.demo import Options
    from sim.stage.ports import free_port

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    options = Options(port or free_port(), seed, node)
    with place(folder, "kiosk-demo-") as root:
        if not headless:
            run_until_ended(_show(root, options), if_ended=0)
            return
        report = run_until_ended(_play(root, options, deposits, broker_outage), if_ended=FALSE)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print(report)
    raise typer.Exit(0 if report.passed else FALSE)


async def _show(root: Path, options: Options) -> None:
    """Keep everything up until it is ended."""
    from sim.demo import open_demo

    with _err.status("starting broker, platform and kiosk") as status:
        async with open_demo(root, options) as running:
            status.stop()
            _out.print(_addresses(running))
            await running.run()


async def _play(root: Path, options: Options, deposits: int, outage_s: float) -> Report:
    """Let the resident deposit while everything is up."""
    from sim.demo import open_demo
    from sim.demo_headless import play

    with _err.status("starting broker, platform and kiosk") as status:
        async with open_demo(root, options) as running:
            living = asyncio.create_task(running.run())
            status.update(f"{deposits} deposits in real time, about 20 s each")
            playing = asyncio.create_task(play(running, deposits, outage_s))
            await asyncio.wait({living, playing}, return_when=asyncio.FIRST_COMPLETED)
            for task in (living, playing):
                task.cancel()
            await asyncio.gather(living, playing, return_exceptions=True)
            if playing.cancelled():
                living.result()
            return playing.result()


def _addresses(running: Demo) -> Table:
    table = Table(title="A kiosk, its platform and you", show_header=False, title_justify="left")
    table.add_row(
        "Be the resident", f"[bold]{running.stage}?lang=en[/bold]  (中文: {running.stage})"
    )
    table.add_row("The kiosk's screen", running.screen)
    table.add_row("Staff, with the key", f"{running.screen}service?lang=en")
    table.add_row(
        "Staff, with a badge",
        f"kiosk diag checks --badge {running.folder.badge} --address {running.screen}",
    )
    table.add_row("The resident's account", running.account_page)
    table.add_row("The broker", f"{running.broker.kind} on 127.0.0.1:{running.broker.port}")
    table.add_row("To end it", "Ctrl-C")
    return table


def _print(report: Report) -> None:
    table = Table(title="Receipt")
    for column in ("deposit", "item", "mass", "priced by", "points", "carbon"):
        table.add_column(column, justify="left" if column in ("deposit", "item") else "right")
    for row in report.receipt:
        figures = (f"{row['mass_g']} g", row["priced_by"], str(row["points"]))
        table.add_row(row["deposit_id"], row["names"]["en"], *figures, f"{row['carbon_g']} g")
    _out.print(table)
    _out.print(f"kiosk showed:      {report.points} points, {report.carbon_g} g CO2e")
    _out.print(
        f"platform credited: {report.credited_points} points, {report.credited_carbon_g} g CO2e"
    )
    for failure in report.failures:
        _out.print(f"[red]failed[/red]: {failure}")
