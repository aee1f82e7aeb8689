"""What a seal of eight bits lets pass that CRC32 does not: the same bends on both."""

from __future__ import annotations

from functools import reduce
from operator import xor
from random import Random

from sim.bent import bent
from sim.chance import rng
from wire.frame import DELIMITER, MAX_BODY, Decoder, _stuff, _unstuff, encode
from wire.messages import KINDS


def undetected(seed: int, frames: int) -> tuple[int, int]:
    """Of so many bent frames, how many each seal takes for what nobody sent: (CRC32, XOR-8).

    XOR-8 is Marlin's checksum of a line of G-code; the frames are alike but for their seal.
    """
    draw, chance = rng(seed, "bench", "seals"), Random()
    by_crc = by_xor = 0
    for _ in range(frames):
        plain = bytes((draw.randrange(256), draw.randrange(256), KINDS["report"]))
        plain += draw.randbytes(draw.randrange(4, MAX_BODY))
        how = draw.getrandbits(64)
        chance.seed(how)
        data, _ = bent(chance, encode(plain[0], plain[1], plain[2], plain[3:]))
        by_crc += any(whole != plain for whole in _sealed_by_crc(data))
        chance.seed(how)
        data, _ = bent(chance, _stuff(plain + bytes((reduce(xor, plain),))) + DELIMITER)
        by_xor += any(whole != plain for whole in _sealed_by_xor(data))
    return by_crc, by_xor


def _sealed_by_crc(data: bytes) -> list[bytes]:
    frames = Decoder().feed(data + DELIMITER)
    return [bytes((one.seq, one.ack, one.kind)) + one.body for one in frames]


def _sealed_by_xor(data: bytes) -> list[bytes]:
    plains = [_unstuff(piece) for piece in data.split(DELIMITER) if piece]
    return [plain[:-1] for plain in plains if plain and len(plain) > 3 and not reduce(xor, plain)]
