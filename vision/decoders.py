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
    # Not `QRCode`: that takes in Micro QR, whose check alone is too weak and gave a false text.
    QR: zxingcpp.BarcodeFormat.QRCodeModel2,
    EAN_13: zxingcpp.BarcodeFormat.EAN13,
    EAN_8: zxingcpp.BarcodeFormat.EAN8,
}

_NAMES = {
    zxingcpp.BarcodeFormat.QRCode: QR,
    zxingcpp.BarcodeFormat.QRCodeModel2: QR,
    zxingcpp.BarcodeFormat.EAN13: EAN_13,
    zxingcpp.BarcodeFormat.EAN8: EAN_8,
}
"""What a reading's format is called: asked for Model 2, zxing-cpp answers with the family."""


def zxing(grey: Grey, formats: tuple[str, ...]) -> list[Code]:
    """Read with zxing-cpp in its full mode (rotated, inverted and downscaled codes too)."""
    return _zxing(grey, formats)


def zxing_line(grey: Grey, formats: tuple[str, ...]) -> list[Code]:
    """Read with zxing-cpp a line of even light whose bars stand upright: one fixed threshold."""
    return _zxing(
        grey,
        formats,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )


def _zxing(grey: Grey, formats: tuple[str, ...], **options: Any) -> list[Code]:
    found = zxingcpp.read_barcodes(
        # It takes whole arrays only; a part of a picture is copied.
        np.ascontiguousarray(grey),
        formats=zxingcpp.BarcodeFormats([_ZXING[name] for name in formats]),
        text_mode=zxingcpp.TextMode.Plain,
        **options,
    )
    return [
        Code(_NAMES[code.format], code.text, _zxing_corners(code.position), "zxing-cpp")
        for code in found
        if code.valid and _NAMES.get(code.format) in formats
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
    found = library.decode(np.ascontiguousarray(grey), symbols=[wanted[name] for name in formats])
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
    """A QR code's polygon; else the four corners of the upright rectangle, in reading order.

    A barcode's polygon is the hull of what was scanned and begins anywhere.
    """
    if read.type == "QRCODE" and len(read.polygon) == 4:
        return tuple((int(point.x), int(point.y)) for point in read.polygon)
    corners = tuple(_rectangle(*read.rect))
    first = _FIRST_CORNER.get(read.orientation, 0)
    return corners[first:] + corners[:first]


_FIRST_CORNER = {"UP": 0, "RIGHT": 1, "DOWN": 2, "LEFT": 3}
"""Where reading begins, by where zbar says that a code's upper side points; clockwise."""


def _rectangle(left: int, top: int, width: int, height: int) -> Iterator[tuple[int, int]]:
    right, bottom = left + max(width, 1), top + max(height, 1)
    yield from ((left, top), (right, top), (right, bottom), (left, bottom))
