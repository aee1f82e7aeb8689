"""What the bay's camera said about one load, free of arrays and of any model's types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at the pan: calibrated class probabilities, or why there are none.

    `probabilities` is sorted from the likeliest class down and sums to one unless `problems`
    is not empty. `unknown` is the open-set gate's word; `problems` names what was wrong with
    the pictures (`dark`, `overexposed`, `blurred`, ...). From the model's card come
    `calibrated_pictures`, on how many the probabilities were checked, and `score_tail`, which share
    of known things has an unknown score above 1.
    """

    label: str
    probability: float
    probabilities: tuple[tuple[str, float], ...] = ()
    unknown: bool = False
    unknown_score: float = 0.0
    problems: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    model_sha256: str = ""
    calibrated_pictures: int = 300
    score_tail: float = 0.09
