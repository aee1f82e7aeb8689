"""The command line of catalogues: `kiosk catalogue sign`, `verify`, `show`, `factors` and `mix`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from contract.catalogue import example, load_plain, load_signed, sign
from contract.console import FALSE, AsJson, read_file, show
from contract.errors import CatalogueError, ContractError
from contract.factors import MixWatch, check_factors, factor_sets
from contract.instant import utc_s_of
from contract.journal import open_journal
from contract.keys import FileSigner, load_public
from contract.record import open_envelope

if TYPE_CHECKING:
    from contract.catalogue import Catalogue

catalogue = typer.Typer(help="The city's signed catalogue.", no_args_is_help=True)

DAY_S = 86_400

PublicKey = Annotated[str, typer.Option("--key", help="Public key: 64 hex digits, or a file.")]


@catalogue.command("sign")
def sign_catalogue(
    file: Annotated[Path, typer.Argument(help="Catalogue as JSON.")],
    key: Annotated[Path, typer.Option("--key", help="PEM file of the private key.")],
    out: Annotated[Path, typer.Option(help="Where the signed catalogue goes.")],
    as_json: AsJson = False,
) -> None:
    """Check a catalogue, its carbon factors against their sets, and sign it."""
    content = load_plain(read_file(file))
    checked = check_factors(content, factor_sets())
    signer = FileSigner.load(key)
    try:
        out.write_bytes(sign(content, signer))
    except OSError as error:
        raise ContractError("unwritable", f"{out} cannot be written: {error.strerror}") from error
    result = {"version": content.version, "items": len(content.items), "key": signer.key_id}
    show(result | {"factors_checked": checked}, as_json)


@catalogue.command("verify")
def verify_catalogue(
    file: Annotated[Path, typer.Argument(help="Signed catalogue.")],
    key: PublicKey,
    as_json: AsJson = False,
) -> None:
    """Check a signed catalogue: signature and every row."""
    public, data = load_public(key), read_file(file)
    try:
        content = load_signed(data, public)
    except CatalogueError as error:
        show({"valid": False, "code": error.code, "reason": error.message}, as_json)
        raise typer.Exit(FALSE) from error
    result = {"valid": True, "version": content.version, "valid_from": content.valid_from}
    show(result | {"items": len(content.items), "districts": len(content.districts)}, as_json)


@catalogue.command("show")
def show_catalogue(
    file: Annotated[Path | None, typer.Argument(help="Signed; without it, the example.")] = None,
    key: Annotated[str, typer.Option(help="Public key of the operator.")] = "",
    kiosk: Annotated[str, typer.Option(help="Show it as it holds at this kiosk.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a catalogue's rows."""
    content = _load(file, key).for_kiosk(kiosk)
    if as_json:
        show(content.model_dump(), as_json)
        return
    columns = ("points/kg", "points/piece", "g CO2e/kg", "fen/t")
    table = Table("code", "stream", "zh", "en", *columns)
    for item in content.items:
        price = item.price
        figures = (price.points_per_kg, price.points_per_piece, item.carbon_g_per_kg)
        shown = ("-" if figure is None else str(figure) for figure in figures)
        subsidy = str(item.subsidy_fen_per_t or "-")
        table.add_row(item.code, item.stream, item.names.zh, item.names.en, *shown, subsidy)
    Console().print(f"{content.version} of {content.city}, from {content.valid_from}", table)


@catalogue.command("factors")
def show_factors(
    name: Annotated[str, typer.Argument(help="A factor set; without it, their list.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the carbon factor sets that ship, each figure with where it comes from."""
    sets = factor_sets()
    if not name:
        show({one.id: one.title for one in sets.values()}, as_json)
        return
    if name not in sets:
        raise CatalogueError("unknown-factor-set", f"no factor set {name!r}: {', '.join(sets)}")
    found = sets[name]
    if as_json:
        show(found.model_dump(), as_json)
        return
    table = Table("factor", "g CO2e/kg", "given", "source")
    for row in found.rows:
        table.add_row(row.name, str(row.g_per_kg), row.given, row.source)
    Console().print(found.title, found.note, table)


@catalogue.command("mix")
def show_mix(
    journal: Annotated[Path, typer.Argument(help="A kiosk's journal, or its export.")],
    key: PublicKey,
    days: Annotated[int, typer.Option(min=1, help="The window, in days.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Say what a kg of a journal's latest deposits avoided on average, and whether to believe it.

    The deposits' own figures count; `kiosk ledger verify` says whether the journal is whole.
    """
    public, watch = load_public(key), MixWatch(days * DAY_S)
    with open_journal(journal).open() as reading:
        for row in reading.rows():
            record = open_envelope(row.line, public)
            if record.kind == "deposit":
                at_s = utc_s_of(record.at)
                watch.add(at_s, record.body["mass_g"], record.body["carbon_g"])
    mix = watch.mix
    figures = {"mass_g": mix.mass_g, "carbon_g": mix.carbon_g, "g_per_kg": mix.g_per_kg}
    show(figures | {"alarm": mix.alarm}, as_json)
    if mix.alarm:
        raise typer.Exit(FALSE)


def _load(file: Path | None, key: str) -> Catalogue:
    if file is None:
        return example()
    return load_signed(read_file(file), load_public(key)) if key else load_plain(read_file(file))
