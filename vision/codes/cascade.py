"""One picture through all that can read it, cheapest first, until all that is seen is sure.

zxing-cpp sees the whole picture at its native size. What it leaves is looked at where the survey
says that something may be: stripes by `bars` and zbar, other patterns by the retries.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from vision.codes.agreement import agree, unsure
from vision.codes.barcodes import barcodes
from vision.codes.retries import RETRIES, SIDE_PX, moved
from vision.codes.survey import Box, Stripes, survey
from vision.decoders import EAN_8, EAN_13, FORMATS, QR, Code, Grey, zbar, zxing
from vision.errors import VisionError
from vision.images import Image, checked

BUDGET_S = 0.25
"""For one picture that nothing follows; a camera's pictures have less each (`tracking`)."""

Clock = Callable[[], float]
Attempts = Iterator[list[Code]]
"""Readings, worked out as they are asked for: each `next` is one bounded piece of work."""


def scan(
    image: Image,
    *,
    budget_s: float = BUDGET_S,
    formats: tuple[str, ...] = FORMATS,
    clock: Clock = time.monotonic,
) -> list[Code]:
    """Read the codes of one picture that are sure; empty where there are none.

    No attempt begins after `budget_s` seconds by `clock`; one that runs is not broken off (each
    takes a few milliseconds, the first one up to ten).

    Raises:
        ImageError: `image` is not RGB, uint8, height × width × 3.
        VisionError: A format is asked for that is not in `FORMATS`.
    """
    return agree([read(image, budget_s=budget_s, formats=formats, clock=clock)])


def read(
    image: Image,
    *,
    budget_s: float = BUDGET_S,
    formats: tuple[str, ...] = FORMATS,
    clock: Clock = time.monotonic,
) -> list[Code]:
    """Give every reading of one picture, sure or not, for `agree` over several pictures.

    Arguments and errors are those of `scan`.
    """
    grey = grey_of(image, formats)
    deadline_s = clock() + budget_s
    readings: list[Code] = []
    attempts = _attempts(grey, formats, readings)
    while clock() < deadline_s:
        found = next(attempts, None)
        if found is None:
            break
        readings += found
    return readings


def grey_of(image: Image, formats: tuple[str, ...]) -> Grey:
    """The picture as decoders want it; raises what `scan` raises."""
    if strange := set(formats) - set(FORMATS):
        raise VisionError(f"code formats {sorted(strange)}: not read; use some of {FORMATS}")
    return np.asarray(cv2.cvtColor(checked(image), cv2.COLOR_RGB2GRAY), np.uint8)


def _attempts(grey: Grey, formats: tuple[str, ...], readings: Sequence[Code]) -> Attempts:
    """What is worth trying; `readings` holds what the attempts before have read."""
    yield zxing(grey, formats)
    if settled(readings):
        return
    places = survey(grey)
    yield from on_stripes(grey, formats, places.stripes, readings)
    if QR in formats:
        for box in places_in(grey, places.patterns):
            for retry in RETRIES:
                if settled(readings):
                    return
                yield retry.read(grey, box)


def settled(readings: Sequence[Code]) -> bool:
    """Whether something was read, and all of it is sure."""
    return bool(readings) and not unsure(readings)


def on_stripes(
    grey: Grey, formats: tuple[str, ...], stripes: Sequence[Stripes], readings: Sequence[Code]
) -> Attempts:
    """First `bars` on all stripes, for a book bears two barcodes; then zbar on what is unsure."""
    reported = {code.format for code in readings}
    # A short line of digits fits by chance sooner: it is looked for only once it is reported.
    kinds = [EAN_8, EAN_13] if EAN_8 in reported else [EAN_13]
    for kind in kinds:
        if kind in formats and not settled(readings):
            for one in stripes:
                yield from barcodes(grey, one, kind)
    for code in unsure(readings):
        box = Box.around(code.corners).grown(grey, share=0.3)
        yield [moved(other, box) for other in zbar(box.of(grey), (code.format,))]


def places_in(grey: Grey, patterns: Sequence[Box]) -> list[Box]:
    """Where QR codes are tried again; a picture no larger than such a place is one as a whole.

    As many places as together are no larger than one may be, so that all cost the same.
    """
    if max(grey.shape) <= SIDE_PX:
        return [Box(0, 0, grey.shape[1], grey.shape[0])]
    boxes = [box.grown(grey) for box in patterns]
    sizes_px = np.cumsum([min(box.of(grey).size, SIDE_PX**2) for box in boxes])
    return [box for box, size_px in zip(boxes, sizes_px, strict=True) if size_px <= SIDE_PX**2]
