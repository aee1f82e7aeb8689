"""`kiosk sim diff`: where two traces part."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contract.console import FALSE, AsJson

if TYPE_CHECKING:
    from sim.diff import Difference

A = Annotated[Path, typer.Argument(metavar="A", help="A trace; FILE.gz is unpacked.")]
B = Annotated[Path, typer.Argument(metavar="B", help="Another one.")]


def diff(a: A, b: B, as_json: AsJson = False) -> None:
    """Show the first line in which two traces differ; exit 0 where none does, 1 where one does."""
    from sim.diff import first_difference

    found = first_difference(a, b)
    if as_json:
        document = {"same": found is None} | (asdict(found) if found is not None else {})
        typer.echo(json.dumps(document, ensure_ascii=False))
    elif found is None:
        typer.echo("the same to the byte")
    else:
        _print(found, str(a), str(b))
    raise typer.Exit(0 if found is None else FALSE)


def _print(found: Difference, a: str, b: str) -> None:
    from sim.diff import place, told
    from sim.trace_words import in_short

    for event in found.before:
        typer.echo(f"   {in_short(event)}")
    for sign, one in (("A", found.a), ("B", found.b)):
        typer.echo(f"{sign}  {in_short(one) if one is not None else 'the end'}")
    for name, (ours, theirs) in found.words.items():
        typer.echo(f"   {name}: {ours} in A, {theirs} in B")
    typer.echo(f"first difference: {told(found, a, b) if not found.words else place(found)}")
