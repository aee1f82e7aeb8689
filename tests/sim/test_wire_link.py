"""The serial line in virtual time: how long bytes take, and what verbs do to them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

from sim import clock
from sim.wire_link import UART_BYTE_US, USB_LATENCY_US, WireLink


async def line(**options: Any) -> tuple[WireLink, list[tuple[int, str, bytes]]]:
    """A line and all that arrives on it."""
    noted: list[tuple[int, str, bytes]] = []
    loop = asyncio.get_running_loop()
    wire = WireLink(loop, random.Random(7), note=lambda *what: noted.append(what), **options)
    return wire, noted


def run(story: Coroutine[Any, Any, None]) -> None:
    clock.run(story, start_s=1.0)


def test_bytes_take_their_time_and_keep_their_order() -> None:
    """Ten bits each at 115200 baud, one behind the other, then a USB frame."""

    async def story() -> None:
        wire, noted = await line()
        wire.host.write(b"0123456789")
        wire.host.write(b"ab")
        wire.node.send(b"back")
        await asyncio.sleep(1)
        base_us = 1_000_000 + USB_LATENCY_US
        assert noted == [
            (base_us + 4 * UART_BYTE_US, "to_host", b"back"),
            (base_us + 10 * UART_BYTE_US, "to_node", b"0123456789"),
            (base_us + 12 * UART_BYTE_US, "to_node", b"ab"),
        ]
        assert wire.node.waiting
        assert wire.node.received() == b"0123456789ab"
        assert not wire.node.waiting
        assert await wire.host.read() == b"back"

    run(story())


def test_the_node_is_woken_by_bytes_and_the_host_waits_for_them() -> None:
    """Neither side polls."""

    async def story() -> None:
        wire, _ = await line(byte_us=0)
        woken: list[float] = []
        loop = asyncio.get_running_loop()
        wire.node.wake = lambda: woken.append(loop.time())
        reader = asyncio.create_task(wire.host.read())
        await asyncio.sleep(2)
        assert not reader.done()
        wire.host.write(b"x")
        wire.node.send(b"y")
        assert await reader == b"y"
        assert woken == [loop.time()]

    run(story())


def test_a_cut_line_carries_nothing_and_a_half_cut_one_one_way() -> None:
    """What was on the line when it was cut is gone too."""

    async def story() -> None:
        wire, noted = await line()
        wire.host.write(b"late")
        wire.cut(to_host=False)
        wire.node.send(b"heard")
        await asyncio.sleep(1)
        assert [data for _, _, data in noted] == [b"heard"]
        wire.unplug()
        assert wire.host.trouble
        wire.node.send(b"lost")
        await asyncio.sleep(1)
        wire.mend()
        assert not wire.host.trouble
        wire.host.write(b"again")
        await asyncio.sleep(1)
        assert [data for _, _, data in noted] == [b"heard", b"again"]

    run(story())


def test_noise_bends_and_drops_as_many_bytes_as_it_is_told() -> None:
    """One bit each; the same seed bends the same bytes."""

    async def story() -> None:
        arrived = []
        for _ in range(2):
            wire, noted = await line()
            wire.noise(flips_ppm=100_000, drops_ppm=50_000)
            for _ in range(100):
                wire.host.write(bytes(100))
            await asyncio.sleep(2)
            arrived.append(b"".join(data for _, _, data in noted))
        assert arrived[0] == arrived[1]
        assert 9_350 <= len(arrived[0]) <= 9_650
        bent = [byte for byte in arrived[0] if byte]
        assert 850 <= len(bent) <= 1_050
        assert all(byte.bit_count() == 1 for byte in bent)

    run(story())
