"""The command line of receipts: `kiosk receipt verify`, `show` and `page`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contract.catalogue import load_signed
from contract.console import FALSE, AsJson, show
from contract.errors import ContractError, ReceiptError, RecordError
from contract.keys import load_public
from contract.receipt import encode, join, open_receipt, split
from contract.receipt_text import Language, as_text
from contract.verify_page import verify_page

if TYPE_CHECKING:
    from contract.catalogue import Catalogue
    from contract.record import Record

receipt = typer.Typer(help="Receipts of deposits.", no_args_is_help=True)

Sources = Annotated[
    list[str],
    typer.Argument(help="GRR1 texts (all parts of one), a record's line, or a file with either."),
]
PublicKey = Annotated[
    str, typer.Option("--key", help="The kiosk's public key: 64 hex digits, or a file.")
]


@receipt.command("verify")
def verify_receipt(sources: Sources, key: PublicKey, as_json: AsJson = False) -> None:
    """Say whether a receipt is as its kiosk signed it."""
    public, text = load_public(key), _receipt(sources)
    try:
        record = open_receipt(text, public)
    except (ReceiptError, RecordError) as error:
        show({"valid": False, "code": error.code, "reason": error.message}, as_json)
        raise typer.Exit(FALSE) from error
    show({"valid": True} | _facts(record), as_json)


@receipt.command("show")
def show_receipt(
    sources: Sources,
    key: PublicKey,
    language: Annotated[Language, typer.Option(help="Of its words.")] = "zh",
    catalogue: Annotated[
        Path | None, typer.Option(help="The signed catalogue that it names, for the item's name.")
    ] = None,
    operator: Annotated[str, typer.Option(help="Public key of the operator.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a receipt in words, once its signature was checked; with `--json` its codes too."""
    record = open_receipt(_receipt(sources), load_public(key))
    words = as_text(record, language, _catalogue(catalogue, operator))
    if as_json:
        codes = split(encode(record.line))
        show(_facts(record) | {"text": words, "codes": codes}, as_json)
    else:
        typer.echo(words)


@receipt.command("page")
def write_page(
    out: Annotated[Path, typer.Option(help="Where the page goes.")], as_json: AsJson = False
) -> None:
    """Write the page that checks receipts in a browser, with no network."""
    data = verify_page()
    try:
        out.write_bytes(data)
    except OSError as error:
        raise ContractError("unwritable", f"{out} cannot be written: {error.strerror}") from error
    show({"page": str(out), "bytes": len(data)}, as_json)


def _facts(record: Record) -> dict[str, Any]:
    names = ("deposit_id", "item_code", "mass_g", "points", "carbon_g", "catalogue_version")
    body = {name: record.body[name] for name in names if name in record.body}
    place = {"kiosk": record.kiosk, "epoch": record.epoch, "seq": record.seq}
    return place | {"kind": record.kind, "at": record.at, "sha256": record.sha256} | body


def _receipt(sources: list[str]) -> str:
    """One receipt's text out of all that was given."""
    texts = [line for source in sources for line in _lines(source) if line.strip()]
    if len(texts) == 1 and texts[0].lstrip().startswith("{"):
        return encode(texts[0].strip().encode())
    return join(texts)


def _lines(source: str) -> list[str]:
    if source.lstrip().startswith(("GRR1", "{")):
        return [source]
    try:
        return Path(source).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ReceiptError(
            "not-a-receipt", f"{source[:80]!r} is no receipt, and no file that can be read: {error}"
        ) from error


def _catalogue(path: Path | None, operator: str) -> Catalogue | None:
    if path is None:
        return None
    if not operator:
        raise ContractError("no-operator", "--catalogue needs --operator, the operator's key")
    try:
        return load_signed(path.read_bytes(), load_public(operator))
    except OSError as error:
        raise ContractError("unreadable", f"{path} cannot be read: {error.strerror}") from error
