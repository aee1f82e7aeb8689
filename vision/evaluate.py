"""How well a classifier does on a folder of labelled pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from vision.classify import Classifier
from vision.errors import ImageError
from vision.figures import Judged, figures_of
from vision.images import SUFFIXES, load_image, printable


def labelled(folder: Path) -> list[tuple[str, Path]]:
    """List the pictures of `folder/class/*` as (class folder, path), in order.

    Raises:
        ImageError: There are none.
    """
    found = [
        (path.parent.name, path)
        for path in sorted(folder.glob("*/*"))
        if path.suffix.lower() in SUFFIXES
    ]
    if not found:
        raise ImageError(
            f"folder {printable(folder)}: no pictures; give a folder with class/*.jpg in it"
        )
    return found


def _raise(error: ImageError) -> NoReturn:
    raise error


def judge_all(
    classifier: Classifier,
    pictures: Iterable[tuple[str, Path]],
    clock: Callable[[], float] = time.perf_counter,
    broken: Callable[[ImageError], object] = _raise,
) -> list[Judged]:
    """Look at each picture by itself; time counts from the decoded picture to the sight.

    `broken` is told of each picture that cannot be read, and the rest goes on; without it the
    first one ends the call.

    Raises:
        ImageError: A picture cannot be read, and `broken` is not given.
    """
    judged = []
    for folder, path in pictures:
        try:
            image = load_image(path)
        except ImageError as error:
            broken(error)
            continue
        start = clock()
        sight = classifier.look([image])
        judged.append(Judged(folder, sight, (clock() - start) * 1000))
    return judged


def report(judged: list[Judged], classifier: Classifier, skipped: int = 0) -> dict[str, Any]:
    """Sum up as `kiosk vision eval --json` prints it; `skipped` pictures could not be read.

    Figures are `figures_of`'s; besides there are the times, and which model gave them.
    """
    times = np.array([item.ms for item in judged], np.float64)
    return {
        **figures_of(judged, classifier.card),
        "skipped": skipped,
        "median_ms": round(float(np.median(times)), 2) if judged else None,
        "p95_ms": round(float(np.percentile(times, 95)), 2) if judged else None,
        "model_sha256": classifier.model_sha256,
        "taught_sha256": classifier.taught_sha256,
    }
