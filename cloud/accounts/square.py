"""Codes as pictures: what a kiosk's camera reads from a phone, and from a printed card."""

from __future__ import annotations

import segno


def square(text: str, error: str = "m") -> str:
    """A QR code as SVG: error correction M or another, 4 modules of quiet zone (ISO/IEC 18004)."""
    return segno.make(text, error=error, boost_error=False, micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
