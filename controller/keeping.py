"""Puts down what is kept over a restart beside the journal, while the kiosk goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller import ports
    from controller.core import commands
    from controller.core.rests import Row
    from controller.starting import Kept


class Keeping:
    """Beside the pump: no resident waits for it.

    Args:
        kept: Who keeps what; None where nothing is kept.
    """

    def __init__(self, kept: Kept | None) -> None:
        self._kept = kept
        self._tasks: set[asyncio.Task[None]] = set()
        self._rests: tuple[Row, ...] = ()

    def keep(self, wish: commands.Kept) -> None:
        """What the core wishes to be kept."""
        if self._kept is not None:
            self._put_down(self._kept.keeper_of(wish), wish.rows)

    async def rests(self) -> tuple[Row, ...]:
        """At start: since when bays rested when the controller ended."""
        keeper = None if self._kept is None else self._kept.rests
        if keeper is not None:
            self._rests = tuple(await keeper.kept())
        return self._rests

    def keep_rests(self, rows: tuple[Row, ...]) -> None:
        """Since when bays rest, where that has changed."""
        if self._kept is not None and rows != self._rests:
            self._rests = rows
            self._put_down(self._kept.rests, rows)

    def _put_down(
        self, keeper: ports.RowKeeper | None, rows: Sequence[tuple[str | int, ...]]
    ) -> None:
        if keeper is None:
            return
        task = asyncio.get_running_loop().create_task(keeper.keep(rows), name="keep")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
