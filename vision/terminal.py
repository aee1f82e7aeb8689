"""What the commands of `kiosk vision` share: tables, progress, and what a broken picture does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

BAD_INPUT = 2
MODEL_HELP = "Folder with model.onnx and card.json; the shipped model without it."

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
ModelFolder = Annotated[Path | None, typer.Option("--model", help=MODEL_HELP)]


def print_table(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows as they are: what a stranger's code says is never read as markup."""
    from rich.text import Text

    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    Console().print(table)


def bar() -> Progress:
    """A progress bar on stderr, drawn only where that is a terminal."""
    console = Console(stderr=True)
    return Progress(console=console, disable=not console.is_terminal, transient=True)


def tracked(things: Sequence[Any], doing: str) -> Iterable[Any]:
    """The things, with a progress bar on stderr where that is a terminal and there are many."""
    console = Console(stderr=True)
    hidden = not console.is_terminal or len(things) < 20
    return track(things, doing, console=console, disable=hidden, transient=True)


def name_each(broken: Sequence[object]) -> None:
    """Say on stderr what could not be read."""
    for message in broken:
        typer.echo(f"kiosk: {message}", err=True)


def exit_for(broken: Sequence[object]) -> None:
    """Name what could not be read, and exit with 2 where anything could not."""
    name_each(broken)
    if broken:
        raise typer.Exit(BAD_INPUT)


def silence_decoders() -> None:
    """What is wrong with a picture is said once, in our words, and not by the decoder too."""
    from cv2.utils import logging

    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
