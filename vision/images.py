"""Pictures come in here, as files or bytes, and leave as RGB arrays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import ImageError
from vision.headers import Header, read_header

Image = NDArray[np.uint8]
"""A picture: RGB, height × width × 3, 0 to 255."""

MAX_PIXELS = 64_000_000
"""More than any camera of a kiosk gives; a larger file is refused before it fills the memory."""

MOST_SLENDER = 50
"""So many times as long as wide, at most. A lens gives 3:1 and a telephone's panorama 12:1; a strip
shows nothing to judge, and grows beyond the memory where a picture is scaled to a fixed width."""

MAX_BYTES = 4 * MAX_PIXELS + 1024
"""No longer file holds such a picture: an uncompressed bitmap has four bytes a pixel at most."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
"""What counts as a picture when a folder is walked, in lower case."""


def printable(path: Path) -> str:
    """A path as text for messages and JSON; bytes of its name that are no text are shown as such.

    A file's name is any bytes. Python carries what is no UTF-8 as lone surrogates, which no
    terminal and no JSON document takes.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def load_image(path: Path) -> Image:
    """Read an image file (JPEG, PNG, WebP, BMP) as RGB, turned as its EXIF note says.

    Grey becomes RGB, 16 bits become 8, transparency is left out.

    Raises:
        ImageError: There is no such file, it cannot be read, or it is no whole picture.
    """
    return decode_image(read_image(path), printable(path))


def read_image(path: Path) -> bytes:
    """Read the bytes of an image file, for `decode_image`.

    Raises:
        ImageError: There is no such file, it cannot be read, or is too long to be a picture.
    """
    name = printable(path)
    try:
        data = _regular(path)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ImageError(f"image {name}: {reason}; give a readable image file") from error
    if data is None:
        raise ImageError(f"image {name}: no regular file; give an image file")
    if len(data) > MAX_BYTES:
        raise ImageError(f"image {name}: more than {MAX_BYTES} bytes; give a smaller picture")
    return data


def _regular(path: Path) -> bytes | None:
    """A file's bytes, at most one more than `MAX_BYTES`; None for a pipe, device or socket.

    It is opened without waiting, for a pipe that nobody writes to would keep everything waiting.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(MAX_BYTES + 1)


def decode_image(data: bytes, name: str = "image") -> Image:
    """Decode the bytes of an image file as RGB; `name` is what errors call it.

    Raises:
        ImageError: The bytes are empty, broken, a moving picture, a strip beyond `MOST_SLENDER`,
            or of more than `MAX_PIXELS`, which is told by the header before anything is decoded.
    """
    if not data:
        raise ImageError(f"image {name}: empty; take the picture again")
    header = read_header(data)
    if header is None:
        raise ImageError(f"image {name}: not a whole JPEG, PNG, WebP or BMP; take it again")
    _refuse_what_is_no_still(header, name)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise ImageError(f"image {name}: {error.err}; give a smaller, whole picture") from error
    if pixels is None:
        raise ImageError(f"image {name}: not a whole {header.format}; take it again")
    return checked(np.asarray(pixels, np.uint8), name)


def _refuse_what_is_no_still(header: Header, name: str) -> None:
    """Refuse a picture that is too large, that has no pixels, that is a strip, or that moves."""
    size = f"{header.width} × {header.height} pixels"
    if header.width * header.height > MAX_PIXELS:
        raise ImageError(f"image {name}: {size} is too large; give at most {MAX_PIXELS} pixels")
    if not header.width or not header.height:
        raise ImageError(f"image {name}: {size}; take it again")
    _refuse_strip(header.width, header.height, name)
    if header.moves:
        raise ImageError(f"image {name}: a moving {header.format}; give a still picture")


def _refuse_strip(width: int, height: int, name: str) -> None:
    if max(width, height) > MOST_SLENDER * min(width, height):
        raise ImageError(
            f"image {name}: {width} × {height} pixels is a strip; "
            f"give a picture at most {MOST_SLENDER} times as long as wide"
        )


def checked(image: Image, name: str = "image") -> Image:
    """Give the image back if it is one: uint8, height × width × 3, not empty, huge or a strip.

    Raises:
        ImageError: It is not; the message holds the shape and type that came.
    """
    flat = image.ndim != 3 or image.shape[-1] != 3
    if image.dtype != np.uint8 or flat or image.size == 0:
        raise ImageError(
            f"image {name}: shape {image.shape} of {image.dtype}; "
            "give RGB as uint8, height × width × 3"
        )
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise ImageError(f"image {name}: {image.shape[1]} × {image.shape[0]} pixels is too large")
    _refuse_strip(image.shape[1], image.shape[0], name)
    return image
