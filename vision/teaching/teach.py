"""From a few labelled pictures of one chamber to what the kiosk is taught, and whether it pays.

How strongly to learn is chosen by leaving pictures out: the largest mean gain among the strengths
whose gain is more than `SURE` of its own standard errors. Where there is none, the gain may be
chance and nothing is taught; nor is it where what must be refused would be taken more often.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.card import Card
from vision.classify import sight_of
from vision.errors import TeachingError
from vision.figures import ALIASES, Judged, figures_of
from vision.openset import energy_of
from vision.taught import Taught
from vision.teaching import retune
from vision.teaching.head import Example, Matrix, learn, left_out, parts_of
from vision.teaching.lesson import Seen, example

DECAYS = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01)
"""Pulls back to the shipped head, from hardly moving to following every picture."""

SURE = 2.0
"""Standard errors that a gain must have: it is the best of several, and the pictures are few."""

NO_GAIN = "no more than chance"
TAKES_MORE = "more of what must be refused would be taken"

LEAST_CLASSES, LEAST_PICTURES = 2, 2
"""So many known classes must have so many pictures each, or nothing can be left out."""

KEPT_FIGURES = (
    *("n", "n_known", "n_unknown", "top1", "stream_top1", "ece", "auroc_unknown"),
    *("accepted", "accepted_top1", "unknown_refused"),
)

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What teaching came to.

    `taught` is None where the pictures do not show that it pays; `refusal` then says why, and is
    empty otherwise. `before` and `after` are figures of `kiosk vision eval` over the taught
    pictures, each judged as if it had not been taught; `gain` is the mean loss saved a picture
    and `gain_error` its standard error.
    """

    taught: Taught | None
    refusal: str
    decay: float
    gain: float
    gain_error: float
    before: dict[str, Any]
    after: dict[str, Any]


def steps_of(seen: Sequence[Seen]) -> int:
    """How often `teach` calls its `step`."""
    return len(DECAYS) * parts_of(len(seen))


def teach(card: Card, seen: Sequence[Seen], step: Step = lambda: None) -> Lesson:
    """Learn from pictures of one chamber; the model and its card stay as they are.

    Raises:
        TeachingError: There are too few pictures of known classes.
    """
    _refuse_too_few(card, seen)
    lesson = example(card, seen)
    tried = {decay: left_out(lesson, decay, step) for decay in DECAYS}
    untaught = retune.losses(lesson.scores, lesson.target)
    saved = {one: _gain(untaught - retune.losses(tried[one], lesson.target)) for one in DECAYS}
    sure = [one for one, (gain, error) in saved.items() if gain > SURE * error]
    decay = max(sure or DECAYS, key=lambda one: saved[one][0])
    after = retuned(card, seen, tried[decay], lesson)
    judged = _judged(card, seen, lesson.scores * card.temperature)
    judged_after = _judged(after, seen, tried[decay] * card.temperature)
    refusal = "" if sure else NO_GAIN
    if sure and takes_more(card, judged, judged_after):
        refusal = TAKES_MORE
    return Lesson(
        taught=None if refusal else _taught(card, after, lesson, decay),
        refusal=refusal,
        decay=decay,
        gain=saved[decay][0],
        gain_error=saved[decay][1],
        before=_figures(judged, card),
        after=_figures(judged_after, after),
    )


def takes_more(card: Card, before: Sequence[Judged], after: Sequence[Judged]) -> bool:
    """Whether pictures to refuse are taken more often after than before, beyond their noise.

    The same pictures are judged twice, so only those count that are judged otherwise (McNemar
    1947): as many may come to be taken as to be refused, and one standard error more.
    """
    pairs = [
        (old.sight.unknown, new.sight.unknown)
        for old, new in zip(before, after, strict=True)
        if ALIASES.get(old.folder, old.folder) not in card.known
    ]
    taken, refused = pairs.count((True, False)), pairs.count((False, True))
    return taken - refused > math.sqrt(taken + refused)


