"""What is done to the part of a picture where a QR code may be, so that it may be read after all.

Each way has its trouble: noise, a dim screen or a shadow, defocus, small modules. They stand in the
order of what they bring per millisecond. Only QR codes are read after any of them: their error
correction refuses what a preparation has spoiled; a barcode has no such guard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vision.codes.survey import Box, resized
from vision.decoders import QR, Code, Decoder, Grey, zbar, zxing

SIDE_PX = 400
"""A larger part is shrunk to this: its modules are large enough."""

FOCUS_SIDE_PX = 320
"""The same where waves are reckoned with, which is dearest."""

SMALL_PX = 200
"""A smaller part is enlarged to twice its size."""


@dataclass(frozen=True, slots=True)
class Retry:
    """One attempt: what is done to a part of the picture, and who then reads it."""

    decoder: Decoder
    prepare: Callable[[Grey], Grey]
    side_px: int = SIDE_PX

    def read(self, grey: Grey, box: Box) -> list[Code]:
        """Read QR codes in that part of a picture; corners are those in the whole picture."""
        part = box.of(grey)
        scale = _scale(part, self.side_px)
        if scale != 1:
            part = resized(part, scale, cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        found = self.decoder(self.prepare(part), (QR,))
        return [moved(code, box, scale) for code in found]


def _scale(part: Grey, side_px: int) -> float:
    longest = max(part.shape)
    return 2 if longest < SMALL_PX else min(1, side_px / longest)


def moved(code: Code, box: Box, scale: float = 1) -> Code:
    """A code that was read in a part, enlarged by `scale`, where it is in the whole picture."""
    corners = tuple(
        (box.left + round(x / scale), box.top + round(y / scale)) for x, y in code.corners
    )
    return replace(code, corners=corners)


def plain(grey: Grey) -> Grey:
    """Nothing: a part alone is sometimes read where the whole picture is not."""
    return grey


def blurred(sigma_px: float) -> Callable[[Grey], Grey]:
    """Blur: against the noise of little light, and moire."""
    return lambda grey: np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma_px), np.uint8)


def levelled(sigma_px: float, window_px: int = 49) -> Callable[[Grey], Grey]:
    """Blur, then the same mean and contrast around every point: dim screens, shadows, glare."""

    def prepare(grey: Grey) -> Grey:
        smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma_px)
        window = (window_px, window_px)
        mean = cv2.blur(smooth, window)
        variance = cv2.sqrBoxFilter(smooth, cv2.CV_32F, window) - mean * mean
        even = 128 + 45 * (smooth - mean) / np.sqrt(np.maximum(variance, 4))
        return np.asarray(np.clip(even, 0, 255), np.uint8)

    return prepare


def focused(sigma_px: float, noise: float = 0.004) -> Callable[[Grey], Grey]:
    """Undo a Gaussian blur as far as noise allows (Wiener's filter): a code out of focus."""

    def prepare(grey: Grey) -> Grey:
        rows, columns = (cv2.getOptimalDFTSize(size) for size in grey.shape)
        down, right = rows - grey.shape[0], columns - grey.shape[1]
        framed = cv2.copyMakeBorder(grey, 0, down, 0, right, cv2.BORDER_REPLICATE)
        waves = cv2.dft(framed.astype(np.float32), flags=cv2.DFT_COMPLEX_OUTPUT)
        squares = np.fft.fftfreq(rows)[:, None] ** 2 + np.fft.fftfreq(columns)[None] ** 2
        kept = np.exp(-2 * (np.pi * sigma_px) ** 2 * squares).astype(np.float32)
        gain = kept * (1 + noise) / (kept * kept + noise)
        sharp = cv2.dft(
            waves * gain[..., None], flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT
        )
        return np.asarray(np.clip(sharp[: grey.shape[0], : grey.shape[1]], 0, 255), np.uint8)

    return prepare


RETRIES = (
    Retry(zxing, blurred(1.5)),
    Retry(zxing, levelled(0.8)),
    Retry(zxing, focused(3.0), FOCUS_SIDE_PX),
    Retry(zxing, levelled(2.5)),
    Retry(zxing, focused(2.0), FOCUS_SIDE_PX),
    Retry(zxing, plain),
    Retry(zbar, plain),
)
