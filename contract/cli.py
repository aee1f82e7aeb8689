"""The command line of the contract: `kiosk token`, `catalogue`, `keys` and `ledger`."""

from __future__ import annotations

import secrets
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from contract.catalogue import example, load_plain, load_signed, sign
from contract.chain import verify_chain
from contract.console import FALSE, AsJson, show
from contract.errors import CatalogueError, ContractError, RecordError, TokenError
from contract.journal import Journal, open_journal
from contract.keys import FileSigner, key_id_of, load_public
from contract.token import TTL_S, issue, verify

if TYPE_CHECKING:
    from collections.abc import Iterable

token = typer.Typer(help="Residents' codes.", no_args_is_help=True)
catalogue = typer.Typer(help="The city's signed catalogue.", no_args_is_help=True)
keys = typer.Typer(help="Ed25519 keys.", no_args_is_help=True)
ledger = typer.Typer(help="Journals and what they prove.", no_args_is_help=True)

SLOW_RECORDS = 5000
"""From here on a verification takes over two seconds, so it shows its progress."""

PrivateKey = Annotated[Path, typer.Option("--key", help="PEM file of the private key.")]
PublicKey = Annotated[str, typer.Option("--key", help="Public key: 64 hex digits, or a file.")]


@keys.callback()
@ledger.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@token.command("issue")
def issue_token(
    account: Annotated[str, typer.Argument(help="Account, 16 hex digits.")],
    key: PrivateKey,
    ttl: Annotated[int, typer.Option(min=1, help="Seconds until it expires.")] = TTL_S,
    as_json: AsJson = False,
) -> None:
    """Make a resident's code."""
    now_s = int(time.time())
    signer = FileSigner.load(key)
    text = issue(signer, account, now_s, ttl_s=ttl, jti=secrets.token_bytes(8))
    show({"text": text, "account": account, "expires_at": now_s + ttl}, as_json)


@token.command("verify")
def verify_token(
    text: Annotated[str, typer.Argument(help="What the reader read.")],
    key: Annotated[list[str], typer.Option(help="Public key of an issuer; may be repeated.")],
    as_json: AsJson = False,
) -> None:
    """Check a resident's code, or say what it is instead."""
    issuers = {key_id_of(public): public for public in map(load_public, key)}
    try:
        found = verify(text, issuers, int(time.time()), clock_known=True)
    except TokenError as error:
        show(
            {"valid": False, "code": error.code, "what": error.what, "reason": error.message},
            as_json,
        )
        raise typer.Exit(FALSE) from error
    show({"valid": True} | asdict(found), as_json)


@catalogue.command("sign")
def sign_catalogue(
    file: Annotated[Path, typer.Argument(help="Catalogue as JSON.")],
    key: PrivateKey,
    out: Annotated[Path, typer.Option(help="Where the signed catalogue goes.")],
    as_json: AsJson = False,
) -> None:
    """Check a catalogue and sign it."""
    content = load_plain(_read(file))
    signer = FileSigner.load(key)
    _write(out, sign(content, signer))
    show({"version": content.version, "items": len(content.items), "key": signer.key_id}, as_json)


@catalogue.command("verify")
def verify_catalogue(
    file: Annotated[Path, typer.Argument(help="Signed catalogue.")],
    key: PublicKey,
    as_json: AsJson = False,
) -> None:
    """Check a signed catalogue: signature and every row."""
    public, data = load_public(key), _read(file)
    try:
        content = load_signed(data, public)
    except CatalogueError as error:
        show({"valid": False, "code": error.code, "reason": error.message}, as_json)
        raise typer.Exit(FALSE) from error
    result = {"valid": True, "version": content.version, "valid_from": content.valid_from}
    show(result | {"items": len(content.items)}, as_json)


@catalogue.command("show")
def show_catalogue(
    file: Annotated[Path | None, typer.Argument(help="Signed; without it, the example.")] = None,
    key: Annotated[str, typer.Option(help="Public key of the operator.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a catalogue's rows."""
    if file is None:
        content = example()
    elif key:
        content = load_signed(_read(file), load_public(key))
    else:
        content = load_plain(_read(file))
    if as_json:
        show(content.model_dump(), as_json)
        return
    table = Table("code", "stream", "zh", "en", "points/kg", "points/piece", "g CO2e/kg")
    for item in content.items:
        prices = (item.price.points_per_kg, item.price.points_per_piece, item.carbon_g_per_kg)
        figures = ("-" if figure is None else str(figure) for figure in prices)
        table.add_row(item.code, item.stream, item.names.zh, item.names.en, *figures)
    Console().print(f"{content.version} of {content.city}, from {content.valid_from}", table)


@keys.command("new")
def new_key(
    path: Annotated[Path, typer.Argument(help="PEM file to make; the .pub goes beside it.")],
    as_json: AsJson = False,
) -> None:
    """Make a key pair: PATH (private) and PATH with `.pub` (64 hex digits)."""
    signer = FileSigner.new(path)
    _write(path.with_suffix(".pub"), signer.public.hex().encode() + b"\n")
    show({"public": signer.public.hex(), "key_id": signer.key_id}, as_json)


@ledger.command("verify")
def verify_journal(
    journal: Annotated[Path, typer.Argument(help="A kiosk's journal (SQLite), or its export.")],
    key: PublicKey,
    head: Annotated[str, typer.Option(help="A record known from elsewhere: SEQ:SHA256.")] = "",
    as_json: AsJson = False,
) -> None:
    """Verify every record of a journal; name the first that is not as it was written."""
    public, known = load_public(key), _read_head(head)
    found = open_journal(journal)
    report = verify_chain(_with_progress(found), public, known)
    show(asdict(report), as_json)
    if not report.ok:
        raise typer.Exit(FALSE)


def _with_progress(journal: Journal) -> Iterable[bytes]:
    quick = journal.records is not None and journal.records < SLOW_RECORDS
    if quick or not sys.stderr.isatty():
        return journal.lines()
    console = Console(stderr=True)
    return track(journal.lines(), "verifying", journal.records, console=console, transient=True)


def _read_head(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    seq, _, sha256 = text.partition(":")
    if not seq.isdecimal() or len(sha256) != 64:
        raise RecordError("bad-head", f"head {text!r} is not SEQ:SHA256, as in 12:9f02...")
    return int(seq), sha256


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError(
            "unreadable", f"{path} cannot be read: {error.strerror or error}"
        ) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ContractError(
            "unwritable", f"{path} cannot be written: {error.strerror or error}"
        ) from error
