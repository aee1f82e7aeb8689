"""Codes beside the two decoders they are read with: how many, how many wrong, how dear.

Drawn codes, some levels of each trouble, tell what a change does; photographs (in the folder
`KIOSK_DATA`) tell whether it matters. Each picture is read by the cascade, by zxing-cpp alone and
by zbar alone, one after the other. What it takes is processor time of the thread that reads.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from bench.codes_drawn import Shot, ean_digits, ean_modules, photographed, qr_modules
from bench.row import Row
from vision import codes
from vision.decoders import EAN_8, EAN_13, QR, Decoder, Grey, zbar, zxing
from vision.images import Image, load_image

log = logging.getLogger(__name__)

FIRST = 1_000_000
"""The first seed: what was chosen by drawn codes was chosen on seeds far below."""

EACH = 5
EMPTY = 40
TOKEN = "GR1:6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3D"
BARCODES = (EAN_13, EAN_8)

QR_SETS, EAN_SETS = ("qrcode-1", "qrcode-2", "qrcode-3"), ("ean13-2", "ean13-3", "ean8-1")
EMPTY_SET = "falsepositives-2"
"""Sets of photographs, each a folder."""

MORE_POINTS = 1.5
"""So many points of a hundred more QR codes than the best single decoder."""

LEAST_EAN = 82.0
MOST_QR_MS, MOST_EAN_MS = 35.0, 100.0
"""A picture of a resident's code, and one of the three of a load: barcodes have 0.3 s together."""
KIOSK, ZXING, ZBAR = "the kiosk's cascade", "zxing-cpp", "zbar"
PEERS: tuple[tuple[str, Decoder], ...] = ((ZXING, zxing), (ZBAR, zbar))

