"""The verdict in simulation: how often right, how often wrongly accepted, beside bare thresholds.

Thousands of loads as `sim.trials.loads` brings them, on seeds that no figure was chosen on. The
eyes are the shipped model, over drawn things and, where `KIOSK_DATA` names the folder, over photos
of TrashNet's validation split. Right is a load that was accepted under its own item code, or under
one of the same stream and price, for no more pieces than there are where pieces are paid; and a
load that came back because it is none of the bay's, or has something else in it. A question is as
right as what came of its answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from bench.row import Row
from bench.verdict_peer import Thresholds
from contract.catalogue import Catalogue, example
from contract.points import price
from controller.core.config import VerdictConfig
from controller.core.metrology.class_iii import ClassIII
from controller.core.sight import Sight
from controller.core.verdict import Accept, Ask, Judge, Verdict
from sim.camera import read_picture
from sim.chance import rng
from sim.drawn import ITEM_CLASS, draw_frames
from sim.trials.loads import Brought, brought
from vision.classify import Classifier
from vision.images import Image

FIRST = 1_000_000
"""The first seed: whatever was chosen was chosen on seeds far below."""

LOADS = 20_000
SIGHTS = 60
"""Looks at each kind of thing; loads share them and differ in mass, barcode and answer."""

FRAMES = 3
BINS = {"paper": 0, "plastic": 1, "metal": 2}
PAN = ClassIII(15_000, 6_000, 2, 5, 40)
LEAST_RIGHT, MOST_WRONGLY_ACCEPTED = 99.0, 0.2
PHOTOS = "trashnet/val"
PAIRS = (("pet-bottle", "can"), ("can", "newspaper"), ("newspaper", "pet-bottle"))
"""What lies side by side in a mixed bag."""

Pool = Mapping[str, Sequence[Sight]]
"""Kind of thing → looks at it."""

Figure = Callable[[list["Judged"]], float]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one load."""

    load: Brought
    accepted: bool
    right: bool
    asked: bool


def measure() -> list[Row]:
    """Drawn things, and photos where they are."""
    eyes = Classifier.shipped()
    rows = _rows("drawn", drawn_sights(eyes, SIGHTS), LOADS)
    data = os.environ.get("KIOSK_DATA")
    if data and (Path(data) / PHOTOS).is_dir():
        rows += _rows("photos", photo_sights(eyes, Path(data) / PHOTOS), LOADS)
    return rows


def drawn_sights(eyes: Classifier, count: int) -> Pool:
    """`count` looks at each kind of thing that loads are made of."""
    pictures = {
        kind: [draw_frames(kind, rng(FIRST + number, kind), FRAMES) for number in range(count)]
        for kind in ITEM_CLASS
        if kind != "hand"
    }
    return _seen(eyes, pictures)


def photo_sights(eyes: Classifier, folder: Path) -> Pool:
    """One look at each photo; kinds of a class that has none, such as clothes, are left out."""
    names = {label: "trash" if label == "unknown" else label for label in ITEM_CLASS.values()}
    files = {
        kind: sorted((folder / names[label]).glob("*.jpg")) for kind, label in ITEM_CLASS.items()
    }
    return _seen(
        eyes,
        {kind: [[read_picture(file)] for file in found] for kind, found in files.items() if found},
    )


def _seen(eyes: Classifier, pictures: Mapping[str, Sequence[Sequence[Image]]]) -> Pool:
    """Looks at each kind, and at each pair of kinds that comes in one bag."""
    pairs = {
        f"{one}+{other}": [
            [side_by_side(*frames) for frames in zip(left, right, strict=True)]
            for left, right in zip(pictures[one], pictures[other], strict=False)
        ]
        for one, other in PAIRS
    }
    every = {**pictures, **pairs}
    return {kind: [sight_of(eyes, frames) for frames in looks] for kind, looks in every.items()}


def side_by_side(one: Image, other: Image) -> Image:
    """The left half of one picture beside the right half of another of the same size."""
    middle = one.shape[1] // 2
    return np.hstack((one[:, :middle], other[:, middle:]))


