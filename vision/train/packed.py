"""The pictures that train, each once at the size that views are made at: quick to read, small.

Views are made of these and never of the files they came from, so that a machine with a GPU needs
the packed folder alone (some 25 MB) to train the same nets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vision.errors import TrainingError
from vision.images import load_image
from vision.train.augment import working
from vision.train.data import Picture, Source

QUALITY = 85
"""Of WebP; its decoding is laid down to the bit, so that every machine sees the same."""

LIST = "pictures.json"


@dataclass(frozen=True, slots=True)
class Packed:
    """What trains, out of one folder: the sources, and the photographs that lend their prints."""

    sources: tuple[Source, ...]
    prints: tuple[Path, ...]


def packed(
    sources: Sequence[Source],
    prints: Sequence[Picture],
    folder: Path,
    done: Callable[[int], object],
) -> Packed:
    """Write to `folder` what is not there yet; `done` hears the number of pictures just packed.

    Raises:
        ImageError: A picture cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for source in sources:
        names = []
        for picture in source.pictures:
            names.append([_pack(picture.path, folder), picture.label, picture.key])
            done(1)
        listed.append(
            {"name": source.name, "views": source.views, "share": source.share, "pictures": names}
        )
    lent = [_pack(picture.path, folder) for picture in prints]
    content = json.dumps({"sources": listed, "prints": lent}, indent=1)
    (folder / LIST).write_text(content + "\n", encoding="utf-8")
    return unpacked(folder)


def _pack(path: Path, folder: Path) -> str:
    """Pack one picture under a name that its bytes give it."""
    name = f"{hashlib.sha256(path.read_bytes()).hexdigest()[:24]}.webp"
    if not (folder / name).exists():
        bgr = np.ascontiguousarray(working(load_image(path))[..., ::-1])
        _, data = cv2.imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
        written = (folder / name).with_suffix(".part")
        written.write_bytes(data.tobytes())
        written.rename(folder / name)
    return name


def unpacked(folder: Path) -> Packed:
    """Find what `packed` wrote.

    Raises:
        TrainingError: The folder's list is missing or broken.
    """
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
        sources = [
            Source(
                one["name"],
                tuple(Picture(folder / file, label, key) for file, label, key in one["pictures"]),
                int(one["views"]),
                float(one["share"]),
            )
            for one in content["sources"]
        ]
        return Packed(tuple(sources), tuple(folder / name for name in content["prints"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"packed pictures {folder}: {error}; pack them anew") from error
