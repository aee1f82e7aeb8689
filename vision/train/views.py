"""How training sees a picture: as it is, changed at random, or with its thing laid elsewhere."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vision.closeup import MARGIN, closeup, fitted, shown
from vision.images import Image, load_image
from vision.train.augment import cropped, jittered, laid_elsewhere, taken_off, working, worn
from vision.train.data import MADE, MADE_SHARE, Picture, Source, made_label
from vision.train.made import make

JITTER_SHARE = 0.35
"""Views that keep their ground; the others are laid elsewhere."""

MARGIN_OFF = (-0.08, 0.25)
"""How much narrower or wider than usual the room around a thing is."""


@dataclass(frozen=True, slots=True)
class View:
    """One way of seeing: the `number`-th of a photograph (0: as it is), or of a made thing.

    `weight` is how likely training draws it, over all views 1.
    """

    picture: Picture | None
    kind: str
    label: str
    number: int
    weight: float

    @property
    def key(self) -> str:
        """What its chance depends on, besides the training's seed."""
        return f"{self.picture.key if self.picture else self.kind}/{self.number}"


def all_views(sources: Sequence[Source]) -> list[View]:
    """Every view that training may draw, with its weight.

    Within a photographs' source rare classes are drawn more often than their number says, by
    the root of it; an unchanged picture counts twice where there are ten views or more.
    """
    views: list[View] = []
    for source in sources:
        labels = [picture.label for picture in source.pictures]
        drawn = []
        for picture in source.pictures:
            rarity = labels.count(picture.label) ** -0.5 if source.name == "trashnet" else 1.0
            for number in range(source.views):
                twice = 2.0 if source.views >= 10 and number == 0 else 1.0
                drawn.append(View(picture, "", picture.label, number, rarity * twice))
        views += _shared(drawn, source.share)
    made = [
        View(None, kind, made_label(kind), number, weight)
        for kind, (count, weight) in MADE.items()
        for number in range(count)
    ]
    return [*views, *_shared(made, MADE_SHARE)]


def _shared(views: Sequence[View], share: float) -> Iterator[View]:
    """The same views with weights that sum to `share`."""
    total = sum(view.weight for view in views)
    for view in views:
        yield View(view.picture, view.kind, view.label, view.number, share * view.weight / total)


def see(view: View, seed: int, prints: Sequence[Image]) -> Image:
    """The picture of a view at the model's size; the same seed sees the same.

    `prints` are photographs that made things are printed with.

    Raises:
        ImageError: The picture cannot be read.
    """
    rng = random.Random(f"{seed}/{view.key}")
    if view.picture is None:
        made = make(view.kind, rng, prints)
        return _worn_closeup(jittered(made, rng) if rng.random() < 0.7 else made, rng)
    if view.number == 0:
        return shown(_small(view.picture.path))
    return _worn_closeup(jittered(_placed(view.picture.path, rng), rng), rng)


def _worn_closeup(image: Image, rng: random.Random) -> Image:
    """What the model is shown of a changed picture, closer or wider than it would be."""
    margin = MARGIN + rng.uniform(*MARGIN_OFF)
    return worn(fitted(closeup(image, margin)), rng)


def _placed(path: Path, rng: random.Random) -> Image:
    """A photograph on its own ground or on another, whole or in part."""
    stays = rng.random() < JITTER_SHARE
    cut = None if stays else _cut(path)
    image = _small(path) if cut is None else laid_elsewhere(cut, rng)
    return cropped(image, rng) if rng.random() < 0.5 else image


# A picture's views come one after the other: the last picture is worth remembering.
@functools.lru_cache(maxsize=1)
def _small(path: Path) -> Image:
    return working(load_image(path))


_cut = functools.lru_cache(maxsize=1)(lambda path: taken_off(_small(path)))
