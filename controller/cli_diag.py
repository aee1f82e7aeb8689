"""`kiosk diag`: the checks of service over SSH, through the running kiosk's own local API."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.live import Live

from contract.console import FALSE, AsJson, read_file, show
from controller.diag_tables import (
    audit_table,
    checks_table,
    faults_table,
    inputs_table,
    state_table,
)
from controller.screens.service.call import DeskCall, DeskError
from controller.screens.service.report_html import report_page
from controller.screens.service.words import ServiceWords
from controller.screens.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.table import Table

diag = typer.Typer(help="Diagnose a running kiosk.", no_args_is_help=True)

POLL_S = 0.5
"""So often a check that runs is asked after, and a live view is drawn."""

PATIENCE_S = 300.0
"""So long a check may take, and a resident who is being served."""

Badge = Annotated[Path, typer.Option(help="File with the text of a staff badge; - for stdin.")]
Address = Annotated[str, typer.Option(help="Where the kiosk's pages are.")]
Lang = Annotated[str, typer.Option(help="Language of the tables: en or zh.")]
Watch = Annotated[bool, typer.Option("--watch", help="Keep it on the screen, drawn anew.")]

HERE = "http://127.0.0.1:8080"


@diag.command()
def status(
    badge: Badge, address: Address = HERE, lang: Lang = "en", as_json: AsJson = False
) -> None:
    """How the kiosk stands: bays, service, versions. Residents are not disturbed."""
    words = _words(lang)
    desk = _look(address, badge)
    told = desk.get("state") | {"versions": desk.get("versions")}
    _print(told, as_json, lambda: state_table(told, words))


@diag.command()
def checks(
    badge: Badge,
    address: Address = HERE,
    lang: Lang = "en",
    as_json: AsJson = False,
    watch: Watch = False,
) -> None:
    """Every check with its last result; 1 where one is bad."""
    words = _words(lang)
    rows = _rows(
        "checks",
        "checks",
        partial(checks_table, words=words),
        _look(address, badge),
        as_json=as_json,
        watch=watch,
    )
    if any(row["verdict"] == "bad" for row in rows):
        raise typer.Exit(FALSE)


@diag.command()
def audit(
    badge: Badge, address: Address = HERE, lang: Lang = "en", as_json: AsJson = False
) -> None:
    """The seven unified points of this site, from data; 1 where one fails."""
    words = _words(lang)
    rows = _look(address, badge).get("audit")
    _print({"points": rows}, as_json, lambda: audit_table(rows, words))
    if any(row["verdict"] == "fail" for row in rows):
        raise typer.Exit(FALSE)


@diag.command()
def run(
    name: Annotated[str, typer.Argument(help="The check, as `kiosk diag checks` names it.")],
    badge: Badge,
    bay: Annotated[str, typer.Option(help="Which bay, where the check is of one.")] = "",
    load_g: Annotated[
        int | None, typer.Option(min=1, help="The known weight on the pan, in grams.")
    ] = None,
    yes: Annotated[
        bool | None, typer.Option("--yes/--no", help="The answer, where the check asks a person.")
    ] = None,
    address: Address = HERE,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Run a check in service, and leave; 1 where it is not good."""
    words = _words(lang)
    desk = DeskCall(address)
    with _in_service(desk, _badge(badge)):
        desk.check(name, bay, load_g)
        if desk.get("state")["asks"]:
            asked = words.question(name)
            desk.ask("POST", "answer", yes=typer.confirm(asked, err=True) if yes is None else yes)
        row = _result(desk, name, bay)
    _print(row, as_json, lambda: checks_table([row], words))
    if row["verdict"] != "good":
        raise typer.Exit(FALSE)


@diag.command()
def faults(
    badge: Badge, address: Address = HERE, lang: Lang = "en", as_json: AsJson = False
) -> None:
    """What is wrong now and what to do, and what was lately; 1 where something is wrong."""
    words = _words(lang)
    told = _look(address, badge).get("faults")
    _print(told, as_json, lambda: faults_table(told, words))
    if told["now"]:
        raise typer.Exit(FALSE)


@diag.command()
def inputs(
    badge: Badge,
    address: Address = HERE,
    lang: Lang = "en",
    as_json: AsJson = False,
    watch: Watch = False,
) -> None:
    """Every input of every bay."""
    words = _words(lang)
    _rows(
        "inputs",
        "bays",
        partial(inputs_table, words=words),
        _look(address, badge),
        as_json=as_json,
        watch=watch,
    )


