"""What a bad line does to bytes: bent, lost, doubled, repeated, or hit in bursts.

Serial lines never reorder. Order of magnitude of bit errors: 1e-9 on a clean line, 1e-6 beside a
motor, 1e-4 with a broken shield.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

MILLION = 1_000_000
BURST_ENDS = 0.1
"""Chance after each byte of a burst that it is over: ten bytes on average."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Of a million bytes so many suffer; of a million chunks so many arrive twice.

    `bursts_ppm` bytes of a million begin a burst (Gilbert 1960, Elliott 1963), within which a
    byte is replaced by any other with even chance; 100 is a bad line.
    """

    flips_ppm: int = 0
    drops_ppm: int = 0
    doubles_ppm: int = 0
    bursts_ppm: int = 0
    repeats_ppm: int = 0

    @property
    def is_any(self) -> bool:
        """Whether bytes suffer at all."""
        return any((self.flips_ppm, self.drops_ppm, self.doubles_ppm, self.bursts_ppm))


class NoisyLine:
    """One direction of a line under noise; remembers whether it is within a burst."""

    def __init__(self, rng: random.Random) -> None:
        self.noise = Noise()
        self._rng = rng
        self._in_burst = False

    def carry(self, chunk: bytes) -> bytes:
        """What arrives of bytes that were sent in one go."""
        arrived = self._damaged(chunk) if self.noise.is_any or self._in_burst else chunk
        return arrived * 2 if self._happens(self.noise.repeats_ppm) else arrived

    def _damaged(self, chunk: bytes) -> bytes:
        arrived = bytearray()
        for byte in chunk:
            if self._happens(self.noise.drops_ppm):
                continue
            bent = byte
            if self._happens(self.noise.flips_ppm):
                bent ^= 1 << self._rng.randrange(8)
            if self._is_hit():
                bent = self._rng.randrange(256)
            arrived.append(bent)
            if self._happens(self.noise.doubles_ppm):
                arrived.append(bent)
        return bytes(arrived)

    def _is_hit(self) -> bool:
        """Step the two states of the Gilbert-Elliott model by one byte."""
        if not self._in_burst:
            self._in_burst = self._happens(self.noise.bursts_ppm)
        elif self._rng.random() < BURST_ENDS:
            self._in_burst = False
        return self._in_burst and self._rng.random() < 0.5

    def _happens(self, ppm: int) -> bool:
        # No draw where nothing can happen: a clean line leaves the stream of chance alone.
        return ppm > 0 and self._rng.randrange(MILLION) < ppm
