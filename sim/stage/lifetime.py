"""How long a command that keeps processes lives: until its work is done, or a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

T = TypeVar("T")


def run_until_ended(work: Coroutine[Any, Any, T], if_ended: int) -> T:
    """Run `work`; Ctrl-C and signals end it with the exit code `if_ended`."""
    try:
        return asyncio.run(_ended_by_signals(work))
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise typer.Exit(if_ended) from None


async def _ended_by_signals(work: Coroutine[Any, Any, T]) -> T:
    """Await `work`; these signals end it, so that no child outlives it.

    SIGINT among them by name: a shell that starts a command in the background has it ignored.
    """
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    return await task


@contextlib.contextmanager
def place(folder: Path | None, prefix: str) -> Iterator[Path]:
    """The folder to work in; one that nobody named begins with `prefix` and is removed after."""
    if folder is not None:
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix=prefix) as temporary:
        yield Path(temporary)
