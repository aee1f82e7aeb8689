"""The trigger: empty, reached into, spoiled, and where the item lies, on drawn chambers.

Seeds are far from those on which limits were chosen. The peers judge the same pictures from the
same three references; the time's peer is the shipped net on the same machine in the same run.
"""

from __future__ import annotations

import functools
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.chamber_peers import Masker, difference, is_empty, mixture, reaches_in
from bench.row import Row
from sim.drawn import draw_frames
from sim.trials.chamber import references, visit
from sim.trials.many import many
from vision.chamber import EmptyReference, reaching, segment, spoiled_by
from vision.chamber.segment import segment_of
from vision.closeup import shown
from vision.images import Image
from vision.runtime import Model
from vision.trigger import observe

FIRST, VISITS = 2_000_000, 100
TIMED = 40
FRAMES = 3
MOST_SHARE_OF_NET = 0.5
LEAST_RIGHT, MOST_FALSE, LEAST_IOU = 99.0, 1.0, 0.7


@dataclass(frozen=True, slots=True)
class Judged:
    """What one way of looking made of one visit; `iou` of the item's mask (0 to 1)."""

    empty: bool
    item_seen: bool
    hand: bool
    string: bool
    string_left: bool
    false_alarm: bool
    iou: float
    named: float = 0.0


def measure() -> list[Row]:
    """Rates in percent of visits, the mask's overlap, and the time of one look."""
    visits = many(judged, range(FIRST, FIRST + VISITS))
    ours, plain, mog2 = (list(one) for one in zip(*visits, strict=True))
    named = 100 * statistics.fmean(one.named for one in ours)
    return [
        _rate("empty chamber called empty", ours, plain, "frame difference", lambda j: j.empty),
        _rate("item not called empty", ours, plain, "frame difference", lambda j: j.item_seen),
        _rate("hand in the hatch seen", ours, mog2, "MOG2", lambda j: j.hand),
        _rate("string on an item seen", ours, mog2, "MOG2", lambda j: j.string),
        _rate("string left behind seen", ours, mog2, "MOG2", lambda j: j.string_left),
        _rate("item alone called hand or string", ours, mog2, "MOG2", lambda j: j.false_alarm, -1),
        _overlap(ours, mog2),
        Row("spoiled lens or mount named right", named, "%", "none known", 0, 99.0, is_limit=True),
        _time(),
    ]


def judged(seed: int) -> tuple[Judged, Judged, Judged]:
    """One visit as the kiosk, the frame difference and the mixture see it."""
    cv2.setNumThreads(1)  # each processor has a worker already
    seen = visit(seed)
    true = cv2.resize(seen.alpha, (160, 120), interpolation=cv2.INTER_AREA) > 0.25
    reference = _reference()
    spoiled = [
        name in spoiled_by(reference, reference.compare(picture))
        for name, picture in seen.spoiled.items()
    ]
    ours = Judged(
        empty=reference.is_empty(seen.empty),
        item_seen=not reference.is_empty(seen.item),
        hand=_reached(seen.arm),
        string=_reached(seen.on_string),
        string_left=not reference.is_empty(seen.left_string),
        false_alarm=_reached(seen.item),
        iou=_iou(segment(reference, seen.item).mask, true),
        named=statistics.fmean(spoiled),
    )
    plain, mog2 = (
        Judged(
            empty=is_empty(masker(seen.empty)),
            item_seen=not is_empty(masker(seen.item)),
            hand=reaches_in(masker(seen.arm)),
            string=reaches_in(masker(seen.on_string)),
            string_left=not is_empty(masker(seen.left_string)),
            false_alarm=reaches_in(masker(seen.item)),
            iou=_iou(masker(seen.item), true),
        )
        for masker in _peers()
    )
    return ours, plain, mog2


@functools.cache
def _reference() -> EmptyReference:
    return EmptyReference(references())


@functools.cache
def _peers() -> tuple[Masker, Masker]:
    return difference(references()), mixture(references())


def _reached(picture: Image) -> bool:
    compared = _reference().compare(picture)
    return bool(reaching(_reference(), compared, segment_of(_reference(), compared)))


def _iou(mask: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Intersection over union of two masks, the first brought to the second's size."""
    size = (true.shape[1], true.shape[0])
    found = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return float((found & true).sum() / (found | true).sum())


def _rate(
    name: str,
    ours: Sequence[Judged],
    peers: Sequence[Judged],
    peer: str,
    which: Callable[[Judged], bool],
    sign: int = 1,
) -> Row:
    """How often something holds, in percent; `sign` -1 where it should not."""
    own, theirs = (100 * statistics.fmean(map(which, one)) for one in (ours, peers))
    goal = LEAST_RIGHT if sign > 0 else MOST_FALSE
    return Row(name, own, "%", peer, theirs, goal, at_least=sign > 0, is_limit=True)


def _overlap(ours: Sequence[Judged], peers: Sequence[Judged]) -> Row:
    own, theirs = (statistics.median(j.iou for j in one) for one in (ours, peers))
    name = "item's mask, intersection over union, median"
    return Row(name, own, "", "MOG2", theirs, LEAST_IOU, is_limit=True)


def _time() -> Row:
    """Watching the pictures of one load, in milliseconds of one thread, as the net's."""
    cv2.setNumThreads(1)
    frames = draw_frames("can", random.Random(FIRST), FRAMES)
    with resources.as_file(resources.files("vision") / "models") as folder:
        model = Model.load(folder / "model.onnx")
    batch = np.stack([shown(frame) for frame in frames])
    own_ms = _median_ms(lambda: observe(_reference(), frames))
    net_ms = _median_ms(lambda: model.run(batch))
    name, peer = f"watching the {FRAMES} pictures of a load, median", "the shipped net on them"
    return Row(name, own_ms, "ms", peer, net_ms, MOST_SHARE_OF_NET, at_least=False)


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(TIMED):
        start_s = time.process_time()
        work()
        times.append(1000 * (time.process_time() - start_s))
    return statistics.median(times)
