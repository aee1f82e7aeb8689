"""Which pictures a model is trained and tuned on, and which never."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vision.errors import TrainingError
from vision.images import SUFFIXES

CLASSES = ("cardboard", "glass", "metal", "paper", "plastic", "textile", "other")
"""The classes of a trained model; `other` is what the kiosk does not take."""

REFUSED = ("other",)

EXCLUDED = frozenset({"glass115", "metal91", "glass389", "glass176"})
"""TrashNet files whose picture also stands under another label, or in a test split."""

CLOTHES, FOOD, BOARDS = 300, 150, 75
"""How many pictures of garments, of food and of circuit boards training takes at most."""

HELD = 100
"""How many of the others are held out to measure on."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One labelled picture; `label` is one of `CLASSES`, `key` names it in lists and hashes."""

    path: Path
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Sets:
    """The pictures by their role: `fit` and `drawn_fit` train, the others measure.

    `tune` (TrashNet's own validation split) sets temperature and thresholds. The pictures of
    `clothes`, `strange` and `drawn` come from the same places as some of training's, held out.
    """

    fit: list[Picture]
    drawn_fit: list[Picture]
    tune: list[Picture]
    clothes: list[Picture]
    strange: list[Picture]
    drawn: list[Picture]


def gather(data: Path, drawn: Path, seed: int) -> Sets:
    """Choose the pictures below the two folders; the same seed chooses the same ones.

    `drawn` holds class folders of simulated items (`unknown` for what is none of ours).

    Raises:
        TrainingError: A folder is missing or empty.
    """
    trashnet = _folders(data / "trashnet" / "train")
    garments = _shuffled(_named(data / "extra" / "clothing" / "textile", "textile"), seed)
    food = _shuffled(_named(data / "extra" / "groceries" / "food", "other"), seed)
    boards = _shuffled(_named(data / "extra" / "boards" / "small_electronics", "other"), seed)
    items = _shuffled(_folders(drawn), seed)
    held = len(items) // 5
    worn, hung = _parted(garments, CLOTHES)
    eaten, fresh = _parted(food, FOOD)
    seen, unseen = _parted(boards, BOARDS)
    return Sets(
        fit=[item for item in trashnet if item.path.stem not in EXCLUDED] + worn + eaten + seen,
        drawn_fit=items[held:],
        tune=_folders(data / "trashnet" / "val"),
        clothes=hung,
        strange=fresh + unseen,
        drawn=items[:held],
    )


def _parted(pictures: list[Picture], most: int) -> tuple[list[Picture], list[Picture]]:
    """Up to `most` pictures for training (three quarters at most), up to HELD of the rest."""
    taken = min(most, len(pictures) * 3 // 4)
    return pictures[:taken], pictures[taken : taken + HELD]


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


def _folders(folder: Path) -> list[Picture]:
    """All pictures of `folder/class/`; a folder that is none of `CLASSES` is `other`."""
    classes = sorted(path for path in folder.glob("*") if path.is_dir())
    found = [
        picture
        for path in classes
        for picture in _named(path, path.name if path.name in CLASSES else "other")
    ]
    if not found:
        raise TrainingError(f"folder {folder}: no class/picture in it; name the right folder")
    return found


def _named(folder: Path, label: str) -> list[Picture]:
    """All pictures of one folder, in order, under one label."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise TrainingError(f"folder {folder}: no pictures in it; name the right data folder")
    return [Picture(path, label, f"{folder.name}/{path.name}") for path in paths]


def _shuffled(pictures: list[Picture], seed: int) -> list[Picture]:
    """In an order that depends on seed and names alone, so that a new file moves no other."""
    return sorted(pictures, key=lambda item: hashlib.sha256(f"{seed}/{item.key}".encode()).digest())
