"""The chips on the board's I2C bus, as far as their registers are used."""

from __future__ import annotations

from typing import Protocol


class Chip(Protocol):
    """What answers on the bus at one address."""

    def read(self, register: int | None, size: int) -> bytes:
        """Bytes from a register on, or plain bytes where there is none."""

    def write(self, register: int | None, data: bytes) -> None:
        """Bytes from a register on, or plain bytes."""


class Expander:
    """PCF8575: a line reads low where the world or the board itself pulls it down."""

    def __init__(self) -> None:
        # diverter at place 0, gate home, handle and cabinet closed (break contacts to ground)
        self.world = 0xFFFF & ~(1 << 0 | 1 << 4 | 1 << 6 | 1 << 8)
        self.driven = 0xFFFF

    def read(self, register: int | None, size: int) -> bytes:
        """Its 16 lines."""
        assert register is None and size == 2
        return (self.world & self.driven).to_bytes(2, "little")

    def write(self, register: int | None, data: bytes) -> None:
        """The lines that are let go (1) or pulled down (0)."""
        assert register is None and len(data) == 2
        self.driven = int.from_bytes(data, "little")


class Thermal:
    """AMG8833: 64 pixels in quarter degrees, and its own warmth in sixteenths."""

    def __init__(self) -> None:
        self.pixels = [88] * 64
        self.sixteenths = 22 * 16
        self.longest = 0

    def read(self, register: int | None, size: int) -> bytes:
        """Pixels from 0x80 on, two bytes each; the thermistor at 0x0E."""
        self.longest = max(self.longest, size)
        if register == 0x0E:
            raw = abs(self.sixteenths) | (0x800 if self.sixteenths < 0 else 0)
            return raw.to_bytes(2, "little")
        assert register is not None and register >= 0x80
        picture = b"".join((value & 0xFFF).to_bytes(2, "little") for value in self.pixels)
        return picture[register - 0x80 : register - 0x80 + size]

    def write(self, register: int | None, data: bytes) -> None:
        """It is never written."""
        raise AssertionError((register, data))


class Distance:
    """VL53L0X: a measurement that was asked for is there when it is next looked at."""

    def __init__(self) -> None:
        self.mm = 350
        self._complete = False

    def read(self, register: int | None, size: int) -> bytes:
        """Range status at 0x14, the distance ten bytes further."""
        assert register == 0x14 and size == 12
        return bytes((self._complete,)) + bytes(9) + self.mm.to_bytes(2, "big")

    def write(self, register: int | None, data: bytes) -> None:
        """SYSRANGE_START."""
        assert (register, data) == (0x00, b"\x01")
        self._complete = True


class Levels:
    """TCA9548A and the four VL53L0X behind it: only the one whose channel is open is spoken to.

    `mm` is what each of them measures; one that is `unplugged` does not answer.
    """

    def __init__(self) -> None:
        self.mm = [1100] * 4
        self.unplugged: set[int] = set()
        self.channels = Channels()
        self._complete = [False] * 4

    def read(self, register: int | None, size: int) -> bytes:
        """The result of the one that is spoken to."""
        assert register == 0x14 and size == 12
        at = self._spoken_to()
        complete, self._complete[at] = self._complete[at], False
        return bytes((complete,)) + bytes(9) + self.mm[at].to_bytes(2, "big")

    def write(self, register: int | None, data: bytes) -> None:
        """SYSRANGE_START."""
        assert (register, data) == (0x00, b"\x01")
        self._complete[self._spoken_to()] = True

    def _spoken_to(self) -> int:
        open_ = [at for at in range(4) if self.channels.open >> at & 1]
        assert len(open_) == 1, "two sensors of one address on the bus"
        if open_[0] in self.unplugged:
            raise OSError(5)
        return open_[0]


class Channels:
    """The multiplexer's one register: a bit for each channel that is open."""

    def __init__(self) -> None:
        self.open = 0

    def read(self, register: int | None, size: int) -> bytes:
        """It is never read."""
        raise AssertionError((register, size))

    def write(self, register: int | None, data: bytes) -> None:
        """Open these channels and no others."""
        assert register is None and len(data) == 1
        self.open = data[0]


class Fram:
    """MB85RC256V: 32 KB; a `worn` one keeps something else than it is told."""

    def __init__(self) -> None:
        self.cells = bytearray(32768)
        self.worn = False
        self.writes = 0

    def read(self, register: int | None, size: int) -> bytes:
        """Bytes from an address of 16 bits on."""
        assert register is not None
        return bytes(self.cells[register : register + size])

    def write(self, register: int | None, data: bytes) -> None:
        """Likewise."""
        assert register is not None
        self.writes += 1
        kept = bytes(byte ^ 0xFF for byte in data) if self.worn else data
        self.cells[register : register + len(data)] = kept
