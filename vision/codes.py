"""Codes in pictures: QR codes of residents and barcodes of containers.

The cascade tries what is likeliest to read first and stops as soon as everything seen is sure:
zxing-cpp, then zxing-cpp on a blurred picture (sensor noise) and on one with its contrast
levelled (dim screens, glare), then zbar. A QR code's own error correction makes one reading
enough. A barcode has one check digit, which passes one misreading in ten: it counts only when
two decoders agree, or when one reads the same again in a later picture, from another place.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np

from vision.decoders import FORMATS, QR, Code, Decoder, Grey, zbar, zxing
from vision.errors import VisionError
from vision.images import Image, checked

__all__ = ["FORMATS", "Code", "agree", "read", "scan"]

BUDGET_S = 0.25
MOVED_PX = 12
"""How far along its length a barcode must have moved for a second picture to be new evidence."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One attempt: what is done to the picture, and who then reads it."""

    name: str
    decoder: Decoder
    prepare: Callable[[Grey], Grey]


def _plain(grey: Grey) -> Grey:
    return grey


def _blurred(grey: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.5), np.uint8)


def _levelled(grey: Grey) -> Grey:
    return np.asarray(cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(grey), np.uint8)


_STEPS = (
    _Step("zxing-cpp", zxing, _plain),
    _Step("zxing-cpp", zxing, _blurred),
    _Step("zxing-cpp", zxing, _levelled),
    _Step("zbar", zbar, _plain),
    _Step("zbar", zbar, _blurred),
)


def scan(
    image: Image,
    *,
    budget_s: float = BUDGET_S,
    formats: tuple[str, ...] = FORMATS,
    clock: Callable[[], float] = time.monotonic,
) -> list[Code]:
    """Read the codes of one picture that are sure; empty where there are none.

    No step begins after `budget_s` seconds by `clock`; one that runs is not broken off (each
    takes a few milliseconds to some tens).

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
    clock: Callable[[], float] = time.monotonic,
) -> list[Code]:
    """Give every reading of one picture, sure or not, for `agree` over several pictures.

    Arguments and errors are those of `scan`.
    """
    if strange := set(formats) - set(FORMATS):
        raise VisionError(f"code formats {sorted(strange)}: not read; use some of {FORMATS}")
    grey = np.asarray(cv2.cvtColor(checked(image), cv2.COLOR_RGB2GRAY), np.uint8)
    deadline = clock() + budget_s
    readings: list[Code] = []
    waiting = deque(_STEPS)
    while waiting and clock() < deadline:
        step = waiting.popleft()
        readings += step.decoder(step.prepare(grey), formats)
        unsure = _unsure(readings)
        if readings and not unsure:
            break
        if unsure:
            waiting = _second_opinion_first(waiting, unsure)
    return readings


def agree(frames: Sequence[Sequence[Code]]) -> list[Code]:
    """Give what is sure over one or several pictures' readings, each code once, in order.

    A QR code needs one reading, a barcode two that are independent of each other: by different
    decoders, or in two pictures between which it moved. The latest corners are given.
    """
    readings = [(number, code) for number, frame in enumerate(frames) for code in frame]
    sure: dict[tuple[str, str], Code] = {}
    for _, code in readings:
        same = [reading for reading in readings if _key(reading[1]) == _key(code)]
        if code.format == QR or _independent(same):
            who = "+".join(sorted({other.decoder for _, other in same}))
            sure[_key(code)] = replace(code, decoder=who)
    return list(sure.values())


def _key(code: Code) -> tuple[str, str]:
    return code.format, code.text


def _independent(readings: Sequence[tuple[int, Code]]) -> bool:
    """Whether two of these equal readings (picture's number, code) cannot share one mistake."""
    return any(
        first.decoder != other.decoder or (number != at and _moved_px(first, other) >= MOVED_PX)
        for (number, first), (at, other) in combinations(readings, 2)
    )


def _moved_px(code: Code, other: Code) -> float:
    """How far a barcode moved along its own length.

    Across the bars decoders report whichever row they happened to read, so that says nothing.
    """
    corners = np.asarray(code.corners, np.float64)
    length = corners[1] - corners[0]
    shift = np.mean(other.corners, axis=0) - corners.mean(axis=0)
    return float(abs(shift @ length) / max(float(np.hypot(*length)), 1.0))


def _unsure(readings: Sequence[Code]) -> list[Code]:
    """The barcodes that only one decoder has seen so far."""
    sure = {_key(code) for code in agree([readings])}
    return [code for code in readings if _key(code) not in sure]


def _second_opinion_first(waiting: deque[_Step], unsure: Sequence[Code]) -> deque[_Step]:
    """Put the steps by another decoder than the one that saw a barcode first."""
    seen = {code.decoder for code in unsure}
    return deque(sorted(waiting, key=lambda step: step.name in seen))
