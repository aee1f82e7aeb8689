"""Codes and points made on the spot."""

from __future__ import annotations

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from vision.images import Image

POINT_WIDTH = 320
"""Dimensions of `clouds`."""


def qr_picture(text: str, module_px: int = 5, quiet: int = 4) -> Image:
    """A QR code on a phone's screen before a grey wall: 480 × 640 × 3."""
    matrix = np.array([list(row) for row in segno.make(text, micro=False).matrix], np.uint8)
    code = np.kron(1 - matrix, np.ones((module_px, module_px), np.uint8)) * 255
    code = np.pad(code, quiet * module_px, constant_values=255)
    picture = np.full((480, 640), 128, np.uint8)
    top, left = (480 - code.shape[0]) // 2, (640 - code.shape[1]) // 2
    picture[top : top + code.shape[0], left : left + code.shape[1]] = code
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), np.uint8)


def ean_picture(digits: str, module_px: int = 3, top: int = 120, left: int = 100) -> Image:
    """An EAN-13 barcode on white: 480 × 640 × 3; `digits` are all thirteen."""
    bars = np.array([int(bit) for bit in _ean_bits(digits)], np.uint8)
    stripe = np.repeat(255 * (1 - bars), module_px)
    picture = np.full((480, 640), 235, np.uint8)
    picture[top : top + 160, left : left + len(stripe)] = stripe
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), np.uint8)


_ODD = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
_PARITY = (
    *("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG"),
    *("LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"),
)


def _ean_bits(digits: str) -> str:
    """The 95 modules of an EAN-13 (GS1 General Specifications, 5.2.1)."""
    right = ["".join("10"[int(bit)] for bit in code) for code in _ODD]
    even = [code[::-1] for code in right]
    left = (
        (even if side == "G" else _ODD)[int(digit)]
        for side, digit in zip(_PARITY[int(digits[0])], digits[1:7], strict=True)
    )
    return f"101{''.join(left)}01010{''.join(right[int(d)] for d in digits[7:])}101"


def clouds(count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Points of three classes in POINT_WIDTH dimensions."""
    chance = np.random.default_rng(1)
    labels = np.arange(count) % 3
    centres = np.abs(chance.normal(size=(3, POINT_WIDTH)))
    points = centres[labels] + chance.normal(0, 0.6, (count, POINT_WIDTH))
    return labels.astype(np.int64), points.astype(np.float32)
