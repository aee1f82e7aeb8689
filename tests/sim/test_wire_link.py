"""The serial line in virtual time: how long bytes take, and what verbs do to them."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from sim import clock
from sim.line_noise import Noise, NoisyLine
from sim.wire_lanes import BRIDGE, FRAME_US, LAZY_BRIDGE, UART_BYTE_US, USB, Timing
from sim.wire_link import ENUMERATION_S, HOST_BUFFER, WireLink

START_US = 1_000_000


async def line(**options: Any) -> tuple[WireLink, list[tuple[int, str, bytes]]]:
    """A line and all that arrives on it, with µs since the story began."""
    noted: list[tuple[int, str, bytes]] = []
    loop = asyncio.get_running_loop()

    def note(at_us: int, way: str, data: bytes) -> None:
        noted.append((at_us - START_US, way, data))

    return WireLink(loop, random.Random(7), note=note, **options), noted


def run(story: Coroutine[Any, Any, None]) -> None:
    clock.run(story, start_s=START_US / 1e6)


def all_of(noted: list[tuple[int, str, bytes]], way: str) -> bytes:
    return b"".join(data for _, said, data in noted if said == way)


def test_bytes_to_the_node_go_with_a_frame_and_take_ten_bits_each() -> None:
    """One behind the other, in order, each write in one go when its last byte is there."""

    async def story() -> None:
        wire, noted = await line()
        wire.host.write(b"0123456789")
        wire.host.write(b"ab")
        await asyncio.sleep(1)
        first_us, second_us = (at_us for at_us, _, _ in noted)
        assert 10 * UART_BYTE_US <= first_us < 10 * UART_BYTE_US + FRAME_US
        assert second_us == first_us + 2 * UART_BYTE_US
        assert wire.node.waiting
        assert wire.node.received() == b"0123456789ab"
        assert not wire.node.waiting

    run(story())


@pytest.mark.parametrize("timing", [BRIDGE, LAZY_BRIDGE])
def test_a_bridge_keeps_bytes_for_its_timer_or_until_its_packet_is_full(timing: Timing) -> None:
    """What the node says arrives in pieces, each with a frame, none later than timer and frame."""

    async def story() -> None:
        wire, noted = await line(timing=timing)
        wire.node.send(bytes(range(100)))
        await asyncio.sleep(1)
        assert all_of(noted, "to_host") == bytes(range(100))
        phase_us = noted[0][0] % FRAME_US
        heard = 0
        for at_us, _, data in noted:
            assert at_us % FRAME_US == phase_us
            waited_us = at_us - (heard + 1) * UART_BYTE_US
            assert 0 <= waited_us < max(timing.hold_us, 62 * UART_BYTE_US) + FRAME_US
            assert len(data) <= 62
            heard += len(data)
            assert heard * UART_BYTE_US <= at_us
        if timing is LAZY_BRIDGE:
            assert [len(data) for _, _, data in noted] == [62, 38]

    run(story())


def test_a_second_word_shares_the_packet_of_the_first() -> None:
    """While the timer runs, what is said next goes along."""

    async def story() -> None:
        wire, noted = await line(timing=LAZY_BRIDGE)
        wire.node.send(b"one")
        await asyncio.sleep(0.005)
        wire.node.send(b"two")
        await asyncio.sleep(1)
        assert [data for _, _, data in noted] == [b"onetwo"]
        assert 16_000 <= noted[0][0] <= 16_000 + 3 * UART_BYTE_US + FRAME_US

    run(story())


def test_native_usb_moves_a_packet_a_frame() -> None:
    """64 bytes a millisecond, both ways, and nothing waits longer than for the next frame."""

    async def story() -> None:
        wire, noted = await line(timing=USB)
        wire.host.write(bytes(150))
        wire.node.send(b"short")
        await asyncio.sleep(1)
        down = [(at_us, len(data)) for at_us, way, data in noted if way == "to_node"]
        assert [size for _, size in down] == [64, 64, 22]
        assert [at_us - down[0][0] for at_us, _ in down] == [0, FRAME_US, 2 * FRAME_US]
        assert down[0][0] <= FRAME_US
        (short,) = [at_us for at_us, way, _ in noted if way == "to_host"]
        assert short <= FRAME_US

    run(story())


@pytest.mark.parametrize("timing", [BRIDGE, LAZY_BRIDGE, USB])
def test_whatever_is_sent_arrives_whole_and_in_order(timing: Timing, seed: int) -> None:
    """Words of any length at any moment, both ways: serial lines never reorder."""

    async def story() -> None:
        wire, noted = await line(timing=timing)
        chance = random.Random(seed)
        said = {"to_node": b"", "to_host": b""}
        for _ in range(400):
            word = chance.randbytes(chance.randrange(150))
            way = chance.choice(("to_node", "to_host"))
            (wire.host.write if way == "to_node" else wire.node.send)(word)
            said[way] += word
            await asyncio.sleep(chance.random() * 0.01)
        await asyncio.sleep(10)
        for way, words in said.items():
            assert all_of(noted, way) == words
        assert [at_us for at_us, _, _ in noted] == sorted(at_us for at_us, _, _ in noted)

    run(story())


def test_the_node_is_woken_by_bytes_and_the_host_waits_for_them() -> None:
    """Neither side polls."""

    async def story() -> None:
        wire, _ = await line()
        woken: list[float] = []
        loop = asyncio.get_running_loop()
        wire.node.wake = lambda: woken.append(loop.time())
        reader = asyncio.create_task(wire.host.read())
        await asyncio.sleep(2)
        assert not reader.done()
        wire.host.write(b"x")
        wire.node.send(b"y")
        assert await reader == b"y"
        assert 0.001 <= loop.time() - 3 <= 0.0031
        await asyncio.sleep(1)
        assert len(woken) == 1

    run(story())


def test_a_cut_line_carries_nothing_and_a_half_cut_one_one_way() -> None:
    """What was on the line when it was cut is gone too."""

    async def story() -> None:
        wire, noted = await line()
        wire.host.write(b"late")
        wire.cut(to_host=False)
        wire.node.send(b"heard")
        await asyncio.sleep(1)
        assert (all_of(noted, "to_host"), all_of(noted, "to_node")) == (b"heard", b"")
        wire.mend()
        wire.cut(to_node=False)
        wire.node.send(b"late")
        wire.host.write(b"heard")
        await asyncio.sleep(1)
        assert (all_of(noted, "to_host"), all_of(noted, "to_node")) == (b"heard", b"heard")

    run(story())


def test_a_cable_that_is_plugged_in_again_is_a_port_a_little_later() -> None:
    """Its trouble is known until then; without a time it stays out until somebody mends it."""

    async def story() -> None:
        wire, noted = await line()
        wire.unplug(2.0)
        wire.node.send(b"lost")
        await asyncio.sleep(2.0 + ENUMERATION_S[0] - 0.01)
        assert "plug it in" in wire.host.trouble
        await asyncio.sleep(ENUMERATION_S[1])
        assert not wire.host.trouble
        wire.host.write(b"again")
        await asyncio.sleep(1)
        assert [data for _, _, data in noted] == [b"again"]
        wire.unplug()
        await asyncio.sleep(100)
        assert wire.host.trouble
        wire.mend()
        assert not wire.host.trouble

    run(story())


def test_a_stalled_host_reads_and_writes_everything_afterwards() -> None:
    """In one go, as far as its driver's buffer holds; a second stall within the first counts."""

    async def story() -> None:
        wire, noted = await line()
        reader = asyncio.create_task(wire.host.read())
        wire.stall(1.0)
        wire.stall(2.0)
        for word in (b"one", b"two"):
            wire.host.write(word)
            wire.node.send(word)
            await asyncio.sleep(0.7)
        assert not reader.done()
        assert all_of(noted, "to_node") == b""
        await asyncio.sleep(1)
        assert reader.result() == b"onetwo"
        assert [data for _, way, data in noted if way == "to_node"] == [b"onetwo"]
        wire.stall(1.0)
        wire.node.send(bytes(HOST_BUFFER + 500))
        await asyncio.sleep(1.1)
        assert await wire.host.read() == bytes(HOST_BUFFER)

    run(story())


