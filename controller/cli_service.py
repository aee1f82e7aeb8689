"""`kiosk service`: what maintenance staff do at a kiosk that is stopped."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contract.console import FALSE, AsJson, read_file, show
from controller.cli import read_config

if TYPE_CHECKING:
    from controller.core.config import KioskConfig
    from controller.service import Ended

service = typer.Typer(help="What staff do at a stopped kiosk.", no_args_is_help=True)


@service.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@service.command("end-intent")
def end_unreadable(
    seq: Annotated[int, typer.Argument(min=1, help="The intent's record, as the log names it.")],
    config: Annotated[Path, typer.Option(help="The kiosk's configuration, a TOML file.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it goes into the record.")],
    badge: Annotated[Path, typer.Option(help="File with the text of a staff badge.")],
    as_json: AsJson = False,
) -> None:
    """Give up a promise that nobody can read any more; the kiosk must be stopped."""
    text = read_file(badge).decode(errors="replace")
    kiosk = read_config(config)
    ended = asyncio.run(_end(kiosk, config.resolve().parent, seq, reason, text))
    show(asdict(ended), as_json)
    if not ended.record:
        raise typer.Exit(FALSE)


async def _end(config: KioskConfig, folder: Path, seq: int, reason: str, text: str) -> Ended:
    from contract.journal import open_journal
    from controller.build import door_of, open_store, wall_clock
    from controller.service import end_intent, staff_of

    clock = wall_clock()
    staff = staff_of(text, door_of(config, folder), clock)
    async with open_store(config, folder) as store:
        journal = open_journal(folder / config.files.journal)
        return await end_intent(store, journal, staff, seq, reason, clock)
