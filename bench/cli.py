"""`kiosk bench [NAME…]`: run measurements and show each beside its peer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.row import Row

SUBJECTS = (
    "hatch",
    "journal",
    "link",
    "node",
)
"""One file a subject, each with `measure() -> list[Row]`."""

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Subjects; all without one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Measure, each figure beside its peer in the same run; exit 1 where a goal is missed."""
    unknown = sorted(set(names or ()) - set(SUBJECTS))
    if unknown:
        message = f"no bench is called {', '.join(unknown)}; there are {', '.join(SUBJECTS)}"
        typer.echo(message, err=True)
        raise typer.Exit(2)
    subjects = names or SUBJECTS
    told = track(subjects, "measuring", console=Console(stderr=True), transient=True)
    rows = [row for name in (told if sys.stderr.isatty() else subjects) for row in _measure(name)()]
    if as_json:
        typer.echo(json.dumps([row.as_dict() for row in rows]))
    else:
        Console().print(_table(rows))
    if not all(row.met for row in rows):
        raise typer.Exit(1)


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