def sight_of(eyes: Classifier, frames: Sequence[Image]) -> Sight:
    """What the eyes say of these pictures, as the kiosk's adapter hands it on."""
    seen = eyes.look(frames)
    return Sight(
        seen.label,
        seen.probability,
        seen.probabilities,
        seen.unknown,
        seen.unknown_score,
        seen.problems,
    )


def trial(pool: Pool, loads: int, judge: Judge | Thresholds) -> list[Judged]:
    """Judge so many loads of the kinds that there are looks at."""
    drawn = (brought(FIRST + number) for number in range(loads))
    return [
        judged(load, pool, number, judge) for number, load in enumerate(drawn) if load.kind in pool
    ]


def judged(load: Brought, pool: Pool, number: int, judge: Judge | Thresholds) -> Judged:
    """One load from the pan to what came of it, the resident's answer included."""
    chance = rng(FIRST + number, "look")
    sight = replace(chance.choice(pool[load.kind]), barcodes=load.barcodes)
    mass_g = PAN.indication_g(load.mass_g + chance.gauss(0, 0.3))
    verdict: Verdict = judge.judge(sight, mass_g)
    asked = isinstance(verdict, Ask)
    if isinstance(verdict, Ask):
        answer = answered(load, verdict, judge.catalogue, mass_g)
        verdict = judge.answered(sight, mass_g, verdict.items, answer)
    return Judged(
        load, isinstance(verdict, Accept), is_right(load, verdict, judge.catalogue, mass_g), asked
    )


def answered(load: Brought, question: Ask, catalogue: Catalogue, mass_g: int) -> str:
    """What the person says: an item code, or empty for none of these."""
    codes = [item.code for item in question.items]
    match load.says:
        case "what-pays":
            return max(codes, key=lambda code: price(catalogue.item(code), mass_g, 1).points)
        case "what-passes":
            return codes[0]
        case _:
            return load.code if load.code in codes else ""


def is_right(load: Brought, verdict: Verdict, catalogue: Catalogue, mass_g: int) -> bool:
    """As the head of this file says."""
    if not isinstance(verdict, Accept):
        return load.code == ""
    if load.code == "":
        return False
    true = catalogue.item(load.code)
    same_price = price(true, mass_g, load.pieces).points == verdict.priced.points
    same = verdict.item.code == load.code or (verdict.item.stream == true.stream and same_price)
    return same and (verdict.priced.priced_by == "mass" or verdict.pieces <= load.pieces)


def _rows(eyes: str, pool: Pool, loads: int) -> list[Row]:
    judge = Judge(example(), BINS, PAN.min_g, VerdictConfig())
    ours, peer = trial(pool, loads, judge), trial(pool, loads, Thresholds(BINS, PAN.min_g))
    what = f"{eyes}, {len(ours)} loads"
    return [
        _row(f"right decision, {what}", ours, peer, _right, LEAST_RIGHT, at_least=True),
        _row(f"wrongly accepted, {what}", ours, peer, _wrongly_accepted, MOST_WRONGLY_ACCEPTED),
        _row(f"wrongly returned, {what}", ours, peer, _wrongly_returned, 100 - LEAST_RIGHT),
        _row(f"asked, {what}", ours, peer, _asked, 100.0),
    ]


def _row(
    name: str,
    ours: list[Judged],
    peer: list[Judged],
    figure: Figure,
    goal: float,
    *,
    at_least: bool = False,
) -> Row:
    return Row(
        name, figure(ours), "%", "thresholds", figure(peer), goal, at_least=at_least, is_limit=True
    )


def _right(loads: list[Judged]) -> float:
    return 100 * fmean(one.right for one in loads)


def _wrongly_accepted(loads: list[Judged]) -> float:
    return 100 * fmean(one.accepted and not one.right for one in loads)


def _wrongly_returned(loads: list[Judged]) -> float:
    return 100 * fmean(not one.accepted and not one.right for one in loads)


def _asked(loads: list[Judged]) -> float:
    return 100 * fmean(one.asked for one in loads)
