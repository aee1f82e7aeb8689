"""Pictures come in here, as files or bytes, and leave as RGB arrays."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import ImageError

Image = NDArray[np.uint8]
"""A picture: RGB, height × width × 3, 0 to 255."""

MAX_PIXELS = 64_000_000
"""More than any camera of a kiosk gives; a larger file is refused before it fills the memory."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
"""What counts as a picture when a folder is walked, in lower case."""


def load_image(path: Path) -> Image:
    """Read an image file (JPEG, PNG, WebP, BMP) as RGB, turned as its EXIF note says.

    Raises:
        ImageError: There is no such file, it cannot be read, or it is no whole picture.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ImageError(f"image {path}: {reason}; give a readable image file") from error
    return decode_image(data, str(path))


def decode_image(data: bytes, name: str = "image") -> Image:
    """Decode the bytes of an image file as RGB; `name` is what errors call it.

    Raises:
        ImageError: The bytes are empty, broken, or a picture of more than `MAX_PIXELS`.
    """
    if not data:
        raise ImageError(f"image {name}: empty; take the picture again")
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise ImageError(f"image {name}: {error.err}; give a smaller, whole picture") from error
    if pixels is None:
        raise ImageError(f"image {name}: not a whole JPEG, PNG, WebP or BMP; take it again")
    return checked(np.asarray(pixels, np.uint8), name)


def checked(image: Image, name: str = "image") -> Image:
    """Give the image back if it is one: uint8, height × width × 3, neither empty nor huge.

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
    return image
