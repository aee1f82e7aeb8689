"""A slip as the bytes of ESC/POS: text in GBK, and each QR code as a picture.

Only commands that printers of every make know: the common ones of Epson's reference, and FS & for
Chinese, which printers made for China have in their font. Widths are in columns: a column is a
Latin letter, 12 dots; a Chinese character takes two.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import segno
from segno import DataOverflowError

from controller.core.slip import Code, Line
from controller.ports import PrinterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.core.slip import Slip

DOTS = {58: 384, 80: 576}
"""Paper in mm → printable dots across, 8 a mm."""

COLUMN_DOTS = 12

INITIALISE = b"\x1b@"
CHINESE = b"\x1c&"
CENTRE, LEFT = b"\x1ba\x01", b"\x1ba\x00"
BIG, PLAIN = b"\x1d!\x11", b"\x1d!\x00"
RASTER_DOUBLED = b"\x1dv0\x03"
"""A picture whose every dot is drawn two wide and two high: a quarter of the bytes."""

SMALLEST, LARGEST = 2, 3
"""Doubled dots to a module: half a millimetre is what a phone reads without care."""

FEED = b"\x1bd\x04"
"""Four lines: from the print head to the edge where paper is torn."""

CUT = b"\x1dVB\x00"
"""Feeds to the knife and cuts, but for a bridge that holds the slip until somebody takes it."""


def encoded(slip: Slip, width_mm: int, *, cuts: bool) -> bytes:
    """The bytes that print this slip on paper of 58 or 80 mm.

    Raises:
        PrinterError: `failing`: a code is too large for the paper.
    """
    parts = [INITIALISE, CHINESE]
    for one in slip:
        if isinstance(one, Code):
            parts += [CENTRE, _picture(one.content, DOTS[width_mm]), b"\n", LEFT]
        elif one.big:
            words = [_gbk(row) + b"\n" for row in _folded(one.text, _columns(width_mm) // 2)]
            parts += [CENTRE, BIG, *words, PLAIN, LEFT]
        else:
            parts += [_gbk(row) + b"\n" for row in _rows(one, _columns(width_mm))]
    return b"".join([*parts, FEED, CUT if cuts else b""])


def _columns(width_mm: int) -> int:
    return DOTS[width_mm] // COLUMN_DOTS


def _rows(line: Line, columns: int) -> list[str]:
    """The line in rows of paper; what is to stand right stands at the end of the last one."""
    rows = list(_folded(line.text, columns)) or [""]
    right = [" " * (columns - _width(one)) + one for one in _folded(line.right, columns)]
    if len(right) == 1 and _width(rows[-1]) < columns - _width(right[0].lstrip()):
        rows[-1] += right.pop()[_width(rows[-1]) :]
    return rows + right


def _folded(text: str, columns: int) -> Iterator[str]:
    """`text` in rows of at most so many columns, broken at blanks where there are any."""
    row = ""
    for letter in _printable(text):
        if _width(row + letter) > columns:
            head, blank, tail = row.rpartition(" ")
            cut = blank and letter != " " and head
            yield head if cut else row
            row = tail if cut else ""
        row += letter if row or letter != " " else ""
    if row:
        yield row


def _printable(text: str) -> str:
    """Without anything that a printer would obey, and with letters that its font has."""
    return "".join(_in_font(letter) for letter in text if letter.isprintable())


def _in_font(letter: str) -> str:
    """The letter, a plainer one of the same meaning (2 for a lowered 2), or a question mark."""
    for one in (letter, unicodedata.normalize("NFKC", letter)):
        if _is_gbk(one):
            return one
    return "?"


def _is_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _gbk(row: str) -> bytes:
    return row.encode("gbk")


def _width(text: str) -> int:
    """Columns: what GBK has in two bytes is as wide as it is high."""
    return len(text.encode("gbk"))


def _picture(content: str, dots: int) -> bytes:
    """A QR code whose modules are as many dots wide as fit: 4, or 6, which is 0.75 mm.

    Level M, since paper is folded and rubbed. The paper's own margin is the quiet zone at the
    sides; lines above and below are.
    """
    try:
        code = segno.make(content, micro=False, error="m", boost_error=False)
    except DataOverflowError as error:
        raise _too_large(content, dots) from error
    rows = [bytes(row) for row in code.matrix]
    scale = min(LARGEST, dots // 2 // len(rows))
    if scale < SMALLEST:
        raise _too_large(content, dots)
    packed = [_packed(row, scale) for row in rows]
    across, down = len(packed[0]), len(rows) * scale
    size = across.to_bytes(2, "little") + down.to_bytes(2, "little")
    return b"\n" + RASTER_DOUBLED + size + b"".join(row * scale for row in packed)


def _too_large(content: str, dots: int) -> PrinterError:
    return PrinterError(
        "failing",
        f"a QR code of {len(content)} characters is too large for a printer's {dots} dots",
    )


def _packed(row: bytes, scale: int) -> bytes:
    """One row of modules, each `scale` bits wide, in whole bytes; the left bit is the highest."""
    bits = "".join(str(int(bool(module))) * scale for module in row)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
