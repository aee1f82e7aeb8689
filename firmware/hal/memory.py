"""What outlasts the power: counters in two places of the FRAM in turn, the hatch's profile in one.

A counter block that power cut short leaves the one before it whole in the other place. The
profile can be learned again. Whatever is written is read back; an MB85RC256V needs no time of its
own for writing, so a block of 43 bytes takes 1.0 ms and reading it back 1.1 ms.
"""

from firmware.core import counters, profile
from firmware.hal import pins

COUNTER_PLACES = (0, 64)
PROFILE_PLACE = 128
UNREADABLE = b"unreadable"
"""In place of a block that could not be read: damaged, as whoever takes it will find."""


class Memory:
    """`failed` says whether FRAM did not take the last block, or does not answer at all."""

    def __init__(self, i2c):
        self.failed = False
        self._i2c = i2c
        self._turn = 0

    def counters(self):
        """The block that counted further, b"" where none was ever stored, else a damaged one."""
        blocks = [self._read(place, counters.SIZE) for place in COUNTER_PLACES]
        best = counters.newest(blocks[0], blocks[1])
        self._turn = 1 if best is blocks[0] else 0
        return best or blocks[0] or blocks[1]

    def profile(self):
        """The profile, b"" where none was ever stored."""
        return self._read(PROFILE_PLACE, profile.SIZE)

    def store_counters(self, block):
        """Overwrite the older of the two; where that fails, the next try goes there again."""
        self._store(COUNTER_PLACES[self._turn], block)
        if not self.failed:
            self._turn = 1 - self._turn

    def store_profile(self, block):
        """Overwrite the one before."""
        self._store(PROFILE_PLACE, block)

    def _store(self, place, block):
        try:
            self._i2c.writeto_mem(pins.FRAM, place, block, addrsize=16)
            back = self._i2c.readfrom_mem(pins.FRAM, place, len(block), addrsize=16)
        except OSError:
            back = None
        self.failed = back != block

    def _read(self, place, size):
        try:
            block = self._i2c.readfrom_mem(pins.FRAM, place, size, addrsize=16)
        except OSError:
            self.failed = True
            return UNREADABLE
        return b"" if block in (bytes(size), b"\xff" * size) else block
