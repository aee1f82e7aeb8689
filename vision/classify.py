"""What lies on the pan, by the vote of one to five pictures; or that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.card import Card
from vision.errors import ImageError, ModelError
from vision.images import Image
from vision.quality import DEFAULT_LIMITS, Limits, judge
from vision.runtime import SIDE, Model

MAX_FRAMES = 5
BLIND_SCORE = 10.0
"""The unknown score of pictures that cannot be judged: more unknown than anything seen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look gave.

    `label` is the likeliest known class and `probability` its calibrated share; `unknown` says
    not to trust it, `unknown_score` how far (1 is the threshold). `probabilities` holds every
    class, refused ones too, the likeliest first, and sums to one. `problems` is empty unless no
    picture was good enough: then `unknown` is set, `label` and `probabilities` are empty.
    """

    label: str
    probability: float
    probabilities: tuple[tuple[str, float], ...]
    unknown: bool
    unknown_score: float
    problems: tuple[str, ...] = ()


def fitted(image: Image) -> Image:
    """Reduce a picture to the model's square; the whole of it, at the cost of its proportions."""
    shrinks = image.shape[0] >= SIDE and image.shape[1] >= SIDE
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (SIDE, SIDE), interpolation=method), np.uint8)


class Classifier:
    """A model with its card."""

    def __init__(self, model: Model, card: Card, limits: Limits = DEFAULT_LIMITS) -> None:
        """Put a model and the card that belongs to it together.

        Raises:
            ModelError: The card belongs to another model file.
        """
        if model.sha256 != card.model_sha256:
            raise ModelError(
                f"model {model.sha256[:12]} and card (for {card.model_sha256[:12]}) differ; "
                "use the two files of one training"
            )
        self.card = card
        self.model_sha256 = model.sha256
        self._model = model
        self._limits = limits

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Load `model.onnx` and `card.json` of a folder, as training writes them.

        Raises:
            ModelError: One is missing or broken, or they do not belong together.
        """
        return cls(Model.load(folder / "model.onnx"), Card.load(folder / "card.json"))

    @classmethod
    def shipped(cls) -> Classifier:
        """Load the model that comes with the package.

        Raises:
            ModelError: The installation is broken.
        """
        with resources.as_file(resources.files("vision") / "models") as folder:
            return cls.load(folder)

    def look(self, frames: Sequence[Image]) -> Sight:
        """Judge one load by 1 to 5 RGB pictures of it; pictures of bad quality are left out.

        Raises:
            ImageError: There is no picture, more than five, or one is not RGB uint8.
        """
        if not 1 <= len(frames) <= MAX_FRAMES:
            raise ImageError(f"look: {len(frames)} pictures; give 1 to {MAX_FRAMES}")
        problems = [judge(frame, self._limits).problems for frame in frames]
        good = [frame for frame, found in zip(frames, problems, strict=True) if not found]
        if not good:
            named = sorted({name for found in problems for name in found})
            return Sight(
                "", 0.0, (), unknown=True, unknown_score=BLIND_SCORE, problems=tuple(named)
            )
        outputs = self._model.run(np.stack([fitted(frame) for frame in good]))
        shares = vote(outputs.logits, self.card.temperature)
        return self._sight(shares, float(outputs.strangeness.mean()))

    def _sight(self, shares: NDArray[np.float64], strangeness: float) -> Sight:
        """Put voted probabilities and strangeness into words."""
        named = zip(self.card.classes, (float(share) for share in shares), strict=True)
        ranked = tuple(sorted(named, key=lambda pair: -pair[1]))
        label, probability = next(pair for pair in ranked if pair[0] not in self.card.refused)
        score = self.card.gate.score(probability, strangeness)
        unknown = self.card.gate.is_unknown(score) or ranked[0][0] in self.card.refused
        return Sight(label, probability, ranked, unknown, score)


def vote(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Class probabilities by the mean of the pictures' log-probabilities.

    `logits` is pictures × classes; the result has one share a class and sums to one.
    """
    scaled = logits.astype(np.float64) / temperature
    logs = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    mean = logs.mean(axis=0)
    return np.asarray(np.exp(mean - np.logaddexp.reduce(mean)), np.float64)