QR_LEVELS: dict[str, tuple[Shot, ...]] = {
    "small": tuple(Shot(side_px=side, blur_px=0.6) for side in (60, 80, 120)),
    "tilted": tuple(Shot(tilt=tilt) for tilt in (45, 60)),
    "bent": tuple(Shot(bend=bend) for bend in (40, 65)),
    "out of focus": tuple(Shot(blur_px=blur) for blur in (2.5, 3.5, 4)),
    "moved": tuple(Shot(motion_px=motion) for motion in (8, 12, 16)),
    "little light": tuple(Shot(electrons=count) for count in (25, 12, 6)),
    "dim screen": tuple(Shot(brightness=share) for share in (0.25, 0.1, 0.06, 0.04)),
    "moire": tuple(Shot(moire=share) for share in (0.3, 0.6, 1)),
    "glare": tuple(Shot(glare=radius) for radius in (0.2, 0.3, 0.4)),
    "shadow": tuple(Shot(shadow=depth) for depth in (0.5, 0.8, 0.93)),
    "inverted": (Shot(inverted=True), Shot(inverted=True, blur_px=2.5)),
    "several at once": (
        Shot(shadow=0.8, electrons=50),
        Shot(brightness=0.1, blur_px=2),
        Shot(side_px=120, tilt=40, electrons=60, blur_px=1.5),
        Shot(glare=0.3, shadow=0.6, tilt=40, moire=0.3, bend=40),
    ),
}
EAN_LEVELS: dict[str, tuple[Shot, ...]] = {
    "small": tuple(Shot(side_px=side) for side in (100, 120, 150)),
    "tilted": tuple(Shot(side_px=250, tilt=tilt) for tilt in (30, 45)),
    "bent": tuple(Shot(side_px=250, bend=bend) for bend in (30, 45)),
    "out of focus": tuple(Shot(side_px=250, blur_px=blur) for blur in (1.5, 2, 2.5)),
    "moved": tuple(Shot(side_px=250, motion_px=motion) for motion in (3, 5, 7)),
    "little light": tuple(Shot(side_px=250, electrons=count) for count in (50, 25, 12)),
    "dim": tuple(Shot(side_px=250, brightness=share) for share in (0.25, 0.1)),
    "shadow, glare": (
        Shot(side_px=250, shadow=0.7),
        Shot(side_px=250, glare=0.2),
        Shot(side_px=250, glare=0.3, shadow=0.5),
    ),
    "several at once": (
        Shot(side_px=180, blur_px=1.5, bend=40, electrons=200),
        Shot(side_px=220, tilt=30, shadow=0.6, blur_px=1.2),
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What one way of reading made of one picture."""

    right: bool
    wrong: int
    took_ms: float


Looks = dict[str, list[Look]]
"""What came of every picture, by the way of reading."""

Picture = tuple[Image, frozenset[str]]
"""A picture, and the texts that are in it."""


def measure() -> list[Row]:
    """Drawn codes, pictures without any, and photographs where there are some."""
    cv2.setNumThreads(1)
    return [
        *drawn("QR", QR_LEVELS, _qr_picture, (QR,)),
        *drawn("EAN", EAN_LEVELS, _ean_picture, BARCODES),
        *empty(),
        *photographs(),
    ]


def drawn(
    kind: str,
    levels: Mapping[str, tuple[Shot, ...]],
    draw: Callable[[Shot, int], Picture],
    formats: tuple[str, ...],
    each: int = EACH,
) -> list[Row]:
    """How many are read of `each` pictures a level, trouble by trouble and over all."""
    by_trouble = {
        trouble: looked(
            (draw(held(shot, seed), seed) for shot in shots for seed in _seeds(each)), formats
        )
        for trouble, shots in levels.items()
    }
    rows = [_rate(f"{kind} {trouble}", looks, 1.0) for trouble, looks in by_trouble.items()]
    every = {
        way: [look for looks in by_trouble.values() for look in looks[way]]
        for way in (KIOSK, ZXING, ZBAR)
    }
    return [*rows, *_summary(f"{kind} drawn", every, formats)]


def empty(count: int = EMPTY) -> list[Row]:
    """What pictures without a code cost: calm, textured, noisy, full of edges."""
    pictures = [(_empty(seed), frozenset[str]()) for seed in _seeds(count)]
    return _without("no code drawn", pictures)


def _without(name: str, pictures: Iterable[Picture]) -> list[Row]:
    """Where nothing may be read: by who wants residents' codes, and by who wants barcodes."""
    kept = list(pictures)
    sought = (("QR sought", (QR,)), ("EAN sought", BARCODES))
    return [
        row
        for what, formats in sought
        for looks in [looked(kept, formats)]
        for row in (_wrong(f"{name}, {what}", looks), _slow(f"{name}, {what}", looks, formats))
    ]


def photographs() -> list[Row]:
    """QR codes and barcodes photographed by others (zxing's test pictures)."""
    folder = os.environ.get("KIOSK_DATA")
    if not folder:
        log.warning("event=no-photographs reason=KIOSK_DATA names no folder")
        return []
    root = Path(folder) / "codes"
    if missing := [name for name in (*QR_SETS, *EAN_SETS, EMPTY_SET) if not (root / name).is_dir()]:
        log.warning("event=no-photographs reason=%s lacks %s", root, ", ".join(missing))
        return []
    qr = looked(_photographed(root, QR_SETS), (QR,))
    ean = looked(_photographed(root, EAN_SETS), BARCODES)
    return [
        *_summary("QR photographs", qr, (QR,)),
        *_summary("EAN photographs", ean, BARCODES),
        *_without("photographs without a code", _photographed(root, (EMPTY_SET,))),
    ]


def held(shot: Shot, seed: int) -> Shot:
    """The same shot turned any way and, where it is not tilted on purpose, tilted a little."""
    chance = np.random.default_rng(seed)
    tilt = shot.tilt if shot.tilt > 10 else chance.uniform(0, 10)
    return replace(shot, turn=chance.uniform(0, 360), tilt=tilt)


def looked(pictures: Iterable[Picture], formats: tuple[str, ...]) -> Looks:
    """Read every picture in every way."""
    looks: Looks = {KIOSK: [], ZXING: [], ZBAR: []}
    for image, truth in pictures:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
        looks[KIOSK].append(_look(lambda: _scanned(image, formats), truth))  # noqa: B023
        for way, decoder in PEERS:
            looks[way].append(_look(lambda: _read(decoder, grey, formats), truth))  # noqa: B023
    return looks


def _look(read: Callable[[], set[str]], truth: frozenset[str]) -> Look:
    start_s = time.thread_time()
    texts = read()
    took_ms = 1000 * (time.thread_time() - start_s)
    return Look(bool(texts & truth) or not truth, len(texts - truth), took_ms)


def _scanned(image: Image, formats: tuple[str, ...]) -> set[str]:
    return {code.text for code in codes.scan(image, formats=formats)}


def _read(decoder: Decoder, grey: Grey, formats: tuple[str, ...]) -> set[str]:
    return {code.text for code in decoder(grey, formats)}


def _seeds(count: int) -> range:
    return range(FIRST, FIRST + count)


def _qr_picture(shot: Shot, seed: int) -> Picture:
    return photographed(qr_modules(TOKEN), shot, seed), frozenset({TOKEN})


def _ean_picture(shot: Shot, seed: int) -> Picture:
    digits = ean_digits(seed)
    return photographed(ean_modules(digits), shot, seed), frozenset({digits})


def _empty(seed: int) -> Image:
    """Noise over clouds, edges or nothing: 720 × 1280 × 3."""
    chance = np.random.default_rng(seed)
    coarse = int(chance.choice([4, 40, 160]))
    clouds = chance.uniform(60, 200, (coarse * 9 // 16 + 2, coarse)).astype(np.float32)
    style = (cv2.INTER_CUBIC, cv2.INTER_NEAREST)[seed % 2]
    plane = cv2.resize(clouds, (1280, 720), interpolation=style)
    plane = plane + chance.normal(0, chance.choice([2, 8, 30]), plane.shape)
    return np.repeat(np.clip(plane, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def _photographed(root: Path, names: Sequence[str]) -> Iterator[Picture]:
    """Pictures with their truth; some books bear two barcodes, both of which are right."""
    books = frozenset({"9784872348880", "1920081045006"})
    for name in names:
        for path in sorted((root / name).glob("*.png")):
            said = path.with_suffix(".txt")
            truth = frozenset({said.read_bytes().decode()} if said.exists() else ())
            if (name, path.stem) not in MISLABELLED:
                yield load_image(path), truth | (books if truth & books else frozenset())


MISLABELLED = frozenset({("qrcode-2", "13"), ("qrcode-2", "16")})
"""The truth of the one lacks a letter; the other holds one code inside another."""


def _summary(name: str, looks: Looks, formats: tuple[str, ...]) -> list[Row]:
    best = max(_percent(looks[way]) for way, _ in PEERS)
    least = min(best + MORE_POINTS, 100) if formats == (QR,) else LEAST_EAN
    return [
        _rate(name, looks, least, is_limit=True),
        _wrong(name, looks),
        _slow(name, looks, formats),
    ]


def _percent(looks: Sequence[Look]) -> float:
    return 100 * float(np.mean([look.right for look in looks]))


def _rate(name: str, looks: Looks, goal: float, *, is_limit: bool = False) -> Row:
    way, peer = max(((way, _percent(looks[way])) for way, _ in PEERS), key=lambda one: one[1])
    value, title = _percent(looks[KIOSK]), f"{name}, read of {len(looks[KIOSK])}"
    # Where the peer reads none, any share is enough: infinitely more.
    return Row(title, value, "%", way, peer, goal if peer or is_limit else 0.0, is_limit=is_limit)


def _wrong(name: str, looks: Looks) -> Row:
    wrong = {way: float(sum(look.wrong for look in looks[way])) for way in looks}
    way = max((way for way, _ in PEERS), key=wrong.__getitem__)
    title = f"{name}, wrong texts"
    return Row(title, wrong[KIOSK], "", way, wrong[way], 0, at_least=False, is_limit=True)


def _slow(name: str, looks: Looks, formats: tuple[str, ...]) -> Row:
    slow = {way: float(np.quantile([look.took_ms for look in looks[way]], 0.95)) for way in looks}
    title = f"{name}, processor time a picture, p95"
    most = MOST_QR_MS if formats == (QR,) else MOST_EAN_MS
    return Row(title, slow[KIOSK], "ms", ZBAR, slow[ZBAR], most, at_least=False, is_limit=True)
