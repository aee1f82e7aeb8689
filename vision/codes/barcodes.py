"""Barcodes by their likeliest digits, and what the common decoders say to the same line.

A reading of `bars` is an opinion like any other and wants a second one. Where zxing-cpp and zbar
read nothing in the picture, they are shown the line with its blur undone as far as noise allows
(Wiener's filter). That sharpens, and a sharpened line is where decoders read wrong values: so
they are heard there only if they say exactly what `bars` has read from the line as it was.
Where they cannot read at all, a second line from other rows of the label may speak for an EAN-13,
if each of the two by itself leaves no other digit any chance and they share no pixel. Not for an
EAN-8: with half the digits a wrong one was once drawn as surely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from vision.codes import bars
from vision.codes.ean import EAN_8_LAYOUT, EAN_13_LAYOUT, Layout
from vision.codes.lines import apart, envelope, lines
from vision.codes.placement import Line, placed
from vision.codes.survey import Stripes
from vision.decoders import EAN_8, EAN_13, Code, Corners, Decoder, Grey, zbar, zxing_line

BARS = "bars"
"""The name under which these readings go."""

LAYOUTS = {EAN_13: EAN_13_LAYOUT, EAN_8: EAN_8_LAYOUT}

OTHER_ROWS = "bars on other rows"
"""The name of a second reading by `bars` of rows of pixels that the first has not seen."""

CERTAIN_LEAD = 1.0
"""From here on a second band counts as a second opinion on an EAN-13: sixteen times the lead of any
wrong one that was drawn so well, in 325 photographs and 800 spoiled drawings."""

MOST_LINES = 2

MODULE_PX = 4
ROWS = 24
ENVELOPE_MODULES = 11

CLEARINGS: tuple[tuple[Decoder, float, float], ...] = (
    (zxing_line, 0.85, 0.003),
    (zxing_line, 1.0, 0.01),
    (zxing_line, 0.85, 0.001),
    (zxing_line, 1.0, 0.001),
    (zxing_line, 0.7, 0.03),
    (zxing_line, 1.0, 0.1),
    (zbar, 0.5, 0.03),
)
"""Who is asked, the share of the blur that is undone, and the noise that is reckoned with."""


def barcodes(grey: Grey, stripes: Stripes, kind: str) -> Iterator[list[Code]]:
    """Read one barcode on the stripes, band after band, until a reading has a second opinion.

    Args:
        grey: The picture, height × width.
        stripes: Where in it.
        kind: `EAN_13` or `EAN_8`.

    Yields:
        For each band what `bars` reads there and who confirms it; each takes some milliseconds.
    """
    layout = LAYOUTS[kind]
    alone = kind == EAN_13 and apart(stripes)
    certain: set[str] = set()
    for band in lines(grey, stripes):
        found = _first(band, layout)
        if found is None:
            yield []
            continue
        line, at, read = found
        mine = Code(kind, read.digits, at, BARS)
        others = list(_confirmed(line, layout, read, mine))
        if alone and read.lead >= CERTAIN_LEAD:
            if read.digits in certain:
                others.append(replace(mine, decoder=OTHER_ROWS))
            certain.add(read.digits)
        yield [mine, *others]
        if others:
            return


def _first(
    band: Sequence[tuple[Line, Corners]], layout: Layout
) -> tuple[Line, Corners, bars.Read] | None:
    """The first reading of those lines of a band that look most like digits."""
    rough = [(placed(line, layout), at) for line, at in band]
    rough.sort(key=lambda one: -one[0].likeness)
    for one, at in rough[:MOST_LINES]:
        read = bars.read(one, layout)
        if read is not None:
            return one.line, at, read
    return None


def _confirmed(line: Line, layout: Layout, read: bars.Read, mine: Code) -> Iterator[Code]:
    """The first decoder that reads the same from the cleared line, if one does."""
    clear = _clearing(line, layout, read.blur)
    for decoder, share, noise in CLEARINGS:
        for code in decoder(clear(share, noise), (mine.format,)):
            if code.text == mine.text:
                yield replace(mine, decoder=code.decoder)
                return


def _clearing(line: Line, layout: Layout, blur: float) -> Callable[[float, float], Grey]:
    """A line made even in light, of `MODULE_PX` a module, whose blur can be undone."""
    scale = MODULE_PX * layout.modules / (line.last_px - line.first_px)
    light = cv2.resize(line.light[None], None, fx=scale, fy=1, interpolation=cv2.INTER_CUBIC)[0]
    low, high = envelope(np.asarray(light, np.float32), ENVELOPE_MODULES * MODULE_PX + 1)
    contrast = np.maximum(high - low, 0.25 * (high - low).max() + 1)
    even = np.fft.rfft(np.clip((light - high) / contrast, -1.5, 0.5))
    waves = np.fft.rfftfreq(len(light), 1 / MODULE_PX)

    def clear(share: float, noise: float) -> Grey:
        kept = np.exp(-2 * (np.pi * share * blur * waves) ** 2)
        row = np.fft.irfft(even * kept * (1 + noise) / (kept**2 + noise), len(light))
        return np.tile(np.clip(230 + 190 * row, 0, 255).astype(np.uint8), (ROWS, 1))

    return clear
