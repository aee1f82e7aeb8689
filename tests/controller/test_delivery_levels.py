"""How full the bins are goes to the platform on a topic of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from contract.payloads import BinLevels, BinState, decode
from tests.controller.delivering import TOPICS, Kiosk, play, running


def plastic(permille: int) -> BinState:
    """A bin of bottles."""
    return BinState(
        bay="a",
        bin_index=1,
        stream="plastic",
        permille=permille,
        due=permille >= 600,
        full=permille >= 900,
        by="sensor",
    )


def test_the_platform_is_told_when_a_bin_fills(tmp_path: Path) -> None:
    """The broker keeps the latest, also once the kiosk is gone."""

    async def story(kiosk: Kiosk) -> None:
        levels = [plastic(850)]
        kiosk.delivery.standing.bins = lambda: tuple(levels)

        def kept() -> list[BinState]:
            return decode(BinLevels, kiosk.broker.retained[TOPICS.telemetry]).bins

        async with running(kiosk.delivery):
            await asyncio.sleep(5)
            assert kept() == levels
            levels[0] = plastic(950)
            kiosk.delivery.kick()
            await asyncio.sleep(1)
            assert kept() == levels
        assert kept() == levels

    play(story, tmp_path / "j")


def test_a_platform_of_before_understands_the_state(tmp_path: Path) -> None:
    """It refuses fields that it does not know, and never hears of the new topic."""
    before = {"v", "kiosk", "epoch", "online", "boot", "outbox_depth", "software"}

    async def story(kiosk: Kiosk) -> None:
        kiosk.delivery.standing.bins = lambda: (plastic(950),)
        async with running(kiosk.delivery):
            await asyncio.sleep(5)
            assert kiosk.state.online
            assert kiosk.state.model_dump(exclude_none=True).keys() == before

    play(story, tmp_path / "j")


def test_a_kiosk_without_bins_has_nothing_to_tell(tmp_path: Path) -> None:
    """No message without a row."""

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await asyncio.sleep(5)
            assert TOPICS.telemetry not in kiosk.broker.retained

    play(story, tmp_path / "j")
