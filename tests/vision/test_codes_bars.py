"""Barcodes are read where bars have run into one another, and nothing is read into stripes."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.vision.made import ean_picture
from vision.codes import scan
from vision.codes.barcodes import OTHER_ROWS, barcodes
from vision.codes.bars import read, settled
from vision.codes.ean import EAN_13_LAYOUT, LEFT, checks
from vision.codes.lines import APART_PX, apart, lines
from vision.codes.placement import Line, nearer, placed
from vision.codes.survey import Stripes, survey
from vision.decoders import Grey, zbar, zxing

BARCODES = ("EAN-13", "EAN-8")
WATER = "6901939621608"


def _grey(digits: str, module_px: int = 3) -> Grey:
    return np.ascontiguousarray(ean_picture(digits, module_px)[:, :, 0])


def _spoiled(grey: Grey, blur_px: float, noise: float = 2.0) -> Grey:
    blurred = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), blur_px)
    noisy = blurred + np.random.default_rng(1).normal(0, noise, grey.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def _bits_of_8(digits: str) -> NDArray[np.uint8]:
    """The 67 modules of an EAN-8: the code set of the right is the left one inverted."""
    left, right = (LEFT[[int(one) for one in half]].ravel() for half in (digits[:4], digits[4:]))
    return np.concatenate(
        [[1, 0, 1], left, [0, 1, 0, 1, 0], 1 - right, [1, 0, 1]], dtype=np.uint8, casting="unsafe"
    )


def _reach(stripes: Stripes) -> list[set[int]]:
    """For each band, how far along the bars those pixels lie that it is made of, rounded down."""
    down, right = np.mgrid[:480, :480].astype(np.float64)
    cosine, sine = np.cos(stripes.angle), np.sin(stripes.angle)
    modules = (right * cosine + down * sine - stripes.across_px[0]) / 3
    bits = np.pad(1 - _grey(WATER)[200, 100:385:3] // 255, 1)
    dark = bits[np.clip(modules.astype(int) + 1, 0, 96)]
    grey = np.asarray(225 - 190 * dark, np.uint8)
    along = np.floor(down * cosine - right * sine)
    before = [band[0][0].light for band in lines(grey, stripes)]
    reach: list[set[int]] = [set(), set(), set()]
    for at in range(5, 36):
        other = np.asarray(grey + 30 * (along == at), np.uint8)
        for band, light, met in zip(lines(other, stripes), before, reach, strict=True):
            if not np.array_equal(band[0][0].light, light):
                met.add(at)
    return reach


def _texts(grey: Grey) -> list[str]:
    image = np.repeat(grey[:, :, None], 3, axis=2)
    return [code.text for code in scan(image, formats=BARCODES, budget_s=10)]


@st.composite
def eans(draw: st.DrawFn) -> str:
    """Thirteen digits with their check digit."""
    twelve = draw(st.text("0123456789", min_size=12, max_size=12))
    return next(twelve + last for last in "0123456789" if checks(twelve + last))


@settings(max_examples=12, deadline=None)
@given(eans())
def test_any_digits_are_read_through_a_blur_of_a_bars_width(digits: str) -> None:
    """Where edges are gone the digits are still there."""
    assert _texts(_spoiled(_grey(digits), blur_px=2.2)) == [digits]


def test_where_the_common_decoders_read_nothing_bars_does() -> None:
    """Two bands of the label say the same, each beyond doubt."""
    grey = _spoiled(_grey(WATER), blur_px=2.7, noise=1)
    assert zxing(grey, BARCODES) == zbar(grey, BARCODES) == []
    assert _texts(grey) == [WATER]


def test_bars_alone_is_believed_of_an_ean_13_with_room_for_two_bands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What shares pixels is one opinion; an EAN-8, whose digits are few, wants another decoder."""
    monkeypatch.setattr("vision.codes.barcodes.CLEARINGS", ())
    grey = _spoiled(_grey(WATER), blur_px=2, noise=1)
    (stripes, *_) = survey(grey).stripes
    low = replace(stripes, along_px=(stripes.along_px[0], stripes.along_px[0] + 20))
    short = np.full((480, 640), 235, np.uint8)
    short[120:280, 100:301] = np.repeat(255 * (1 - _bits_of_8("12345670")), 3)
    short = _spoiled(short, blur_px=2.0, noise=1)
    eight = survey(short).stripes[0]
    heard = [
        {code.decoder for found in barcodes(picture, place, kind) for code in found}
        for picture, place, kind in (
            (grey, stripes, "EAN-13"),
            (grey, low, "EAN-13"),
            (short, eight, "EAN-8"),
        )
    ]
    assert OTHER_ROWS in heard[0]
    assert "bars" in heard[1] & heard[2]
    assert OTHER_ROWS not in heard[1] | heard[2]


