"""The command line of the contract: `kiosk token`, `catalogue`, `receipt`, `keys` and `ledger`."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from contract.cli_catalogue import catalogue
from contract.cli_keys import keys
from contract.cli_receipt import receipt
from contract.cli_token import token
from contract.console import FALSE, AsJson, read_file, show
from contract.errors import RecordError
from contract.head import open_head
from contract.journal import open_journal
from contract.keys import key_id_of, load_public
from contract.verify import verify_journal as verify_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.journal import Journal, Row

__all__ = ["catalogue", "keys", "ledger", "receipt", "token"]

ledger = typer.Typer(help="Journals and what they prove.", no_args_is_help=True)

SLOW_RECORDS = 5000
"""From here on a verification takes about a second: more processes are worth their start, and
where somebody looks on, its progress is shown."""

RECORD_BYTES = 1000

MOST_WORKERS = 4
"""One process hands the records out and follows the chain; it cannot feed many more."""

PublicKey = Annotated[str, typer.Option("--key", help="Public key: 64 hex digits, or a file.")]


@ledger.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@ledger.command("verify")
def verify_journal(
    journal: Annotated[Path, typer.Argument(help="A kiosk's journal (SQLite), or its export.")],
    key: PublicKey,
    head: Annotated[
        str,
        typer.Option(help="A record known from elsewhere: SEQ:SHA256, or a signed head's file."),
    ] = "",
    ledger_key: Annotated[
        str, typer.Option(help="The ledger's public key, where the head is a file.")
    ] = "",
    archive: Annotated[
        Path | None, typer.Option(help="The folder that its oldest records were archived in.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify every record of a journal; name the first that is not as it was written."""
    public, known = load_public(key), _read_head(head, ledger_key)
    found = open_journal(journal)
    is_long = _about(found) >= SLOW_RECORDS
    workers = min(MOST_WORKERS, os.cpu_count() or 1) if is_long else 1
    told = partial(_progress, found) if is_long and sys.stderr.isatty() else iter
    report = verify_file(found, public, known, workers=workers, told=told, archive=archive)
    show(asdict(report), as_json)
    if not report.ok:
        raise typer.Exit(FALSE)


def _about(journal: Journal) -> int:
    """How many records there are, to the size of the file where only reading would tell."""
    return journal.records or journal.path.stat().st_size // RECORD_BYTES


def _progress(journal: Journal, rows: Iterable[Row]) -> Iterable[Row]:
    console = Console(stderr=True)
    return track(rows, "verifying", journal.records, console=console, transient=True)


def _read_head(text: str, ledger_key: str) -> tuple[int, str] | None:
    """A head's number and hash: as they were typed, or out of a file that the ledger signed."""
    if not text:
        return None
    if ledger_key:
        public = load_public(ledger_key)
        signed = open_head(read_file(Path(text)).strip(), {key_id_of(public): public})
        return signed.upto, signed.sha256
    seq, _, sha256 = text.partition(":")
    if not seq.isdecimal() or len(sha256) != 64:
        raise RecordError(
            "bad-head",
            f"head {text!r} is not SEQ:SHA256, as in 12:9f02...; a file needs --ledger-key",
        )
    return int(seq), sha256
