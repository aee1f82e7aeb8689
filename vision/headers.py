"""What the first bytes of an image file say: its format, its size, whether it moves.

A decoder makes room for a picture before it looks at a pixel, so a small file can ask for all
the memory there is. Whoever reads the header first can refuse it for nothing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import NamedTuple

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that begin a frame and hold its size (ITU-T T.81, table B.1)."""

JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restarts."""

WEBP_MOVES = 0x02
"""The flag of an animation in a VP8X chunk (RFC 9649, 2.7)."""

BMP_OLD_HEADER = 12
"""Length of the oldest bitmap header, whose sizes are 16-bit."""

MOST_STEPS = 10_000
"""So many segments or chunks are gone through for the size. A camera writes fewer than a hundred;
one million empty ones fit into a file that is short enough to be read."""

_MARKER = re.compile(rb"\xff+([^\xff])")
"""A marker of a JPEG after any number of fill bytes (ITU-T T.81, B.1.1.2)."""


class Header(NamedTuple):
    """Format, size in pixels as stored (before any turning), and whether the file moves."""

    format: str
    width: int
    height: int
    moves: bool = False


def read_header(data: bytes) -> Header | None:
    """Read the header of a JPEG, PNG, WebP or BMP file; None where the bytes begin none.

    No picture is decoded, and nothing is sized by what the bytes claim. A file whose magic is
    right and whose header is cut off, broken or behind more than `MOST_STEPS` parts is none either.
    """
    for magic, reader in _READERS.items():
        if data.startswith(magic):
            try:
                return reader(data)
            except (struct.error, IndexError):  # it ends before its size is told
                return None
    return None


def _png(data: bytes) -> Header | None:
    """IHDR comes first; `acTL` before the picture's data makes it an animation (PNG, third ed.)."""
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    place = len(PNG_MAGIC)
    for _ in range(MOST_STEPS):
        kind = data[place + 4 : place + 8]
        if kind in (b"acTL", b"IDAT", b""):
            return Header("PNG", width, height, moves=kind == b"acTL")
        place += 12 + struct.unpack_from(">I", data, place)[0]
    return None


def _jpeg(data: bytes) -> Header | None:
    """Go from marker to marker until a frame begins (ITU-T T.81, B.1)."""
    place = 2
    for _ in range(MOST_STEPS):
        found = _MARKER.match(data, place)
        if found is None:
            return None
        marker, place = found[1][0], found.end()
        if marker in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 3)
            return Header("JPEG", width, height)
        if marker not in JPEG_ALONE:
            place += struct.unpack_from(">H", data, place)[0]
    return None


def _webp(data: bytes) -> Header | None:
    """The three first chunks that a WebP file may have (RFC 9649, 2.5 to 2.7)."""
    if data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return Header("WebP", width, height, moves=bool(data[20] & WEBP_MOVES))
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return Header("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WebP", width & 0x3FFF, height & 0x3FFF)
    return None


def _bmp(data: bytes) -> Header | None:
    """Sizes are signed in all headers but the oldest; a negative height means top row first."""
    (length,) = struct.unpack_from("<I", data, 14)
    layout = "<HH" if length == BMP_OLD_HEADER else "<ii"
    width, height = struct.unpack_from(layout, data, 18)
    return Header("BMP", abs(width), abs(height))


_READERS: dict[bytes, Callable[[bytes], Header | None]] = {
    PNG_MAGIC: _png,
    JPEG_MAGIC: _jpeg,
    b"RIFF": _webp,
    b"BM": _bmp,
}
