"""Two kiosks under one id: a card that was copied, and both are switched on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.controller.delivering import Kiosk, Ledgers, play, restored, running, until_empty

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, EACH = 3, 6
APART_S = 20.0


def copied(path: Path, onto: Path) -> Path:
    """The card's journal as it is now, on another card."""
    with closing(sqlite3.connect(path)) as card, closing(sqlite3.connect(onto)) as copy:
        card.backup(copy)
    return onto


def played(tmp_path: Path) -> tuple[Ledgers, list[int]]:
    """Both take bottles in turn for two minutes; what waits in each in the end."""
    ledgers = Ledgers()
    waiting: list[int] = []

    async def story(first: Kiosk) -> None:
        async with running(first.delivery):
            for _ in range(BEFORE):
                first.bottle()
            await until_empty(first, within_s=10)
            with closing(restored(copied(tmp_path / "j", tmp_path / "copy"))) as file:
                second = Kiosk(file, ledgers.ingest)
                second.broker = first.broker
                second.delivery = second.new_delivery()
                async with running(second.delivery):
                    for _ in range(EACH):
                        first.bottle()
                        await asyncio.sleep(APART_S)
                        second.bottle()
                        await asyncio.sleep(APART_S)
                    await asyncio.sleep(120)
                    waiting.extend(one.file.depth() for one in (first, second))

    play(story, tmp_path / "j", ledgers.ingest)
    return ledgers, waiting


def test_of_two_kiosks_with_one_id_no_bottle_is_lost_or_credited_twice(tmp_path: Path) -> None:
    """The ledger's word sends the copy into an epoch of its own, and each says its epoch again
    before it sends. The platform counts what that costs, and says that there are two."""
    ledgers, waiting = played(tmp_path)
    assert ledgers.bottles == BEFORE + 2 * EACH
    assert waiting == [0, 0]
    assert ledgers.ingest.refused["wrong-epoch"] > 0
    assert ledgers.ingest.refused["epoch-again"] > 0
    assert set(ledgers.ingest.refused) == {"wrong-epoch", "epoch-again"}
