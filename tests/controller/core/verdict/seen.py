"""Sights to be judged, and the judge of a bay that takes paper, plastic and metal."""

from __future__ import annotations

from contract.catalogue import example
from controller.core.config import VerdictConfig
from controller.core.sight import Sight
from controller.core.verdict import Judge

BINS = {"paper": 0, "plastic": 1, "metal": 2}
JUDGE = Judge(example(), BINS, 40, VerdictConfig())

BOTTLE_EAN, OTHER_BOTTLE_EAN = "2000000001012", "2000000001029"
CAN_EAN = "2000000001036"


def seen(*barcodes: str, score: float = 0.1, **classes: float) -> Sight:
    """A sight with these class probabilities and barcodes; `score` is how strange it looks."""
    ranked = tuple(sorted(classes.items(), key=lambda one: -one[1]))
    label, probability = ranked[0]
    return Sight(label, probability, ranked, score > 1, score, barcodes=barcodes)