def document(lesson: Lesson, seen: Sequence[Seen], taught_on: str) -> str:
    """The taught file's text: what is needed, what it was learned from, and what it gave.

    Raises:
        TeachingError: Nothing was taught.
    """
    if lesson.taught is None:
        raise TeachingError("nothing was taught; add pictures that the model gets wrong")
    pictures = [{"file": one.name, "sha256": one.sha256} for one in seen]
    about = {
        "what": "what one kiosk was taught of its own chamber; see docs/vision.md",
        "taught_on": taught_on,
        "decay": lesson.decay,
        "figures": {"before": lesson.before, "after": lesson.after},
        "gain": round(lesson.gain, 4),
        "gain_error": round(lesson.gain_error, 4),
        "pictures": sorted(pictures, key=lambda one: one["file"]),
    }
    return json.dumps(about | lesson.taught.content(), indent=1, sort_keys=True) + "\n"


def _gain(saved: NDArray[np.float64]) -> tuple[float, float]:
    """The mean of the loss saved, and its standard error."""
    return float(saved.mean()), float(saved.std(ddof=1) / math.sqrt(len(saved)))


def _refuse_too_few(card: Card, seen: Sequence[Seen]) -> None:
    counts = Counter(ALIASES.get(one.folder, one.folder) for one in seen)
    enough = [name for name in card.known if counts[name] >= LEAST_PICTURES]
    if len(enough) < LEAST_CLASSES:
        raise TeachingError(
            f"teaching takes {LEAST_PICTURES} good pictures each of {LEAST_CLASSES} known classes "
            f"at least, better 3 to 20; folders are named as classes: {', '.join(card.known)}"
        )


def _taught(card: Card, after: Card, lesson: Example, decay: float) -> Taught:
    weight, bias = learn(lesson, decay)
    return Taught(
        # Learned at the card's temperature, added to scores before any.
        weight=np.asarray(weight * card.temperature, np.float32),
        bias=np.asarray(bias * card.temperature, np.float32),
        temperature=after.temperature,
        gate=after.gate,
        model_sha256=card.model_sha256,
    )


def retuned(card: Card, seen: Sequence[Seen], scores: Matrix, lesson: Example) -> Card:
    """The card with temperature and gate set by left-out scores (at the card's temperature)."""
    heat = retune.temperature(scores, lesson.target, card.temperature)
    logits = scores * card.temperature
    truth = [ALIASES.get(one.folder, one.folder) for one in seen]
    known = np.array([name in card.known for name in truth])
    columns = [index for index, name in enumerate(card.classes) if name in card.known]
    strangeness = np.array([one.strangeness[0] for one in seen], np.float64)
    energy = energy_of(logits[known][:, columns], heat)
    n_unknown = int((~known).sum())
    gate = retune.moved(card.gate, strangeness[known], energy, n_unknown)
    moved = replace(card, temperature=heat, gate=gate)
    sights = [item.sight for item in _judged(moved, seen, logits)]
    leads = np.array([sight.probabilities[0][0] not in card.refused for sight in sights])
    labels = [sight.label for sight in sights]
    right = np.array([label == name for label, name in zip(labels, truth, strict=True)])
    scored = np.array([sight.unknown_score for sight in sights])
    return replace(moved, gate=retune.threshold(gate, scored, right, leads, n_unknown))


def _judged(card: Card, seen: Sequence[Seen], logits: NDArray[np.float64]) -> list[Judged]:
    """What the kiosk would have said of each picture with these scores."""
    return [
        Judged(one.folder, sight_of(card, row[None], one.strangeness[:1]), ms=0.0)
        for one, row in zip(seen, logits, strict=True)
    ]


def _figures(judged: list[Judged], card: Card) -> dict[str, Any]:
    figures = figures_of(judged, card)
    return {name: figures[name] for name in KEPT_FIGURES}
