"""Files become pictures, or an error that names the file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.errors import ImageError, VisionError
from vision.images import MAX_PIXELS, checked, decode_image, load_image

RED = np.full((30, 40, 3), (250, 10, 20), np.uint8)


def _encoded(suffix: str) -> bytes:
    _, data = cv2.imencode(suffix, cv2.cvtColor(RED, cv2.COLOR_RGB2BGR))
    return bytes(data)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp"])
def test_a_file_is_read_as_rgb(suffix: str, tmp_path: Path) -> None:
    """Red stays red: no other order of channels leaves this module."""
    path = tmp_path / f"red{suffix}"
    path.write_bytes(_encoded(suffix))
    image = load_image(path)
    assert image.shape == RED.shape
    assert np.abs(image.astype(int) - RED).max() < 12


def test_a_grey_file_has_three_channels_too(tmp_path: Path) -> None:
    """Scanners give grey; everything after takes RGB."""
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), RED[:, :, 0])
    assert load_image(path).shape == (30, 40, 3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The error says which file, and is one of the package's own."""
    with pytest.raises(VisionError, match=r"nowhere\.jpg: No such file"):
        load_image(tmp_path / "nowhere.jpg")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    """A common slip on the command line."""
    with pytest.raises(ImageError, match="directory"):
        load_image(tmp_path)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_cut_off_file_is_refused(suffix: str, kept: float) -> None:
    """Half a picture would be judged as if it were a whole one."""
    data = _encoded(suffix)
    with pytest.raises(ImageError, match="half"):
        decode_image(data[: int(len(data) * kept)], "half")


@given(st.binary(max_size=200))
def test_any_bytes_give_a_picture_or_an_image_error(data: bytes) -> None:
    """Nothing else comes out of a decoder, whatever goes in."""
    with contextlib.suppress(ImageError):
        assert decode_image(data).ndim == 3


def test_a_picture_too_large_for_the_kiosk_is_refused_by_its_size() -> None:
    """The memory of a kiosk is small; a picture made to fill it does not get in."""
    side = int(MAX_PIXELS**0.5) + 10
    huge = np.lib.stride_tricks.as_strided(RED, (side, side, 3), (0, 0, 1))
    with pytest.raises(ImageError, match="too large"):
        checked(huge)
