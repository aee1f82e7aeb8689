"""What ended a kiosk's way to the platform is told by what it was, for diagnosis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from controller.ports import (
    NoNetworkError,
    StoreError,
    UplinkConnection,
    UplinkLostError,
    UplinkRefusedError,
)
from tests.controller.delivering import Kiosk, new_delivery, play, running


class Forbidding:
    """A broker that lets the kiosk in and forbids it to say that it is there."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Refuse.

        Raises:
            UplinkRefusedError: Always.
        """
        raise UplinkRefusedError(f"the broker refused a message to {topic}, code 0x87")

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Nothing ever comes."""
        await asyncio.Event().wait()
        yield "", b""


class Way:
    """Leads to such a broker, or, while it is `broken`, nowhere."""

    def __init__(self) -> None:
        self.broken: UplinkLostError | None = None

    @asynccontextmanager
    async def connect(
        self, will: tuple[str, bytes] | None = None
    ) -> AsyncIterator[UplinkConnection]:
        """Come as far as it goes.

        Raises:
            UplinkLostError: It is broken.
        """
        if self.broken is not None:
            raise self.broken
        yield Forbidding()


def test_a_broker_that_forbids_the_kiosk_to_speak_is_told_of(tmp_path: Path) -> None:
    """It connects again and again, and staff need to know why nothing arrives."""

    async def story(kiosk: Kiosk) -> None:
        delivery = new_delivery(kiosk.store, Way())
        async with running(delivery):
            await asyncio.sleep(120)
            code, reason = delivery.ended_by
            assert (delivery.online, code) == (False, "refused")
            assert "0x87" in reason

    play(story, tmp_path / "j")


def test_a_journal_that_fails_is_not_told_of_as_the_network_of_yesterday(tmp_path: Path) -> None:
    """The network is back, and the journal, which says so itself, cannot be counted."""

    async def story(kiosk: Kiosk) -> None:
        way = Way()
        way.broken = NoNetworkError("no route")
        delivery = new_delivery(kiosk.store, way)
        async with running(delivery):
            await asyncio.sleep(60)
            assert delivery.ended_by == ("no-network", "no route")
            way.broken = None
            kiosk.store.aside = unreadable  # type: ignore[method-assign]
            await asyncio.sleep(120)
            assert delivery.ended_by == ("", "")

    async def unreadable() -> dict[str, int]:
        raise StoreError("the disk does not answer")

    play(story, tmp_path / "j")
