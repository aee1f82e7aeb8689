"""Pictures of codes as people hold them: drawn, seeded, each spoiled in one way or several.

A code is drawn flat, bent (a bottle, a shirt), tilted and turned, and then goes through light and
camera in their order: moire and glare, shadow, blur of the lens, motion, light as counted
electrons, the sensor's noise, JPEG. Bars after GS1 General Specifications, 5.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from vision.images import Image

Plane = NDArray[np.float32]
"""Brightness from 0 (black) to 1 (white): height × width."""

HEIGHT, WIDTH = 720, 1280
TEXTURE_PX = 8
"""Side of a module in the flat drawing."""

_ODD = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
_PARITY = (
    *("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE"),
    *("OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """How a code is held and seen; the defaults are a steady hand in good light.

    `side_px` is the length of the code's upper edge, quiet zone not counted. Angles are degrees;
    `bend` is the half-angle of the cylinder it lies on. `glare` is a radius and `shadow` a depth
    as shares of side and light, `moire` an amplitude, `brightness` the screen's share of full.
    """

    side_px: float = 200
    tilt: float = 5
    turn: float = 0
    bend: float = 0
    blur_px: float = 0.7
    motion_px: float = 0
    glare: float = 0
    shadow: float = 0
    moire: float = 0
    brightness: float = 1
    electrons: float = 10_000
    noise: float = 2.5
    inverted: bool = False


def qr_modules(text: str) -> NDArray[np.uint8]:
    """The modules of a QR code of level M, 1 = dark, without quiet zone: side × side."""
    matrix = segno.make_qr(text, error="m").matrix
    return np.array([list(row) for row in matrix], np.uint8)


def ean_modules(digits: str) -> NDArray[np.uint8]:
    """The modules of an EAN-13 of thirteen digits, 1 = bar: 60 × 95."""
    right = [code.translate(str.maketrans("01", "10")) for code in _ODD]
    even = [code[::-1] for code in right]
    left = (
        (even if side == "E" else _ODD)[int(digit)]
        for side, digit in zip(_PARITY[int(digits[0])], digits[1:7], strict=True)
    )
    bits = f"101{''.join(left)}01010{''.join(right[int(digit)] for digit in digits[7:])}101"
    return np.tile(np.array([int(bit) for bit in bits], np.uint8), (60, 1))


def ean_digits(seed: int) -> str:
    """Thirteen digits drawn by chance, the last of them the check digit."""
    twelve = np.random.default_rng(seed).integers(0, 10, 12)
    total = int(twelve[::2].sum() + 3 * twelve[1::2].sum())
    return "".join(map(str, twelve)) + str(-total % 10)


def photographed(modules: NDArray[np.uint8], shot: Shot, seed: int) -> Image:
    """Give the code in a picture of 720 × 1280 × 3, somewhere near its middle.

    Args:
        modules: 1 = dark, height × width.
        shot: How it is held and seen.
        seed: Place, direction of tilt and of motion, shadow and noise follow from it.
    """
    chance = np.random.default_rng(seed)
    page = _page(modules, shot)
    plane = _held(page, modules.shape[1], shot, chance)
    plane = _lit(plane, shot, chance)
    return _exposed(_blurred(plane, shot, chance), shot, chance)


def _page(modules: NDArray[np.uint8], shot: Shot) -> Plane:
    """The flat drawing on its white page, ten modules wide all around."""
    dark, light = 0.08, 0.95
    values = np.where(modules > 0, dark, light).astype(np.float32)
    page = np.pad(values, 10, constant_values=light)
    page = np.kron(page, np.ones((TEXTURE_PX, TEXTURE_PX), np.float32))
    return _bent(np.asarray(1 - page if shot.inverted else page, np.float32), shot.bend)


def _bent(page: Plane, half_angle: float) -> Plane:
    """The page around an upright cylinder, seen from the front."""
    if not half_angle:
        return page
    height, width = page.shape
    half = np.deg2rad(half_angle)
    across = np.linspace(-1, 1, width, dtype=np.float32) * np.sin(half)
    source = (np.arcsin(across) / half + 1) / 2 * (width - 1)
    columns = np.tile(source.astype(np.float32), (height, 1))
    rows = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, axis=1)
    return np.asarray(cv2.remap(page, columns, rows, cv2.INTER_LINEAR), np.float32)


def _held(page: Plane, modules_wide: int, shot: Shot, chance: np.random.Generator) -> Plane:
    """The page in perspective before a grey room, drawn twice as fine and averaged."""
    height, width = page.shape
    scale = 2 * shot.side_px / (modules_wide * TEXTURE_PX)
    smooth = max(0.45 / scale, 0.01)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), smooth), np.float32)
    corners = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    flat = np.pad(corners * scale, ((0, 0), (0, 1)))
    turned = flat @ _rotation(shot, chance.uniform(0, 2 * np.pi)).T
    distance = 3.0 * scale * max(width, height)
    seen = turned[:, :2] * distance / (distance + turned[:, 2:])
    middle = np.array([WIDTH, HEIGHT]) + chance.uniform(-60, 60, 2)
    target = (seen + middle).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(
        (corners + np.array([width, height]) / 2).astype(np.float32), target
    )
    room = cv2.resize(
        chance.uniform(0.25, 0.5, (9, 16)).astype(np.float32),
        (2 * WIDTH, 2 * HEIGHT),
        interpolation=cv2.INTER_CUBIC,
    )
    plane = cv2.warpPerspective(
        page, matrix, (2 * WIDTH, 2 * HEIGHT), dst=room, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(cv2.resize(plane, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.float32)


def _rotation(shot: Shot, towards: float) -> NDArray[np.float64]:
    """Turned in the picture's plane, then tilted about an axis of any direction."""
    turn, _ = cv2.Rodrigues(np.array([0, 0, np.deg2rad(shot.turn)]))
    axis = np.deg2rad(shot.tilt) * np.array([np.cos(towards), np.sin(towards), 0])
    tilt, _ = cv2.Rodrigues(axis)
    return np.asarray(tilt @ turn, np.float64)


