"""The command `kiosk`: mounts what each package offers, and imports a package when it is asked for.

Packages name their Typer apps in the entry-point group `kiosk.commands`; none imports another for
the sake of the command line. A kiosk without the extra `sim` still has all the other commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

DISTRIBUTION = "recycling-kiosk"
GROUP = "kiosk.commands"
BAD_INPUT = 2


class Summary(NamedTuple):
    """What `kiosk --help` says of a command without importing it, and the extra it needs."""

    help: str
    extra: str | None = None


SUMMARIES = {
    "bench": Summary("Measure, each figure beside its peer.", "dev"),
    "catalogue": Summary("Sign, check and show the city's list of items and prices."),
    "cloud": Summary("The platform: ledger, accounts and their pages.", "cloud"),
    "demo": Summary("A simulated kiosk in real time, with broker, platform and screens.", "demo"),
    "diag": Summary("Diagnose a running kiosk: checks, inputs, faults.", "controller,vision"),
    "keys": Summary("Make keys."),
    "ledger": Summary("Check a kiosk's journal, record by record."),
    "receipt": Summary("Check and show receipts of deposits."),
    "run": Summary("Run this kiosk.", "controller,vision"),
    "service": Summary("What staff do at a stopped kiosk.", "controller,vision"),
    "sim": Summary("Run scenarios in virtual time.", "sim"),
    "token": Summary("Issue and check residents' codes."),
    "vision": Summary("Classify pictures, read codes, measure the model.", "vision"),
}

ROOTS = (("contract.errors", "KioskError"), ("vision.errors", "VisionError"))
"""Roots of the errors that are meant for the person at the keyboard."""


class Mount(TyperCommand):
    """Stands for a package's command in the list until someone asks for it."""

    def __init__(self, entry: EntryPoint) -> None:
        self.entry = entry
        summary = SUMMARIES.get(entry.name, Summary(""))
        super().__init__(entry.name, help=summary.help)

    def load(self) -> Any:
        """Import the package and give its command, or its group of commands."""
        command = get_command(self.entry.load())
        command.name = self.name
        return command


class Commands(TyperGroup):
    """The group of all mounted commands."""

    def mount(self, entries: Iterable[EntryPoint]) -> None:
        """Take up every entry whose package is here; a wheel, say, has no `bench`."""
        for entry in sorted(entries):
            if find_spec(_package(entry)) is not None:
                self.add_command(Mount(entry))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that `args` begins with, and import what it stands for.

        Raises:
            ModuleNotFoundError: Something that the command needs is not installed.
        """
        name, mount, rest = super().resolve_command(ctx, args)
        return name, mount.load() if isinstance(mount, Mount) else mount, rest


app = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kiosk {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def kiosk(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """A green-account recycling kiosk: run it, simulate it, check what it wrote."""


def _package(entry: EntryPoint) -> str:
    return entry.module.partition(".")[0]


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """What went wrong, taken out of the groups that task groups wrap it in."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _refusals() -> tuple[type[BaseException], ...]:
    """The error roots of those packages that were imported: nobody else can have raised one."""
    here = [(sys.modules[module], root) for module, root in ROOTS if module in sys.modules]
    return tuple(getattr(module, root) for module, root in here)


def _explain(error: BaseException, command: str, ours: set[str]) -> str | None:
    """One line for the person at the keyboard, or None where the error is our own mistake."""
    if isinstance(error, _refusals()):
        return str(error)
    if isinstance(error, UnicodeEncodeError) and error.encoding == "utf-8":
        # Nothing else cannot be spelled in it than what came from the shell as other bytes.
        return f"{error.object!r} is no text in UTF-8: name it otherwise"
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        module = error.name.partition(".")[0]
        extra = SUMMARIES.get(command, Summary("")).extra
        if module not in ours and extra is not None:
            install = f"pip install '{DISTRIBUTION}[{extra}]'"
            return f"`kiosk {command}` needs {module}, which is not installed: {install}"
    return None


def run(entries: Sequence[EntryPoint], arguments: Sequence[str]) -> None:
    """Run `kiosk` with these arguments over the commands of `entries`.

    Raises:
        SystemExit: Always; 0 good, 1 what was asked is false, 2 bad input.
    """
    commands = get_command(app)
    assert isinstance(commands, Commands)
    commands.mount(entries)
    try:
        commands.main(arguments, prog_name="kiosk")
    except Exception as error:
        command = next((one for one in arguments if not one.startswith("-")), "")
        ours = {_package(entry) for entry in entries}
        lines = [_explain(one, command, ours) for one in _leaves(error)]
        if None in lines:
            raise
        for line in lines:
            typer.echo(f"kiosk: {line}", err=True)
        raise SystemExit(BAD_INPUT) from None


def main() -> None:
    """The console script `kiosk`."""
    # In a checkout `bench` lies beside this file, and is no part of what is installed.
    sys.path.append(str(Path(__file__).parent))
    run(tuple(entry_points(group=GROUP)), sys.argv[1:])


if __name__ == "__main__":
    main()
