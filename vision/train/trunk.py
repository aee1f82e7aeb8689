"""What the network's early part says of every view, computed once and kept on disk.

The trunk is not trained, so its output is all that training needs of a picture. It runs in
ONNX Runtime, several times quicker here than torch, in one process a core.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.images import Image, load_image
from vision.runtime import Network
from vision.train.export import trunk_onnx
from vision.train.net import Net
from vision.train.views import View, see

CHUNK = 16
"""Views handed to a worker at once: those of one picture, which is then read once."""

Step = Callable[[int], object]
"""Called with the number of views just done."""

Outputs = NDArray[np.float16]
"""What the trunk says of N views: N × height × width × channels."""

_worker: dict[str, tuple[Network, list[Image]]] = {}


class Trunk:
    """Runs views through the early part of `net`; what it said is kept in `cache`.

    `prints` are photographs that made things are printed with, `seed` decides every view's chance.
    """

    def __init__(self, net: Net, prints: Sequence[Path], cache: Path, seed: int) -> None:
        self._onnx = trunk_onnx(net)
        self._weights = net.trunk_sha256()
        self._prints, self._cache, self._seed = tuple(prints), cache, seed

    def name_of(self, views: Sequence[View]) -> str:
        """A name that the same files, weights, chance and program give to the same views."""
        paths = dict.fromkeys(view.picture.path for view in views if view.picture)
        digest = hashlib.sha256(self._weights.encode())
        for path in (*paths, *self._prints, *_program()):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        digest.update("\n".join((str(self._seed), *(view.key for view in views))).encode())
        return digest.hexdigest()[:32]

    def outputs(self, views: Sequence[View], step: Step) -> Outputs:
        """Run views through the trunk, or find that it was done.

        Raises:
            ImageError: A picture cannot be read.
        """
        stored = self._cache / f"{self.name_of(views)}.npy"
        if stored.exists():
            step(len(views))
        else:
            self._cache.mkdir(parents=True, exist_ok=True)
            written = stored.with_suffix(".part")
            self._compute(views, written, step)
            written.rename(stored)
        return np.asarray(np.load(stored, mmap_mode="r"))

    def _compute(self, views: Sequence[View], to: Path, step: Step) -> None:
        """Write the outputs view by view; a view's result does not depend on who works on it."""
        start = (self._onnx, self._prints)
        workers = os.cpu_count() or 1
        with ProcessPoolExecutor(workers, initializer=_start, initargs=start) as pool:
            seen = pool.map(partial(_output, seed=self._seed), views, chunksize=CHUNK)
            first = next(seen)
            shape = (len(views), *first.shape)
            outputs = np.lib.format.open_memmap(to, mode="w+", dtype=np.float16, shape=shape)
            outputs[0] = first
            step(1)
            for number, output in enumerate(seen, start=1):
                outputs[number] = output
                step(1)
            outputs.flush()


def _program() -> list[Path]:
    """The files that say how a view comes about."""
    here = Path(__file__).parent
    made = sorted((here / "made").glob("*.py"))
    seeing = [here.parent / "closeup.py", here.parent / "rim.py"]
    return [here / "views.py", here / "augment.py", *seeing, *made]


def _start(trunk: bytes, prints: Sequence[Path]) -> None:
    _worker["here"] = (Network(trunk, "trunk"), [load_image(path) for path in prints])


def _output(view: View, seed: int) -> Outputs:
    network, prints = _worker["here"]
    return np.asarray(network.run(see(view, seed, prints)[None])[0], np.float16)
