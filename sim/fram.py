"""A node's FRAM that fails: it takes no block, forgets, or gives back another than it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import WorldError

if TYPE_CHECKING:
    import random

    from sim.hosts import NodeHost

WELL, REFUSES, LOSES, GARBLES = KINDS = ("well", "refuses", "loses", "garbles")


class Fram:
    """Stands between a node host and the two blocks that it keeps.

    Args:
        rng: Which bit turns in a garbled block.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kind = WELL

    def fail(self, kind: str) -> None:
        """Verb: from now on it fails in one of the ways of `KINDS`.

        It `refuses` blocks, or `loses` or `garbles` both at each start; or it is `well`.

        Raises:
            WorldError: It does not fail like that.
        """
        if kind not in KINDS:
            raise WorldError(f"fram_fault: no kind {kind!r}; there are {', '.join(KINDS)}")
        self._kind = kind

    def took(self, host: NodeHost, counters: bytes, learned: bytes) -> bool:
        """After a scan that stored something: whether it was taken.

        Args:
            host: Has the new blocks, and gets the old ones back where they were refused.
            counters: The counter block before the scan.
            learned: The learned profile before the scan.
        """
        if self._kind == REFUSES:
            host.fram, host.learned = counters, learned
        return self._kind != REFUSES

    def start(self, host: NodeHost) -> None:
        """What the node will find when it starts now."""
        if self._kind == LOSES:
            host.fram = host.learned = b""
        elif self._kind == GARBLES:
            host.fram, host.learned = self._garbled(host.fram), self._garbled(host.learned)

    def _garbled(self, block: bytes) -> bytes:
        if not block:
            return block
        bent = bytearray(block)
        bent[self._rng.randrange(len(bent))] ^= 1 << self._rng.randrange(8)
        return bytes(bent)
