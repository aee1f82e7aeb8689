"""The counters that survive the power: how often gate and hatch opened, and the last drop.

A block holds them with their CRC32. The board keeps it in FRAM, which takes a block in less
than a millisecond and wears out never.
"""

import binascii
import struct

_LAYOUT = "<BIIIHB"
_VERSION = 1
_CRC = 4
SIZE = struct.calcsize(_LAYOUT) + _CRC
_WRAP = 0xFFFFFFFF
RETRY_MS = 1000


class Counters:
    """Counts since the FRAM was new. `damaged` says that a stored block could not be read."""

    def __init__(self, block):
        values = _read(block)
        self.damaged = values is None and len(block) > 0
        self.gate_cycles, self.hatch_openings, self.session, self.command, self.bin_index = (
            values or (0, 0, 0, 0, 0)
        )
        self._changed = False
        self._retry_ms = 0

    def keep_time(self, dt_ms, store_failed):
        """While FRAM does not take the block, try again every second."""
        self._retry_ms = self._retry_ms + dt_ms if store_failed else 0
        if self._retry_ms >= RETRY_MS:
            self._retry_ms = 0
            self._changed = True

    def hatch_opens(self):
        """The hatch leaves its closed place; counted before it moves."""
        self.hatch_openings = (self.hatch_openings + 1) & _WRAP
        self._changed = True

    def gate_opened(self, session, command, bin_index):
        """The gate stands open; the command that asked for it is kept with the count."""
        self.gate_cycles = (self.gate_cycles + 1) & _WRAP
        self.session = session
        self.command = command
        self.bin_index = bin_index
        self._changed = True

    def to_store(self):
        """The block to store, b"" while the stored one still holds."""
        if not self._changed:
            return b""
        self._changed = False
        block = struct.pack(
            _LAYOUT,
            _VERSION,
            self.gate_cycles,
            self.hatch_openings,
            self.session,
            self.command,
            self.bin_index,
        )
        return block + binascii.crc32(block).to_bytes(_CRC, "little")


def newest(one, other):
    """Of two stored blocks the good one, or of two good ones the one that counted further."""
    first, second = _read(one), _read(other)
    if first is None:
        return other
    if second is None:
        return one
    return one if first[0] + first[1] >= second[0] + second[1] else other


def _read(block):
    """The five values of a block, None where it is damaged."""
    if len(block) != SIZE:
        return None
    if binascii.crc32(block[:-_CRC]) != int.from_bytes(block[-_CRC:], "little"):
        return None
    values = struct.unpack(_LAYOUT, block[:-_CRC])
    return values[1:] if values[0] == _VERSION else None
