"""Which readings are sure: a misread is worse than no read.

A QR code corrects its own errors, so one reading of it is enough. A barcode has one check digit,
which passes one misreading in ten: it counts only when two decoders read it, or when one reads
the same again in a later picture, from another place. An EAN-8 is so short that decoders find it
in texts and fences: there one of the two must be `bars`, which asks the whole line to fit.
Preparations of one picture are no opinions of their own: whatever was done to it before zxing-cpp
read it, zxing-cpp speaks once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vision.codes.barcodes import BARS
from vision.decoders import EAN_8, QR, Code

MOVED_PX = 12
"""How far along its length a barcode must have moved for a second picture to be new evidence."""

BESIDE_PX, BESIDE_SHARE = 8, 0.1
"""A code's box is too small by up to a block of the survey and the twentieths that it leaves off
at both ends: what lies so near, in pixels and as a share of the box, is still the same place."""


def agree(frames: Sequence[Sequence[Code]]) -> list[Code]:
    """Give what is sure over one or several pictures' readings, each code once, in order.

    A QR code needs one reading, a barcode two that are independent of each other: by different
    decoders, or in two pictures between which it moved. Where `bars` reads something else at
    the same place, in whichever of the pictures, it is not sure. The latest corners are given.
    """
    readings = [(number, code) for number, frame in enumerate(frames) for code in frame]
    sure: dict[tuple[str, str], Code] = {}
    for _, code in readings:
        same = [reading for reading in readings if _key(reading[1]) == _key(code)]
        if code.format == QR or (_independent(same) and not _denied(same, readings)):
            who = "+".join(sorted({other.decoder for _, other in same}))
            sure[_key(code)] = replace(code, decoder=who)
    return list(sure.values())


def unsure(readings: Sequence[Code]) -> list[Code]:
    """The barcodes of one picture that want another opinion."""
    sure = {_key(code) for code in agree([readings])}
    return [code for code in readings if _key(code) not in sure]


def _key(code: Code) -> tuple[str, str]:
    return code.format, code.text


def _independent(same: Sequence[tuple[int, Code]]) -> bool:
    """Whether two of these equal readings (picture's number, code) cannot share one mistake."""
    if same[0][1].format == EAN_8 and all(code.decoder != BARS for _, code in same):
        return False
    return any(
        first.decoder != other.decoder or (number != at and _moved_px(first, other) >= MOVED_PX)
        for (number, first), (at, other) in combinations(same, 2)
    )


def _denied(same: Sequence[tuple[int, Code]], readings: Sequence[tuple[int, Code]]) -> bool:
    """Whether `bars` read something else, in any picture, where one of these was read."""
    return any(
        other.decoder == BARS and _key(other) != _key(code) and _one_place(other, code)
        for _, code in same
        for _, other in readings
    )


def _one_place(code: Code, other: Code) -> bool:
    """Whether the middle of either lies in the other's box.

    Both ways, for zxing-cpp and zbar tell but the rows that they have read.
    """
    return _holds(code, other) or _holds(other, code)


def _holds(code: Code, other: Code) -> bool:
    """Whether the middle of the other lies in the upright box around a code, or just beside it."""
    middle = np.mean(other.corners, axis=0)
    least, most = np.min(code.corners, axis=0), np.max(code.corners, axis=0)
    margin_px = BESIDE_PX + BESIDE_SHARE * (most - least)
    return bool((least - margin_px <= middle).all() and (middle <= most + margin_px).all())


def _moved_px(code: Code, other: Code) -> float:
    """How far a barcode moved along its own length.

    Across the bars decoders report whichever rows they happened to read, so that says nothing.
    Other rows of a slanting label begin elsewhere too: what is not square to the bars' own
    direction does not count either.
    """
    corners = np.asarray(code.corners, np.float64)
    shift = np.mean(other.corners, axis=0) - corners.mean(axis=0)
    length, (down_x, down_y) = corners[1] - corners[0], corners[3] - corners[0]
    square = np.array([down_y, -down_x]) if down_x or down_y else length
    return min(_along_px(shift, length), _along_px(shift, square))


def _along_px(shift: NDArray[np.float64], direction: NDArray[np.float64]) -> float:
    return float(abs(shift @ direction) / max(float(np.hypot(*direction)), 1.0))
