"""A picture that shows nothing is named for what is wrong with it."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.drawn import ITEM_CLASS, draw, empty_chamber
from vision.errors import ImageError
from vision.images import MOST_SLENDER, Image, load_image
from vision.quality import MOST_HEIGHT, WIDTH, Limits, _reduced, judge


def _noise(image: Image, spread: float) -> Image:
    noise = np.random.default_rng(5).normal(0, spread, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_a_lit_chamber_in_focus_is_good(kind: str) -> None:
    """Whatever lies on the pan, the picture of it is not blamed."""
    assert judge(draw(kind, random.Random(1))).problems == ()


def test_a_lamp_that_is_off_is_dark() -> None:
    """Sensor noise in the dark is not taken for detail."""
    picture = _noise(np.asarray(empty_chamber(random.Random(1)) * 0.05, np.uint8), 3)
    assert "dark" in judge(picture).problems


def test_a_blinded_camera_is_overexposed() -> None:
    """The sun through the open hatch burns the picture out."""
    picture = np.clip(empty_chamber(random.Random(1)).astype(int) + 150, 0, 255)
    assert "overexposed" in judge(picture.astype(np.uint8)).problems


def test_a_sticker_on_the_lens_is_covered() -> None:
    """An even grey with noise shows nothing."""
    assert "covered" in judge(_noise(np.full((480, 640, 3), 120, np.uint8), 2)).problems


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_a_defocused_lens_is_blurred_in_spite_of_noise(kind: str) -> None:
    """The noise of the sensor stays sharp; the picture is not."""
    picture = cv2.GaussianBlur(draw(kind, random.Random(1)), (0, 0), 8)
    assert judge(_noise(np.asarray(picture, np.uint8), 2)).problems == ("blurred",)


@given(st.integers(1, 3), st.integers(0, 255))
def test_an_even_picture_of_any_level_and_size_is_covered(scale: int, level: int) -> None:
    """Small or large, black, grey or white: no picture without contrast is good."""
    picture = np.full((48 * scale, 64 * scale, 3), level, np.uint8)
    problems = judge(picture).problems
    assert {"covered", "blurred"} <= set(problems)
    assert ("dark" in problems) == (level < Limits().dark_level)
    assert ("overexposed" in problems) == (level >= Limits().burnt_level)


@pytest.mark.parametrize("size", [(120, 160), (960, 1280)])
def test_the_cameras_resolution_does_not_matter(size: tuple[int, int]) -> None:
    """The same limits hold for a small and a large sensor."""
    quality = judge(draw("can", random.Random(1), size))
    assert quality.problems == ()


def test_a_kiosk_may_have_limits_of_its_own() -> None:
    """A chamber with a dim lamp is not dark to a kiosk that knows it."""
    picture = np.asarray(draw("can", random.Random(1)) * 0.2, np.uint8)
    assert judge(picture).problems == ("dark",)
    assert judge(picture, Limits(dark_level=10)).problems == ()


@pytest.mark.parametrize(
    ("size", "height"), [((480, 640), 240), ((640, 480), 427), ((1280, 320), 1280)]
)
def test_no_cameras_picture_is_squeezed(size: tuple[int, int], height: int) -> None:
    """Lying, standing or as a panorama, it is measured at its own proportions."""
    assert _reduced(np.zeros((*size, 3), np.uint8)).shape == (height, WIDTH)


@given(st.integers(1, 60), st.integers(1, MOST_SLENDER))
def test_however_tall_a_picture_is_little_is_measured(width: int, slender: int) -> None:
    """Five hundred pixels by one would otherwise be enlarged to fifty million."""
    tall = np.zeros((width * slender, width, 3), np.uint8)
    assert _reduced(tall).size <= WIDTH * MOST_HEIGHT
    assert "dark" in judge(tall).problems


def test_what_is_no_picture_is_refused() -> None:
    """Floats are not guessed at."""
    with pytest.raises(ImageError, match="float64"):
        judge(np.zeros((48, 64, 3)))  # type: ignore[arg-type]


def test_real_photographs_are_rarely_blamed(kiosk_data: Path) -> None:
    """At most one in a hundred photographs of things on a table is refused."""
    folders = [kiosk_data / "trashnet" / "val", kiosk_data / "field_val"]
    paths = [path for folder in folders for path in sorted(folder.glob("*/*.jp*g"))]
    blamed = [path for path in paths if judge(load_image(path)).problems]
    assert len(paths) > 300
    assert len(blamed) <= len(paths) / 100
