"""Errors of the vision package; each names the thing, what is wrong with it and the way out."""

from __future__ import annotations


class VisionError(Exception):
    """Root of what vision raises on purpose."""


class ImageError(VisionError, ValueError):
    """A picture cannot be read or has the wrong shape."""


class ModelError(VisionError):
    """A model file or its card is missing, broken, or does not fit the other."""


class TrainingError(VisionError, ValueError):
    """The training data cannot be used as it is."""


class TeachingError(VisionError, ValueError):
    """A kiosk cannot be taught by these pictures, or not with this model."""
