"""Features of many pictures, each seen in several ways, with a cache that a second run finds."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from vision.classify import fitted
from vision.images import Image, load_image
from vision.runtime import Backbone
from vision.train.augment import jittered, on_new_ground
from vision.train.data import Picture
from vision.train.features import Floats

BATCH = 16
WORKERS = 2
RECIPE = "1"
"""Part of the cache's name: raise it when `augment` or this file changes what is seen."""

Step = Callable[[int], object]
"""Called with the number of pictures just done."""


def see(image: Image, view: str, rng: random.Random) -> Image:
    """One way of seeing a picture, at the model's size.

    `plain` is the picture itself, `jitter…` is changed at random, `ground…` lies elsewhere and is
    changed at random; what follows the word makes it another chance.
    """
    if view == "plain":
        return fitted(image)
    if view.startswith("jitter"):
        return jittered(fitted(image), rng)
    return jittered(fitted(on_new_ground(image, rng)), rng)


class Extractor:
    """Runs pictures through the backbone and remembers the results in a folder."""

    def __init__(self, backbone: bytes, cache: Path, seed: int, step: Step) -> None:
        """Take the backbone as ONNX bytes without a head; `cache` may not exist yet."""
        self._backbone = Backbone(backbone)
        self._name = hashlib.sha256(backbone).hexdigest()
        self._cache = cache
        self._seed = seed
        self._step = step
        self._counted: set[Path] = set()

    def features(self, pictures: Sequence[Picture], view: str) -> Floats:
        """The features of pictures in one view; N × WIDTH.

        Raises:
            ImageError: A picture cannot be read.
        """
        keys = "\n".join(f"{item.key} {item.path.stat().st_size}" for item in pictures)
        recipe = f"{RECIPE}/{self._name}/{self._seed}/{view}\n{keys}"
        stored = self._cache / f"{hashlib.sha256(recipe.encode()).hexdigest()[:32]}.npy"
        if stored.exists():
            if stored not in self._counted:
                self._step(len(pictures))
            self._counted.add(stored)
            return np.asarray(np.load(stored), np.float32)
        self._counted.add(stored)
        made = np.concatenate(list(self._batches(pictures, view)))
        self._cache.mkdir(parents=True, exist_ok=True)
        np.save(stored, made)
        return made

    def _batches(self, pictures: Sequence[Picture], view: str) -> Iterator[Floats]:
        """Features batch by batch; a batch's result does not depend on who works on it."""

        def work(batch: Sequence[Picture]) -> Floats:
            seen = [see(load_image(item.path), view, self._rng(item, view)) for item in batch]
            return self._backbone.features(np.stack(seen))

        batches = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
        with ThreadPoolExecutor(WORKERS) as pool:
            for done in pool.map(work, batches):
                self._step(len(done))
                yield done

    def _rng(self, item: Picture, view: str) -> random.Random:
        """A picture's own chance, so that one more picture changes no other."""
        return random.Random(f"{self._seed}/{item.key}/{view}")
