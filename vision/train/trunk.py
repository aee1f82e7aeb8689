"""What the network's early part says of every view, computed once and kept on disk.

The trunk is not trained, so its output is all that training needs of a picture. It runs in
ONNX Runtime, several times quicker here than torch, in one process a core.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.images import Image, load_image
from vision.runtime import Network
from vision.train.views import View, see

WORKERS = 2
CHUNK = 16
"""Views handed to a worker at once: those of one picture, which is then read once."""

Step = Callable[[int], object]
"""Called with the number of views just done."""

Outputs = NDArray[np.float16]
"""What the trunk says of N views: N × height × width × channels."""

_worker: dict[str, tuple[Network, list[Image]]] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the trunk says of N views: `outputs`, and a `name` that is theirs alone."""

    outputs: Outputs
    name: str


def trunk_outputs(
    views: Sequence[View], trunk: bytes, prints: Sequence[Path], cache: Path, seed: int, step: Step
) -> Seen:
    """Run views through the trunk (the bytes of its ONNX file), or find that it was done.

    Found again is what came of the same files, chance and program: their hashes are its name.

    Raises:
        ImageError: A picture cannot be read.
    """
    name = _name(views, trunk, prints, seed)
    stored = cache / f"{name}.npy"
    if stored.exists():
        step(len(views))
    else:
        cache.mkdir(parents=True, exist_ok=True)
        written = stored.with_suffix(".part")
        _compute(views, trunk, prints, written, seed, step)
        written.rename(stored)
    return Seen(np.asarray(np.load(stored, mmap_mode="r")), name)


def _name(views: Sequence[View], trunk: bytes, prints: Sequence[Path], seed: int) -> str:
    paths = dict.fromkeys(view.picture.path for view in views if view.picture)
    digest = hashlib.sha256(trunk)
    for path in (*paths, *prints, *_program()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update("\n".join((str(seed), *(view.key for view in views))).encode())
    return digest.hexdigest()[:32]


def _program() -> list[Path]:
    """The files that say how a view comes about."""
    here = Path(__file__).parent
    return [here / "views.py", here / "augment.py", *sorted((here / "made").glob("*.py"))]


def _compute(
    views: Sequence[View], trunk: bytes, prints: Sequence[Path], to: Path, seed: int, step: Step
) -> None:
    """Write the outputs view by view; a view's result does not depend on who works on it."""
    with ProcessPoolExecutor(WORKERS, initializer=_start, initargs=(trunk, prints)) as pool:
        seen = pool.map(partial(_output, seed=seed), views, chunksize=CHUNK)
        first = next(seen)
        shape = (len(views), *first.shape)
        outputs = np.lib.format.open_memmap(to, mode="w+", dtype=np.float16, shape=shape)
        outputs[0] = first
        step(1)
        for number, output in enumerate(seen, start=1):
            outputs[number] = output
            step(1)
        outputs.flush()


def _start(trunk: bytes, prints: Sequence[Path]) -> None:
    _worker["here"] = (Network(trunk, "trunk"), [load_image(path) for path in prints])


def _output(view: View, seed: int) -> Outputs:
    network, prints = _worker["here"]
    return np.asarray(network.run(see(view, seed, prints)[None])[0], np.float16)
