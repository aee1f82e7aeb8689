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
from vision.closeup import shown
from vision.errors import ImageError, ModelError
from vision.images import Image, checked
from vision.openset import energy_of
from vision.quality import DEFAULT_LIMITS, WIDTH, Limits, judge
from vision.runtime import SIDE, Batch, Model
from vision.shares import log_shares
from vision.taught import Taught

MODEL, WHOLE_MODEL = "model.onnx", "model.int8.onnx"
"""Files of a trained model: in floats, and in whole numbers of 8 bits."""

MAX_FRAMES = 5
ENOUGH = (SIDE, WIDTH)
"""Height and width that the model and the judgement of quality need."""

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


def halved(image: Image) -> Image:
    """Halve a camera's picture as often as more than `ENOUGH` is left, at a tenth of the cost.

    Means over two by two pixels are quick, and what comes after has a quarter to look at. The
    photographs that models are trained and measured on are smaller and stay as they are.

    Raises:
        ImageError: It is not RGB uint8.
    """
    picture = checked(image)
    while all(
        side >= 2 * least and side % 2 == 0
        for side, least in zip(picture.shape, ENOUGH, strict=False)
    ):
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    return picture


class Classifier:
    """A model with its card, and with what its kiosk was taught."""

    def __init__(
        self,
        model: Model,
        card: Card,
        limits: Limits = DEFAULT_LIMITS,
        taught: Taught | None = None,
    ) -> None:
        """Put a model and the card that belongs to it together.

        Raises:
            ModelError: The card or the taught file belongs to another model.
        """
        if model.sha256 not in (card.model_sha256, card.int8_sha256):
            raise ModelError(
                f"model {model.sha256[:12]} and card (for {card.model_sha256[:12]}) differ; "
                "use the two files of one training, or reinstall"
            )
        self.card = card if taught is None else taught.adapted(card)
        self.model_sha256 = model.sha256
        self.taught_sha256 = "" if taught is None else taught.sha256
        self.model = model
        self._limits = limits
        self._taught = taught

    @classmethod
    def load(cls, folder: Path, taught: Path | None = None, model_name: str = MODEL) -> Classifier:
        """Load a model and `card.json` of a folder, as training writes them.

        `taught` is the file that `kiosk vision teach` wrote for this kiosk, if there is one;
        `model_name` may be `WHOLE_MODEL` for the one in whole numbers.

        Raises:
            ModelError: A file is missing or broken, or they do not belong together.
        """
        model, card = Model.load(folder / model_name), Card.load(folder / "card.json")
        lesson = None if taught is None else Taught.load(taught)
        try:
            return cls(model, card, taught=lesson)
        except ModelError as error:
            raise ModelError(f"{folder if taught is None else taught}: {error}") from error

    @classmethod
    def shipped(cls, taught: Path | None = None) -> Classifier:
        """Load the model that comes with the package; `taught` as for `load`.

        Raises:
            ModelError: The installation is broken, or the taught file is.
        """
        with resources.as_file(resources.files("vision") / "models") as folder:
            return cls.load(folder, taught)

    def look(self, frames: Sequence[Image]) -> Sight:
        """Judge one load by 1 to 5 RGB pictures of it; pictures of bad quality are left out.

        Raises:
            ImageError: There is no picture, more than five, or one is not RGB uint8.
            ModelError: The model's answer is no number, or not of the card's classes.
        """
        if not 1 <= len(frames) <= MAX_FRAMES:
            raise ImageError(f"look: {len(frames)} pictures; give 1 to {MAX_FRAMES}")
        small = [halved(frame) for frame in frames]
        problems = [judge(frame, self._limits).problems for frame in small]
        good = [frame for frame, found in zip(small, problems, strict=True) if not found]
        if not good:
            named = sorted({name for found in problems for name in found})
            return Sight(
                "", 0.0, (), unknown=True, unknown_score=BLIND_SCORE, problems=tuple(named)
            )
        logits, strangeness = self._asked(np.stack([shown(frame) for frame in good]))
        return sight_of(self.card, logits, strangeness)

    def _asked(self, batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Class scores and strangeness of pictures, refused where the model is out of order."""
        outputs = self.model.run(batch)
        added = 0.0 if self._taught is None else self._taught.added(outputs.features)
        logits = np.asarray(outputs.logits + added, np.float32)
        if logits.shape != (len(batch), len(self.card.classes)):
            raise ModelError(
                f"model {self.model_sha256[:12]}: scores of {logits.shape[-1]} classes, the card "
                f"names {len(self.card.classes)}; use the two files of one training"
            )
        if not (np.isfinite(logits).all() and np.isfinite(outputs.strangeness).all()):
            raise ModelError(
                f"model {self.model_sha256[:12]}: its answer is no number; train one or reinstall"
            )
        return logits, outputs.strangeness


def sight_of(card: Card, logits: NDArray[np.floating], strangeness: NDArray[np.floating]) -> Sight:
    """Put the model's answer to the pictures of one load into words, by its card.

    `logits` is pictures × classes, `strangeness` one a picture.
    """
    shares = vote(logits, card.temperature)
    named = zip(card.classes, (float(share) for share in shares), strict=True)
    ranked = tuple(sorted(named, key=lambda pair: -pair[1]))
    label, probability = next(pair for pair in ranked if pair[0] not in card.refused)
    known = [index for index, name in enumerate(card.classes) if name not in card.refused]
    energy = float(energy_of(logits[:, known], card.temperature).mean())
    score = card.gate.score(probability, float(strangeness.mean()), energy)
    unknown = card.gate.is_unknown(score) or ranked[0][0] in card.refused
    return Sight(label, probability, ranked, unknown, score)


def vote(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Class probabilities by the mean of the pictures' log-probabilities.

    `logits` is pictures × classes; the result has one share a class and sums to one.
    """
    mean = log_shares(logits, temperature).mean(axis=0, keepdims=True)
    return np.asarray(np.exp(log_shares(mean))[0], np.float64)
