"""Image files made byte by byte: those that no camera of a kiosk gives, and some that lie."""

from __future__ import annotations

import struct
import zlib

GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002")
"""The beginning of a GIF of one pixel."""

CMYK_JPEG = bytes.fromhex(
    "ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b28252528"
    "513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ff"
    "c000140800080008044311004d11005911004b1100ffc40014000100000000000000000000000000000006ff"
    "c40014100100000000000000000000000000000000ffda000e0443004d0059004b00003f004c36364cffd9"
)
"""Eight by eight pixels of red in four inks, as a printer's programs write them."""


def png_of(width: int, height: int, *extra: bytes) -> bytes:
    """A PNG that claims a size and holds next to nothing; `extra` chunks follow the header."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), *extra, _chunk(b"IDAT", zlib.compress(b"\0" * 64)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + _chunk(b"IEND", b"")


def moving_png() -> bytes:
    """A PNG of two frames."""
    return png_of(8, 8, _chunk(b"acTL", struct.pack(">II", 2, 0)))


def moving_webp() -> bytes:
    """A WebP file's extended header with the animation's flag set, eight by eight pixels."""
    extended = b"VP8X" + struct.pack("<IB3x", 10, 0x02) + b"\x07\0\0\x07\0\0"
    return b"RIFF" + struct.pack("<I", 4 + len(extended)) + b"WEBP" + extended


def turned_jpeg(jpeg: bytes) -> bytes:
    """The JPEG with a camera's note that it was held on its side (EXIF orientation 6)."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    note = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + jpeg[2:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check
