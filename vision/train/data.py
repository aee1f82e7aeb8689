"""Which pictures a model is trained and tuned on, how often each is seen, and which never."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vision.errors import TrainingError
from vision.images import SUFFIXES
from vision.train.made import KINDS

CLASSES = ("cardboard", "glass", "metal", "paper", "plastic", "textile", "other")
"""The classes of a trained model; `other` is what the kiosk does not take."""

REFUSED = ("other",)

EXCLUDED = frozenset({"glass115", "metal91", "glass389", "glass176"})
"""TrashNet files whose picture also stands under another label, or in a test split."""

HELD = 100
"""How many pictures of a source that also trains are held out to measure on, at most."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One labelled picture; `label` is one of `CLASSES`, `key` names it in lists and hashes."""

    path: Path
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where training's pictures come from.

    Each picture is seen in `views` ways, and `share` of what training draws is of this source.
    """

    name: str
    pictures: tuple[Picture, ...]
    views: int
    share: float


@dataclass(frozen=True, slots=True)
class Sets:
    """Pictures by their role: `fit` trains, `measure` (by name) never does.

    `tune` is TrashNet's own validation split; temperature and gate are set on it, the gate's
    marks on `clothes` and `drawn` as well. These and `strange` are held out, but come from the same
    places as some of training's; `field_val` is another camera's and may be missing.
    """

    fit: tuple[Source, ...]
    measure: Mapping[str, tuple[Picture, ...]]


MADE: Mapping[str, tuple[int, float]] = {
    "carton": (600, 1.0),
    "film": (350, 1.3),
    "wrapper": (450, 1.2),
    "crumpled": (350, 1.3),
    "cloth": (200, 1.5),
    "foil": (150, 0.25),
    "plant": (450, 1.0),
    "scraps": (350, 0.5),
    "nothing": (200, 1.0),
}
"""How many pictures of each of `made.KINDS` are made, and how likely one of them is drawn.

Made foil is much like made film, and made scraps like crumpled brown paper: drawn as often as
the rest they taught that plastic is metal and paper is other.
"""

MADE_SHARE = 0.17


def gather(data: Path, drawn: Path, seed: int) -> Sets:
    """Choose the pictures below the two folders; the same seed chooses the same ones.

    `drawn` holds class folders of simulated items (`unknown` for what is none of ours).

    Raises:
        TrainingError: A folder is missing or empty.
    """
    extra = data / "extra"
    trashnet = [
        item for item in _folders(data / "trashnet" / "train") if item.path.stem not in EXCLUDED
    ]
    garments, hung = _parted(_named(extra / "clothing" / "textile", "textile"), 400, seed)
    cartons = _named(extra / "groceries" / "cardboard_beverage_carton", "cardboard")
    food, fresh = _parted(_named(extra / "groceries" / "food", "other"), 350, seed)
    boards, bare = _parted(_named(extra / "boards" / "small_electronics", "other"), 110, seed)
    items = _shuffled(_folders(drawn), seed)
    measure = {
        "tune": _folders(data / "trashnet" / "val"),
        "clothes": hung,
        "strange": [*fresh, *bare],
        "drawn": items[: len(items) // 5],
    }
    if (data / "field_val").is_dir():
        measure["field_val"] = _folders(data / "field_val")
    fit = (
        _source("trashnet", trashnet, 16, 0.55),
        _source("clothing", garments, 6, 0.07),
        _source("cartons", _shuffled(cartons, seed)[:250], 5, 0.05),
        _source("food", food, 6, 0.05),
        _source("boards", boards, 6, 0.02),
        _source("office", _folders(extra / "office"), 12, 0.01),
        _source("drawn", items[len(items) // 5 :], 4, 0.08),
    )
    return Sets(fit, {name: tuple(pictures) for name, pictures in measure.items()})


def _source(name: str, pictures: Sequence[Picture], views: int, share: float) -> Source:
    return Source(name, tuple(pictures), views, share)


def _parted(pictures: list[Picture], most: int, seed: int) -> tuple[list[Picture], list[Picture]]:
    """Up to `most` pictures for training (three quarters at most), up to HELD of the rest."""
    mixed = _shuffled(pictures, seed)
    taken = min(most, len(mixed) * 3 // 4)
    return mixed[:taken], mixed[taken : taken + HELD]


def list_sha256(pictures: Iterable[Picture]) -> str:
    """Hash which pictures a set holds: their keys, labels and bytes' hashes, sorted."""
    lines = sorted(
        f"{item.label} {item.key} {hashlib.sha256(item.path.read_bytes()).hexdigest()}"
        for item in pictures
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def counts(pictures: Sequence[Picture]) -> dict[str, int]:
    """How many pictures of each class a set holds."""
    labels = [item.label for item in pictures]
    return {name: labels.count(name) for name in CLASSES if name in labels}


def made_label(kind: str) -> str:
    """The class of a made picture."""
    return KINDS[kind][0]


LABELS = {"textile_trash": "textile"}
"""Folders that mean a class of another name; any other folder that is no class is `other`."""


def _folders(folder: Path) -> list[Picture]:
    """All pictures of `folder/class/`; a folder that is none of `CLASSES` is `other`."""
    classes = sorted(path for path in folder.glob("*") if path.is_dir())
    found = [picture for path in classes for picture in _named(path, _label(path.name))]
    if not found:
        raise TrainingError(f"folder {folder}: no class/picture in it; name the right folder")
    return found


def _label(name: str) -> str:
    label = LABELS.get(name, name)
    return label if label in CLASSES else "other"


def _named(folder: Path, label: str) -> list[Picture]:
    """All pictures of one folder, in order, under one label."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise TrainingError(f"folder {folder}: no pictures in it; name the right data folder")
    return [Picture(path, label, f"{folder.name}/{path.name}") for path in paths]


def _shuffled(pictures: list[Picture], seed: int) -> list[Picture]:
    """In an order that depends on seed and names alone, so that a new file moves no other."""
    return sorted(pictures, key=lambda item: hashlib.sha256(f"{seed}/{item.key}".encode()).digest())