def carried(noise: Noise, chunks: list[bytes], seed: int) -> list[bytes]:
    noisy = NoisyLine(random.Random(seed))
    noisy.noise = noise
    return [noisy.carry(chunk) for chunk in chunks]


ZEROS = [bytes(100)] * 1000


def test_noise_bends_drops_and_doubles_as_many_bytes_as_it_is_told(seed: int) -> None:
    """One bit each; the same seed bends the same bytes."""
    flips = b"".join(carried(Noise(flips_ppm=10_000), ZEROS, seed))
    bent = [byte for byte in flips if byte]
    assert 850 <= len(bent) <= 1_150
    assert all(byte.bit_count() == 1 for byte in bent)
    assert len(flips) == 100_000
    assert 98_700 <= len(b"".join(carried(Noise(drops_ppm=10_000), ZEROS, seed))) <= 99_300
    assert 100_700 <= len(b"".join(carried(Noise(doubles_ppm=10_000), ZEROS, seed))) <= 101_300
    assert carried(Noise(10_000, 10_000), ZEROS, seed) == carried(
        Noise(10_000, 10_000), ZEROS, seed
    )


def test_whole_chunks_arrive_twice(seed: int) -> None:
    """As after a repeated USB transfer."""
    arrived = carried(Noise(repeats_ppm=50_000), [b"chunk"] * 1000, seed)
    assert set(arrived) == {b"chunk", b"chunkchunk"}
    assert 30 <= arrived.count(b"chunkchunk") <= 70


def test_bursts_hit_neighbours(seed: int) -> None:
    """Half the bytes for ten on average, then quiet for ten thousand."""
    arrived = b"".join(carried(Noise(bursts_ppm=100), ZEROS * 10, seed))
    hit = [at for at, byte in enumerate(arrived) if byte]
    assert 60 * 5 <= len(hit) <= 140 * 5
    near = sum(later - earlier < 30 for earlier, later in itertools.pairwise(hit))
    assert near / len(hit) > 0.7
    assert len(arrived) == 1_000_000


def test_a_verb_of_noise_reaches_both_ways_and_mending_ends_it() -> None:
    """Nothing suffers before, everything may during, nothing after."""

    async def story() -> None:
        wire, noted = await line()
        for noise, drops in ((False, 0), (True, MILLION), (False, 0)):
            wire.noise(drops_ppm=drops) if noise else wire.mend()
            wire.host.write(b"down")
            wire.node.send(b"up")
            await asyncio.sleep(1)
        assert all_of(noted, "to_node") == b"downdown"
        assert all_of(noted, "to_host") == b"upup"

    run(story())


MILLION = 1_000_000
