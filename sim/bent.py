"""Frames bent in every way a line and its ends can bend them, for those who try a decoder.

Worse than any line: several bytes of most frames suffer. What a real line does stands in
`sim.line_noise`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

Bend = Callable[["random.Random", bytearray], int]
"""Changes the bytes in place and says how many suffered."""


def flip_bits(rng: random.Random, data: bytearray) -> int:
    """One to four bits."""
    bits = rng.randint(1, 4)
    for _ in range(bits):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bits


def change_bytes(rng: random.Random, data: bytearray) -> int:
    """One to eight bytes anywhere become any others."""
    count = rng.randint(1, 8)
    for _ in range(count):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return count


def burst(rng: random.Random, data: bytearray) -> int:
    """Up to twenty neighbours become any others."""
    start = rng.randrange(len(data))
    count = min(rng.randint(2, 20), len(data) - start)
    data[start : start + count] = rng.randbytes(count)
    return count


def drop(rng: random.Random, data: bytearray) -> int:
    """Up to six neighbours are lost."""
    start = rng.randrange(len(data))
    count = min(rng.randint(1, 6), len(data) - start)
    del data[start : start + count]
    return count


def double(rng: random.Random, data: bytearray) -> int:
    """Up to eight neighbours come twice."""
    start = rng.randrange(len(data))
    twice = data[start : start + rng.randint(1, 8)]
    data[start:start] = twice
    return len(twice)


def insert(rng: random.Random, data: bytearray) -> int:
    """Up to eight bytes that nobody sent, a delimiter among them every third time."""
    noise = bytearray(rng.randbytes(rng.randint(1, 8)))
    if rng.randrange(3) == 0:
        noise[rng.randrange(len(noise))] = 0
    start = rng.randrange(len(data) + 1)
    data[start:start] = noise
    return len(noise)


def swap(rng: random.Random, data: bytearray) -> int:
    """Two bytes change places: what a checksum that only adds does not see."""
    one, other = rng.randrange(len(data)), rng.randrange(len(data))
    data[one], data[other] = data[other], data[one]
    return 2


BENDS: tuple[Bend, ...] = (flip_bits, change_bytes, burst, drop, double, insert, swap)


def bent(rng: random.Random, data: bytes) -> tuple[bytes, int]:
    """The bytes after one to three bends, and how many bytes suffered.

    They may come out as they went in: two bends can undo each other.
    """
    changed = bytearray(data)
    suffered = 0
    for _ in range(rng.randint(1, 3)):
        if changed:
            suffered += rng.choice(BENDS)(rng, changed)
    return bytes(changed), suffered
