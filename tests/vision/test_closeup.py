"""Close-ups: a thing fills the picture alike, whoever took it; else the whole picture stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.closeup import LEAST_SIDE, MARGIN, closeup, shown, thing_box
from vision.images import Image
from vision.runtime import SIDE

Ground = tuple[int, int, int]
WHITE, STEEL, SAND = (236, 236, 238), (150, 152, 155), (205, 180, 140)


def board(ground: Ground, size: tuple[int, int] = (480, 640), seed: int = 1) -> Image:
    """A ground that is lit unevenly and grained, height × width × 3."""
    height, width = size
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 1 + 0.1 * x - 0.08 * y - 0.08 * (x * x + y * y)
    grain = np.random.default_rng(seed).normal(0, 2.5, (height, width, 1))
    lit = np.asarray(ground) * light[..., None] + grain
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def laid(picture: Image, middle: tuple[int, int], axes: tuple[int, int]) -> Image:
    """A red thing, an ellipse, on a board."""
    return np.asarray(cv2.ellipse(picture.copy(), middle, axes, 30, 0, 360, (150, 30, 40), -1))


@pytest.mark.parametrize("ground", [WHITE, STEEL, SAND])
def test_the_thing_is_found_on_any_plain_ground(ground: Ground) -> None:
    """The box holds the thing to within a place of the grid, and little else."""
    box = thing_box(laid(board(ground), (240, 300), (60, 60)))
    assert box is not None
    found = np.asarray(box) * (640, 480, 640, 480)
    assert found == pytest.approx([180, 240, 300, 360], abs=14)


@given(
    st.integers(90, 550), st.integers(90, 390), st.integers(34, 80), st.sampled_from([WHITE, STEEL])
)
@settings(max_examples=25, derandomize=True)
def test_a_near_and_a_far_thing_look_alike(x: int, y: int, radius: int, ground: Ground) -> None:
    """Wherever a thing lies and however far the camera is, it fills the picture's same share."""
    picture = shown(laid(board(ground), (x, y), (radius, radius)))
    assert picture.shape == (SIDE, SIDE, 3)
    red = (picture[..., 0].astype(int) - picture[..., 1] > 60).mean()
    fills = np.pi / 4 / (1 + 2 * MARGIN) ** 2
    least = LEAST_SIDE * 640
    if 2 * radius * (1 + 2 * MARGIN) > least + 20:
        assert red == pytest.approx(fills, rel=0.35)
    else:
        assert red <= fills * 1.35


def test_proportions_stay() -> None:
    """A close-up is square, so that a circle stays one, also in a picture of other proportions."""
    part = closeup(laid(board(WHITE, (300, 900)), (450, 150), (70, 70)))
    assert part.shape[0] == pytest.approx(part.shape[1], abs=2)


def test_a_thing_at_the_edge_keeps_its_part_of_the_picture() -> None:
    """The close-up is moved into the picture rather than cut."""
    whole = laid(board(STEEL), (40, 440), (70, 60))
    part = closeup(whole)
    assert part.shape[0] == pytest.approx(part.shape[1], abs=2)
    assert np.shares_memory(part, whole)
    assert (part[-1, 0] == whole[-1, 0]).all()


def test_an_empty_board_and_a_rim_of_many_colours_stay_whole() -> None:
    """Nothing on the board, a shelf of goods, noise: there is no thing to come closer to."""
    for picture in (
        board(STEEL),
        np.random.default_rng(2).integers(0, 256, (480, 640, 3), np.uint8),
        np.tile(np.array([[200, 30, 30], [30, 30, 200]], np.uint8), (480, 320, 1)).reshape(
            480, 640, 3
        ),
    ):
        assert thing_box(picture) is None
        assert closeup(picture) is picture


def test_a_speck_is_no_thing() -> None:
    """A crumb of a hundredth of the picture's width does not become the picture."""
    assert thing_box(laid(board(WHITE), (300, 200), (3, 3))) is None


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=40, derandomize=True)
def test_any_picture_gives_a_part_of_itself(height: int, width: int, seed: int) -> None:
    """The smallest pictures too: the part is never empty and never larger."""
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    picture[: height // 2] = 128
    part = closeup(picture)
    assert 1 <= part.shape[0] <= height
    assert 1 <= part.shape[1] <= width
    assert shown(picture).shape == (SIDE, SIDE, 3)
