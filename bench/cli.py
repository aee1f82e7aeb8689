"""`kiosk bench [NAME…]`: run measurements and show each beside its peer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.row import Row

SUBJECTS = (
    "chamber",
    "codes",
    "hatch",
    "health",
    "ingest",
    "journal",
    "ledger",
    "link",
    "node",
    "scale",
    "screen",
    "sim",
    "token",
    "uplink",
    "verdict",
    "vision",
)
"""One file a subject, each with `measure() -> list[Row]`, some with `plot(folder)` as well."""

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Subjects; all without one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--plot", metavar="DIR", help="Draw pictures here as well.")
    ] = None,
) -> None:
    """Measure, each figure beside its peer in the same run; exit 1 where a goal is missed."""
    unknown = sorted(set(names or ()) - set(SUBJECTS))
    if unknown:
        _refuse(f"no bench is called {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    subjects = names or SUBJECTS
    if folder is not None:
        _draw(subjects, folder)
    told = track(subjects, "measuring", console=Console(stderr=True), transient=True)
    rows = [row for name in (told if sys.stderr.isatty() else subjects) for row in _measure(name)()]
    if as_json:
        typer.echo(json.dumps([row.as_dict() for row in rows]))
    else:
        Console().print(_table(rows))
    if not all(row.met for row in rows):
        raise typer.Exit(1)


def _draw(subjects: Sequence[str], folder: Path) -> None:
    """Draw every subject, or none; says on stderr what was drawn."""
    modules = {name: import_module(f"bench.{name}") for name in subjects}
    plain = [name for name, module in modules.items() if not hasattr(module, "plot")]
    if plain:
        _refuse(f"--plot: no pictures of {', '.join(plain)}; name a subject that has some: scale")
    if find_spec("matplotlib") is None:
        _refuse("--plot: matplotlib is missing: pip install 'recycling-kiosk[bench]'")
    if folder.exists() and not folder.is_dir():
        _refuse(f"--plot: {folder} is no folder")
    for module in modules.values():
        for path in module.plot(folder):
            typer.echo(f"drew {path}", err=True)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _measure(name: str) -> Callable[[], list[Row]]:
    measure: Callable[[], list[Row]] = import_module(f"bench.{name}").measure
    return measure


def _table(rows: list[Row]) -> Table:
    table = Table("figure", "value", "unit", "peer", "peer's", "ratio", "goal", "met")
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        table.add_row(
            row.name,
            f"{row.value:,.1f}",
            row.unit,
            row.peer,
            f"{row.peer_value:,.1f}",
            f"{row.ratio:.2f}",
            f"{sign} {row.goal:g}" + (f" {row.unit}" if row.is_limit else ""),
            "yes" if row.met else "no",
        )
    return table