@diag.command()
def bundle(
    out: Annotated[Path, typer.Argument(help="The zip file to write.")],
    badge: Badge,
    address: Address = HERE,
    as_json: AsJson = False,
) -> None:
    """Write a diagnostics bundle: no secrets, nobody's names."""
    content = _look(address, badge).bundle()
    _write(out, content)
    show({"file": str(out), "bytes": len(content)}, as_json)


@diag.command()
def acceptance(
    out: Annotated[Path, typer.Argument(help="The HTML page to write, for printing.")],
    badge: Badge,
    address: Address = HERE,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Write the report of the acceptance that ended last; 1 where a point of it is open."""
    words = _words(lang)
    report = _look(address, badge).get("acceptance/report")
    _write(out, report_page(report, words).encode())
    is_open = any(row["verdict"] != "good" for row in report["checks"])
    found = {key: report[key] for key in ("kiosk", "ended", "sha256", "checks", "points")}
    show({"file": str(out), "open": is_open} | (found if as_json else {}), as_json)
    if is_open:
        raise typer.Exit(FALSE)


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise DeskError("unwritable", f"{out} cannot be written: {error.strerror}") from error


@contextmanager
def _in_service(desk: DeskCall, badge: str) -> Iterator[None]:
    """Begin service, wait for the resident who is being served, and end what was begun here."""
    signed = desk.sign_in(badge, looks=False)
    if not signed["acts"]:
        raise DeskError("occupied", "somebody else is in service: they must leave first")
    try:
        if signed["waits"]:
            typer.echo("a resident is being served: waiting", err=True)
            _until(lambda: bool(desk.get("state")["in_service"]), "the resident is still there")
        yield
    finally:
        if signed["began"]:
            desk.leave()


def _result(desk: DeskCall, name: str, bay: str) -> dict[str, Any]:
    """The check's result, once it is over."""
    _until(lambda: desk.get("state")["running"] is None, f"check {name} does not end")
    rows = desk.get("checks")
    found: dict[str, Any] = next(row for row in rows if (row["check"], row["bay"]) == (name, bay))
    return found


def _until(is_so: Callable[[], bool], otherwise: str) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > ends_s:
            raise DeskError("too-long", f"{otherwise}, {PATIENCE_S:g} s were waited")
        time.sleep(POLL_S)


class Looking(DeskCall):
    """A look at the desk that may go on for longer than one sign-in is good for."""

    def __init__(self, address: str, badge: str) -> None:
        super().__init__(address)
        self._badge = badge
        self.sign_in(badge, looks=True)

    def get(self, path: str) -> Any:
        """As any call has it; signs in anew where the time is over."""
        try:
            return super().get(path)
        except DeskError as error:
            if error.code != "no-token":
                raise
        self.sign_in(self._badge, looks=True)
        return super().get(path)


def _look(address: str, badge: Path) -> Looking:
    return Looking(address, _badge(badge))


def _badge(path: Path) -> str:
    if str(path) == "-":
        return sys.stdin.readline().strip()
    return read_file(path).decode(errors="replace").strip()


def _words(lang: str) -> ServiceWords:
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is none of {', '.join(LANGUAGES)}", param_hint="--lang")
    return ServiceWords(lang)


def _print(told: object, as_json: bool, table: Callable[[], Table]) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        Console().print(table())


def _rows(
    name: str,
    key: str,
    table: Callable[[list[dict[str, Any]]], Table],
    desk: Looking,
    *,
    as_json: bool,
    watch: bool,
) -> list[dict[str, Any]]:
    """Print what the desk tells under `name`, as JSON under `key`; watched, until Ctrl-C."""
    if watch:
        _live(lambda: table(desk.get(name)))
        return []
    rows: list[dict[str, Any]] = desk.get(name)
    _print({key: rows}, as_json, lambda: table(rows))
    return rows


def _live(draw: Callable[[], Table]) -> None:
    """Draw it anew until Ctrl-C."""
    try:
        with Live(draw(), console=Console(), refresh_per_second=4) as live:
            while True:
                time.sleep(POLL_S)
                live.update(draw())
    except KeyboardInterrupt:
        return