def test_bands_of_bars_that_are_apart_share_no_pixel() -> None:
    """Whatever is changed in one band's rows of the least label leaves the other bands alone."""
    for angle in (0.0, float(np.pi / 4)):
        stripes = Stripes(angle, (120.0, 405.0), (0.0, float(APART_PX)))
        assert apart(stripes)
        middle, low, high = _reach(stripes)
        assert max(low) < min(middle)
        assert max(middle) < min(high)


def test_a_wall_of_stripes_is_searched_in_bounded_time() -> None:
    """Thousands of bars have a hundred thousand pairs of a first and a last one."""
    chance = np.random.default_rng(5)
    widths = chance.integers(2, 9, 3000)
    row = np.repeat(np.arange(3000) % 2, widths)[:8000] * 190 + 30
    grey = np.tile(row.astype(np.uint8), (60, 1))
    start_s = time.thread_time()
    bands = list(lines(grey, Stripes(0.0, (0.0, 8000.0), (0.0, 60.0))))
    assert all(len(band) <= 3 for band in bands)
    assert time.thread_time() - start_s < 0.1


@pytest.mark.parametrize("turn", [0, 37, 90, 180, 251])
def test_a_barcode_is_read_however_it_lies(turn: int) -> None:
    """Items roll."""
    matrix = cv2.getRotationMatrix2D((320, 240), turn, 1)
    matrix[:, 2] = matrix[:, 2] + matrix[:, :2] @ np.array([320 - 242.5, 240 - 200])
    whole = cv2.warpAffine(_grey(WATER), matrix, (640, 480), borderValue=235)
    assert _texts(_spoiled(np.asarray(whole, np.uint8), blur_px=1.8)) == [WATER]


def test_a_barcode_round_a_bottle_is_read() -> None:
    """Bars grow narrow towards both sides of a cylinder, and lie half in shadow."""
    across = np.linspace(-1, 1, 285, dtype=np.float32) * np.sin(0.7)
    columns = np.arange(640, dtype=np.float32)
    columns[100:385] = 100 + (np.arcsin(across) / 0.7 + 1) / 2 * 284
    rows = np.repeat(np.arange(480, dtype=np.float32)[:, None], 640, axis=1)
    bent = cv2.remap(_grey(WATER), np.tile(columns, (480, 1)), rows, cv2.INTER_LINEAR)
    shade = np.interp(np.arange(640), (200, 320), (1, 0.35))
    assert _texts(_spoiled(np.asarray(bent * shade, np.uint8), blur_px=1.2)) == [WATER]


def test_ink_that_ran_makes_no_other_digit() -> None:
    """A 7 with wide bars looks like a 1 to whoever looks at edges alone."""
    digits = "8212484036877"
    wide = cv2.erode(_grey(digits, 5), np.ones((1, 3), np.uint8))
    assert _texts(_spoiled(np.asarray(wide, np.uint8), blur_px=2.5)) == [digits]


@pytest.mark.parametrize("seed", range(6))
def test_stripes_that_are_no_barcode_give_nothing(seed: int) -> None:
    """A fence, a shirt, a grille: bars of chance widths, of which some pass the check digit."""
    chance = np.random.default_rng(seed)
    widths = chance.integers(1, 5, 59) * 3
    line = np.repeat(np.arange(59) % 2, widths) * 190 + 30
    grey = np.full((200, len(line) + 160), 235, np.uint8)
    grey[40:160, 80 : 80 + len(line)] = 250 - line
    assert _texts(_spoiled(grey, blur_px=1.0)) == []


def test_what_vouches_for_a_reading_tells_barcodes_from_stripes() -> None:
    """The next likely digit is far off in a barcode, and as near as any in other stripes."""
    (band, *_) = lines(_grey(WATER), survey(_grey(WATER)).stripes[0])
    right = settled(nearer(placed(band[0][0], EAN_13_LAYOUT), EAN_13_LAYOUT), EAN_13_LAYOUT)
    assert right.digits == WATER
    assert right.explained > 0.95
    chance = np.random.default_rng(3)
    light = np.repeat(chance.integers(0, 2, 95), 4).astype(np.float32) * 200
    strange = Line(np.pad(light, 40, constant_values=220), 40, 420)
    wrong = settled(nearer(placed(strange, EAN_13_LAYOUT), EAN_13_LAYOUT), EAN_13_LAYOUT)
    assert wrong.lead < 0.1
    assert right.lead > 1
    assert read(placed(strange, EAN_13_LAYOUT), EAN_13_LAYOUT) is None
