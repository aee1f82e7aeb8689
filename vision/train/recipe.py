"""How the late part of the network is trained."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the late part is trained.

    `steps` of `batch` views each, drawn by their weights. For `warm_steps` the class scores
    alone learn: features that are moved by scores that know nothing lose what they knew of
    other cameras (Kumar et al. 2022). Then all do, at `rate` (the scores at `scores_rate`
    times it), by AdamW with a cosine to zero. `mixed` of the batches are pairs of pictures
    (mixup or CutMix by halves), targets are `smooth`ed, `drop` thins the last block.

    What is shipped lies between ImageNet's weights (0) and the trained ones (1) at `moved`: on
    the way back a net forgets TrashNet's camera sooner than it forgets materials (Wortsman et
    al., Robust fine-tuning of zero-shot models, 2022).
    """

    steps: int = 1600
    batch: int = 128
    warm_steps: int = 40
    ramp_steps: int = 60
    warm_rate: float = 2e-3
    rate: float = 5e-4
    scores_rate: float = 4.0
    decay: float = 0.02
    mixed: float = 0.25
    smooth: float = 0.03
    drop: float = 0.1
    feature_drop: float = 0.2
    gradient: float = 2.0
    remembered: float = 0.99
    moved: float = 0.9

    def rate_at(self, step: int) -> float:
        """The late part's learning rate at a step."""
        ramp = self.warm_steps + self.ramp_steps
        if step < ramp:
            return self.rate * max(0, step - self.warm_steps) / self.ramp_steps
        return self.rate / 2 * (1 + math.cos(math.pi * (step - ramp) / (self.steps - ramp)))

    def scores_rate_at(self, step: int) -> float:
        """The class scores' learning rate at a step."""
        if step < self.warm_steps:
            return self.warm_rate
        return max(self.scores_rate * self.rate_at(step), 1e-5)
