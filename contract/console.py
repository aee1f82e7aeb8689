"""How results reach the command line: a line a key, or with `--json` one document on stdout.

Exit 0 says good, 1 that what was asked is false. Errors of `KioskError`'s tree are left to rise:
the command `kiosk` prints them in one line and exits with 2, bad input.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

FALSE = 1
"""Exit code for "what was asked is false"."""


def read_file(path: Path) -> bytes:
    """What a file that was named holds.

    Raises:
        ContractError: `unreadable`.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError(
            "unreadable", f"{path} cannot be read: {error.strerror or error}"
        ) from error


def show(result: Mapping[str, Any], as_json: bool) -> None:
    """Print a result."""
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    width = max(map(len, result), default=0)
    for key, value in result.items():
        typer.echo(f"{key:<{width}}  {'-' if value is None else value}")
