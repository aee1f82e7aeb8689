"""A code before a camera is followed, and no picture of the camera's takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from tests.vision.made import ean_picture, qr_picture
from vision.codes import Tracker
from vision.codes.retries import RETRIES
from vision.codes.survey import survey
from vision.images import Image

TOKEN = "GR1:6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3D"
WATER = "6901939621608"
WALL = np.full((720, 1280, 3), 110, np.uint8)


def _at(left: int, top: int, code: Image) -> Image:
    """A code before the wall."""
    frame = WALL.copy()
    frame[top : top + 240, left : left + 240] = code[120:360, 200:440]
    return frame


def _out_of_focus(image: Image, blur_px: float = 3.3) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), blur_px), np.uint8)


def _ticking(steps: int) -> Callable[[], float]:
    """A clock by which so many attempts fit into a budget of one second."""
    ticks: Iterator[int] = iter(range(1_000_000))
    return lambda: next(ticks) / steps


def _texts(tracker: Tracker, frame: Image, clock: Callable[[], float]) -> tuple[Tracker, list[str]]:
    tracker, found = tracker.look(frame, budget_s=1, clock=clock)
    return tracker, [code.text for code in found]


def test_a_code_is_found_again_where_it_was_and_near_it() -> None:
    """A hand shakes: each picture shows the code elsewhere, and each is read at the first look."""
    tracker = Tracker(("QR",))
    for step in range(6):
        frame = _at(300 + 25 * step, 200 + 12 * step, qr_picture(TOKEN, 4))
        tracker, texts = _texts(tracker, frame, _ticking(1))
        assert texts == [TOKEN]
        assert tracker.place is not None
        assert tracker.place.left > 300 + 25 * step


def test_what_one_picture_has_no_time_for_is_done_in_the_next() -> None:
    """A picture's time is too short for a code out of focus; the second picture's is enough."""
    frame = _out_of_focus(_at(500, 200, qr_picture(TOKEN, 5)))
    clock = _ticking(3)
    tracker, seen = Tracker(("QR",)), []
    for _ in range(8):
        tracker, texts = _texts(tracker, frame, clock)
        seen.append(texts)
        if texts:
            break
    assert seen[0] == []
    assert seen[-1] == [TOKEN]


def test_each_picture_has_one_retry_however_slow_the_machine() -> None:
    """Where all that is cheap takes too long, a code out of focus is read after some pictures."""
    frame = _out_of_focus(_at(500, 200, qr_picture(TOKEN, 5)))
    tracker, seen = Tracker(("QR",)), []
    for _ in RETRIES:
        tracker, found = tracker.look(frame, budget_s=0)
        seen.append(bool(found))
    assert not seen[0]
    assert any(seen)


def test_what_a_late_retry_reads_is_read_in_every_picture_from_then_on() -> None:
    """A phone held still out of focus is one showing: its code does not come and go."""
    frame = _out_of_focus(_at(500, 200, qr_picture(TOKEN, 5)))
    tracker, seen = Tracker(("QR",)), []
    for _ in range(12):
        tracker, texts = _texts(tracker, frame, _ticking(1))
        seen.append(texts)
    first = seen.index([TOKEN])
    assert first > 0
    assert seen[first:] == [[TOKEN]] * (12 - first)


def test_a_camera_may_change_its_pictures_size() -> None:
    """A place outside the smaller picture is none."""
    tracker, found = Tracker(("QR",)).look(_at(900, 400, qr_picture(TOKEN, 4)))
    assert found
    tracker, found = tracker.look(np.ascontiguousarray(WALL[:240, :320]), budget_s=10)
    assert found == []
    assert tracker.place is None


def test_no_attempt_begins_once_a_pictures_time_is_up() -> None:
    """A frame full of edges holds nobody up."""
    chance = np.random.default_rng(1)
    busy = np.repeat(chance.integers(0, 256, (720, 1280, 1), np.uint8), 3, axis=2)
    ticks = iter(range(100))
    Tracker().look(busy, budget_s=0, clock=lambda: float(next(ticks)))
    assert next(ticks) == 2


def test_a_place_is_forgotten_when_nothing_comes_there_any_more() -> None:
    """The next resident's phone is elsewhere."""
    tracker, _ = Tracker(("QR",)).look(_at(500, 200, qr_picture(TOKEN, 4)))
    assert tracker.place is not None
    for _ in range(5):
        tracker, found = tracker.look(WALL)
        assert found == []
    assert tracker.place is None


def test_a_barcode_that_moves_is_sure_by_its_second_picture() -> None:
    """And one that is not before the camera any more is not told again."""
    tracker = Tracker(("EAN-13",))
    tracker, found = tracker.look(ean_picture(WATER, 2, left=100))
    tracker, found = tracker.look(ean_picture(WATER, 2, left=160))
    assert [code.text for code in found] == [WATER]
    tracker, found = tracker.look(WALL)
    assert found == []


def test_a_calm_or_noisy_picture_has_no_place_that_wants_a_second_look() -> None:
    """Looking before paying: noise is alike everywhere, so it is no place."""
    noise = np.random.default_rng(2).normal(110, 20, (720, 1280))
    for grey in (WALL[:, :, 0], np.clip(noise, 0, 255).astype(np.uint8)):
        assert survey(np.ascontiguousarray(grey)).patterns == ()
    (place, *_) = survey(
        np.ascontiguousarray(_at(500, 200, qr_picture(TOKEN, 4))[:, :, 0])
    ).patterns
    assert 480 < place.left < 620
    assert 620 < place.right < 760
