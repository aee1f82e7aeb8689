"""Files become pictures, or an error that names the file."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.made_files import (
    CMYK_JPEG,
    GIF,
    moving_png,
    moving_webp,
    png_of,
    turned_jpeg,
)
from vision.errors import ImageError, VisionError
from vision.headers import read_header
from vision.images import MAX_BYTES, MAX_PIXELS, checked, decode_image, load_image

NOBODY = 65534
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


@given(st.sampled_from([".jpg", ".png", ".webp", ".bmp"]), st.floats(0, 1, exclude_max=True))
def test_no_beginning_of_a_file_is_a_picture(suffix: str, kept: float) -> None:
    """Wherever a copy broke off, what is left is refused, down to the last byte."""
    data = _encoded(suffix)
    with pytest.raises(ImageError, match="half"):
        decode_image(data[: int(len(data) * kept)], "half")


@given(st.sampled_from([".jpg", ".png", ".webp", ".bmp"]), st.binary(min_size=1, max_size=60))
def test_what_follows_a_magic_may_be_anything(suffix: str, data: bytes) -> None:
    """A header that lies gives an error or a picture of the size it named."""
    head = _encoded(suffix)[:16]
    header = read_header(head + data)
    with contextlib.suppress(ImageError):
        image = decode_image(head + data)
        assert header is not None
        assert image.shape[:2] == (header.height, header.width)


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


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp"])
def test_the_header_tells_format_and_size(suffix: str) -> None:
    """Before a pixel is decoded."""
    header = read_header(_encoded(suffix))
    assert header is not None
    assert header.format.upper().startswith(suffix[1:3].upper())
    assert (header.width, header.height, header.moves) == (40, 30, False)


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (2**31 - 1, 1), (1, 2**31 - 1)])
def test_a_small_file_that_asks_for_all_the_memory_is_refused_by_its_header(
    width: int, height: int
) -> None:
    """A kiosk has a few gigabytes; 30,000 by 30,000 pixels would take three."""
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageError, match=rf"bomb: {width} × {height} pixels is too large"):
        decode_image(png_of(width, height), "bomb")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 50_000


@pytest.mark.parametrize(("width", "height"), [(1, 65_000), (65_000, 1), (51, 1), (10, 501)])
def test_a_strip_is_refused_by_its_header(width: int, height: int) -> None:
    """Few pixels, but gigabytes once it is scaled to the width that pictures are measured at."""
    with pytest.raises(ImageError, match=rf"strip: {width} × {height} pixels is a strip; give"):
        decode_image(png_of(width, height), "strip")
    with pytest.raises(ImageError, match="is a strip"):
        checked(np.zeros((height, width, 3), np.uint8))


@pytest.mark.parametrize("size", [(1, 50), (50, 1), (1, 1), (480, 5760)])
def test_a_small_or_a_wide_picture_is_none_the_less_one(size: tuple[int, int]) -> None:
    """A panorama of a telephone is twelve times as long as wide, and passes."""
    image = np.zeros((*size, 3), np.uint8)
    assert checked(image) is image


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff" * 16_000_000,
        b"\xff\xd8" + b"\xff\xd0" * 8_000_000,
        b"\xff\xd8" + b"\xff\xfe\0\2" * 4_000_000,
        png_of(8, 8)[:33] + b"\0\0\0\0tEXt\0\0\0\0" * 1_400_000,
    ],
    ids=["fill bytes", "restarts", "empty comments", "empty chunks"],
)
def test_a_long_file_without_a_picture_is_given_up_soon(data: bytes) -> None:
    """Sixteen megabytes of nothing: refused after a bounded number of steps, not after seconds."""
    with _counting_lines() as count, pytest.raises(ImageError, match="not a whole"):
        decode_image(data)
    assert len(data) >= 16_000_000
    assert sum(count) < 100_000


@contextlib.contextmanager
def _counting_lines() -> Iterator[list[int]]:
    """One entry a line of Python that is run meanwhile; a clock would count the neighbours too."""
    count: list[int] = []

    def each(_frame: FrameType, event: str, _argument: object) -> Any:
        count.append(event == "line")
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        yield count
    finally:
        sys.settrace(before)


def test_fill_bytes_may_stand_before_a_marker() -> None:
    """As many as a writer likes; the size is found behind them."""
    data = _encoded(".jpg")
    header = read_header(data[:2] + b"\xff" * 100_000 + data[2:])
    assert header is not None
    assert (header.width, header.height) == (40, 30)


def test_a_picture_without_pixels_is_refused() -> None:
    """Some writers leave a size of nought behind."""
    with pytest.raises(ImageError, match="0 × 8 pixels"):
        decode_image(png_of(0, 8))


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((30, 40), 40_000, np.uint16),
        np.full((30, 40, 3), 40_000, np.uint16),
        np.full((30, 40, 4), 156, np.uint8),
        np.full((30, 40), 156, np.uint8),
    ],
    ids=["16 bits grey", "16 bits", "transparent", "grey"],
)
def test_other_depths_become_rgb_of_eight_bits(pixels: np.ndarray) -> None:
    """The levels stay what they are; transparency is left out."""
    _, data = cv2.imencode(".png", pixels)
    image = decode_image(bytes(data))
    assert image.shape == (30, 40, 3)
    assert (image == 156).all()


def test_a_printers_jpeg_has_its_colours() -> None:
    """Four inks become three lights."""
    red, green, blue = decode_image(CMYK_JPEG).reshape(-1, 3).mean(axis=0)
    assert red > 240
    assert max(green, blue) < 20


def test_a_picture_taken_on_its_side_stands_up() -> None:
    """The note of the camera is followed, and the header tells the size as stored."""
    data = turned_jpeg(_encoded(".jpg"))
    header = read_header(data)
    assert header is not None
    assert (header.width, header.height) == (40, 30)
    assert decode_image(data).shape == (40, 30, 3)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (moving_png(), "moving PNG.*still"),
        (moving_webp(), "moving WebP.*still"),
        (GIF, "not a whole JPEG, PNG, WebP or BMP"),
        (b"", "empty"),
        (b"no picture at all, but a letter to the kiosk\n", "not a whole JPEG"),
    ],
    ids=["APNG", "animated WebP", "GIF", "nothing", "text"],
)
def test_what_is_no_still_picture_is_refused(data: bytes, said: str) -> None:
    """The error says what it is, and what to give."""
    with pytest.raises(ImageError, match=f"odd: .*{said}|odd: {said}"):
        decode_image(data, "odd")


def test_a_pipe_or_a_device_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Nobody ever writes to this pipe, and /dev/zero never ends."""
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "pipe.jpg", Path("/dev/zero")):
        with pytest.raises(ImageError, match=f"{path.name}: no regular file"):
            load_image(path)


def test_an_endless_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    """A sparse file takes no room on the disk and all of the memory."""
    path = tmp_path / "sparse.jpg"
    with path.open("wb") as file:
        file.truncate(50 * MAX_BYTES)
    with pytest.raises(ImageError, match=r"sparse\.jpg: more than"):
        load_image(path)


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """As on a card that was written by somebody else."""
    path = tmp_path / "locked.png"
    path.write_bytes(_encoded(".png"))
    path.chmod(0)
    with _as_nobody(), pytest.raises(ImageError, match=r"locked\.png: Permission denied"):
        load_image(path)


@contextlib.contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may read everything, so root is nobody for a moment."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("name", ["瓶子 №1.png", os.fsdecode(b"\xff\xfe.png")])
def test_any_name_that_a_file_can_have_is_read_and_can_be_printed(
    name: str, tmp_path: Path
) -> None:
    """A name is bytes, and a card reader's need be no text."""
    path = tmp_path / name
    path.write_bytes(_encoded(".png"))
    assert load_image(path).shape == RED.shape
    path.write_bytes(b"")
    with pytest.raises(ImageError, match="empty") as caught:
        load_image(path)
    assert str(caught.value).encode("utf-8")
