"""Pictures of a drawn chamber as a kiosk in service takes them."""

from __future__ import annotations

import random

from sim.drawn import laid_inside
from sim.drawn.chamber import nothing
from sim.trials.chamber import KINDS, in_service, references
from vision.chamber import EmptyReference
from vision.images import Image

__all__ = ["KINDS", "REFERENCE", "empty", "loaded"]

REFERENCE = EmptyReference(references())


def loaded(kind: str, rng: random.Random) -> Image:
    """A picture of one item on the pan."""
    return in_service(laid_inside(kind, rng), rng)


def empty(rng: random.Random) -> Image:
    """A picture of nothing on the pan."""
    return in_service(nothing(), rng)
