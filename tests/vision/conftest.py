"""Training's tests run where its extra is installed; the other tests never need it."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from sim.drawn import draw, draw_set
from vision.images import Image

collect_ignore = [] if find_spec("torch") else ["test_train.py"]


@pytest.fixture(scope="session")
def data_in_miniature(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as training wants it, of drawings; simulated items lie below `drawn`."""
    folder = tmp_path_factory.mktemp("data")
    kinds = {"cardboard": "carton", "glass": "glass-bottle", "metal": "can",
             "paper": "newspaper", "plastic": "pet-bottle", "trash": "plant"}  # fmt: skip
    for label, kind in kinds.items():
        for part, count in (("trashnet/train", 2), ("trashnet/val", 1), ("field_val", 1)):
            for number in range(count):
                _save(folder / part / label, number, draw(kind, random.Random(f"{part}{number}")))
    for place, kind in (("clothing/textile", "t-shirt"), ("groceries/food", "banana"),
                        ("groceries/cardboard_beverage_carton", "carton"), ("office/other", "hand"),
                        ("boards/small_electronics", "battery")):  # fmt: skip
        for number in range(2):
            _save(folder / "extra" / place, number, draw(kind, random.Random(f"x{number}")))
    draw_set(folder / "drawn", 1, seed=1)
    return folder


def _save(folder: Path, number: int, image: Image) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    small = cv2.resize(image, (320, 240), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{number}.jpg"), np.asarray(small[..., ::-1]))
