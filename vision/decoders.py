"""The two code decoders behind one shape: a grey picture in, what was read out.

zxing-cpp is the main one; zbar (through pyzbar) is the second opinion. zbar is a system library
that may be missing: then one warning names the package and zbar reads nothing.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

log = logging.getLogger(__name__)

Grey = NDArray[np.uint8]
"""A grey picture: height × width."""

QR, EAN_13, EAN_8 = "QR", "EAN-13", "EAN-8"
FORMATS = (QR, EAN_13, EAN_8)
"""What is read. A UPC-A symbol is the EAN-13 that begins with zero and is reported as that."""

Corners = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One reading of one code.

    `format` is one of `FORMATS`, `text` the payload exactly as decoded, `corners` at least four
    (x, y) pixels around it, `decoder` who read it (joined by `+` where several agreed).
    """

    format: str
    text: str
    corners: Corners
    decoder: str


Decoder = Callable[[Grey, tuple[str, ...]], list[Code]]

_ZXING = {
    QR: zxingcpp.BarcodeFormat.QRCode,
    EAN_13: zxingcpp.BarcodeFormat.EAN13,
    EAN_8: zxingcpp.BarcodeFormat.EAN8,
}


def zxing(grey: Grey, formats: tuple[str, ...]) -> list[Code]:
    """Read with zxing-cpp in its full mode (rotated, inverted and downscaled codes too)."""
    names = {_ZXING[name]: name for name in formats}
    found = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats(list(names)), text_mode=zxingcpp.TextMode.Plain
    )
    return [
        Code(names[code.format], code.text, _zxing_corners(code.position), "zxing-cpp")
        for code in found
        if code.valid and code.format in names
    ]


def _zxing_corners(position: Any) -> Corners:
    """The four corners in reading order, as pixels."""
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((int(point.x), int(point.y)) for point in points)


def zbar(grey: Grey, formats: tuple[str, ...]) -> list[Code]:
    """Read with zbar; nothing where its library is missing.

    zbar guesses the charset of a QR code that is not ASCII, and guesses wrong, so such a
    reading is dropped: no reading is better than a wrong one.
    """
    library = _load_zbar()
    if library is None:
        return []
    symbols = library.ZBarSymbol
    wanted = {QR: symbols.QRCODE, EAN_13: symbols.EAN13, EAN_8: symbols.EAN8}
    names = {wanted[name].name: name for name in formats}
    found = library.decode(grey, symbols=[wanted[name] for name in formats])
    return [
        Code(names[read.type], read.data.decode("ascii"), _zbar_corners(read), "zbar")
        for read in found
        if read.type in names and read.data.isascii()
    ]


@functools.cache
def _load_zbar() -> Any:
    """Import pyzbar once; None, and one warning, where it or its system library is missing."""
    try:
        from pyzbar import pyzbar
    except ImportError as error:
        log.warning("second code reader missing error=%s hint=install_package_libzbar0", error)
        return None
    return pyzbar


def _zbar_corners(read: Any) -> Corners:
    """The polygon zbar gives, or the four corners of its rectangle where that is no area."""
    if len(read.polygon) == 4:
        return tuple((int(point.x), int(point.y)) for point in read.polygon)
    return tuple(_rectangle(*read.rect))


def _rectangle(left: int, top: int, width: int, height: int) -> Iterator[tuple[int, int]]:
    right, bottom = left + max(width, 1), top + max(height, 1)
    yield from ((left, top), (right, top), (right, bottom), (left, bottom))