def _lit(plane: Plane, shot: Shot, chance: np.random.Generator) -> Plane:
    """Moire of screen against sensor, a lamp's reflection, the shadow of a hand."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    if shot.moire:
        waves = np.sin(x * 0.9 + y * 0.31) + np.sin(x * 0.23 - y * 0.71)
        plane = plane * (1 + shot.moire * waves / 2)
    plane = plane * shot.brightness
    if shot.glare:
        away_px = np.hypot(x - middle_x - 20, y - middle_y + 15)
        plane = plane + np.exp(-((away_px / (shot.glare * shot.side_px)) ** 4))
    if shot.shadow:
        angle = chance.uniform(0, 2 * np.pi)
        depth_px = (x - middle_x) * np.cos(angle) + (y - middle_y) * np.sin(angle)
        plane = plane * (1 - shot.shadow / (1 + np.exp(-depth_px / (0.02 * shot.side_px))))
    return np.asarray(np.clip(plane, 0, 1), np.float32)


def _blurred(plane: Plane, shot: Shot, chance: np.random.Generator) -> Plane:
    """The lens, and the hand's motion while the shutter is open."""
    plane = np.asarray(cv2.GaussianBlur(plane, (0, 0), shot.blur_px), np.float32)
    if not shot.motion_px:
        return plane
    half = int(np.ceil(shot.motion_px / 2)) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    angle = chance.uniform(0, np.pi)
    for along in np.linspace(-0.5, 0.5, 8 * half):
        step = along * shot.motion_px * np.array([np.cos(angle), np.sin(angle)])
        kernel[tuple(np.rint(step + half).astype(int))] += 1
    return np.asarray(cv2.filter2D(plane, -1, kernel / kernel.sum()), np.float32)


def _exposed(plane: Plane, shot: Shot, chance: np.random.Generator) -> Image:
    """Counted electrons, read noise, and what JPEG of quality 85 makes of it."""
    counted = chance.poisson(plane * shot.electrons) / shot.electrons
    grey = 255 * counted + chance.normal(0, shot.noise, plane.shape)
    packed = cv2.imencode(
        ".jpg", np.clip(np.rint(grey), 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85]
    )[1]
    unpacked = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.asarray(cv2.cvtColor(unpacked, cv2.COLOR_GRAY2RGB), np.uint8)
