"""The labelled pictures of one chamber, as the model sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.card import Card
from vision.classify import halved
from vision.closeup import shown
from vision.errors import ImageError
from vision.figures import ALIASES
from vision.images import Image, decode_image, printable, read_image
from vision.quality import judge
from vision.runtime import Model
from vision.shares import log_shares
from vision.taught import unit
from vision.teaching.head import Example, unit_mean

TURN_DEGREES, TURN_SCALE = 12.0, 1.1
"""Small turns, and so much larger that hardly any corner has to be made up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One labelled picture: where it came from, and the model's answers to its V views.

    `features` is V × D, `logits` V × classes, `strangeness` V; the first view is the picture
    itself. `name` and `sha256` are the file's.
    """

    folder: str
    name: str
    sha256: str
    features: NDArray[np.float32]
    logits: NDArray[np.float32]
    strangeness: NDArray[np.float32]


def views(image: Image) -> NDArray[np.uint8]:
    """A picture at the model's size: as it is, mirrored both ways, and turned a little."""
    plain = shown(image)
    mirrored = plain[:, ::-1]
    flips = [plain, mirrored, plain[::-1], mirrored[::-1]]
    turns = [_turned(plain, 1), _turned(plain, -1), _turned(mirrored, 1)]
    return np.stack([*flips, *turns])


def _turned(image: Image, direction: int) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), direction * TURN_DEGREES, TURN_SCALE)
    border = cv2.BORDER_REFLECT_101
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderMode=border), np.uint8)


def see(
    model: Model, pictures: Iterable[tuple[str, Path]], broken: Callable[[ImageError], object]
) -> list[Seen]:
    """Look at labelled pictures (folder's name, path); `broken` is told of those left out.

    Left out is what cannot be read, what the kiosk would not judge (dark, burnt, covered or
    blurred pictures never reach the model), and a file that is the copy of another: where one is
    left out, the other would give the answer away.
    """
    seen: dict[str, Seen] = {}
    for folder, path in pictures:
        try:
            data = read_image(path)
            sha256 = hashlib.sha256(data).hexdigest()
            if (other := seen.get(sha256)) is not None:
                raise ImageError(
                    f"image {printable(path)}: the same file as {other.name}; take another picture"
                )
            seen[sha256] = _look(model, folder, path, data, sha256)
        except ImageError as error:
            broken(error)
    return list(seen.values())


def _look(model: Model, folder: str, path: Path, data: bytes, sha256: str) -> Seen:
    name = printable(path)
    image = halved(decode_image(data, name))
    if problems := judge(image).problems:
        raise ImageError(f"image {name}: {', '.join(problems)}; take it again")
    outputs = model.run(views(image))
    short = f"{printable(Path(path.parent.name))}/{printable(Path(path.name))}"
    return Seen(folder, short, sha256, *outputs)


def example(card: Card, seen: Sequence[Seen]) -> Example:
    """What is to be learned from pictures, at the card's temperature."""
    features = np.stack([one.features for one in seen])
    scores = np.stack([one.logits for one in seen]).astype(np.float64) / card.temperature
    return Example(
        plain=np.asarray(unit(features[:, 0]), np.float64),
        turned=unit_mean(features),
        scores=scores[:, 0],
        turned_scores=scores.mean(axis=1),
        target=_target(card, [one.folder for one in seen], scores[:, 0]),
    )


def _target(card: Card, folders: Sequence[str], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share that each class should have in each picture; N × classes.

    A picture of a known class is wholly that. What is none (an empty pan, a foreign thing) is
    some refused class, which one the model may say; without a refused class there is nothing to
    learn from it but the gate, and it keeps the shares it has.
    """
    refused = np.array([name in card.refused for name in card.classes])
    target = np.exp(log_shares(np.where(refused if refused.any() else True, scores, -1e9)))
    for row, folder in enumerate(folders):
        name = ALIASES.get(folder, folder)
        if name in card.classes:
            target[row] = [other == name for other in card.classes]
    return target
