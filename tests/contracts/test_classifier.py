"""What a kiosk's eyes keep to: the shipped model over drawn chambers, barcodes, an empty pan."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
import zxingcpp

from controller.adapters.onnx_classifier import UNREADABLE, OnnxClassifier
from sim import clock
from sim.drawn import ITEM_CLASS, draw_frames, empty_chamber
from sim.seeing import inline
from vision.classify import Classifier

if TYPE_CHECKING:
    from controller.core.sight import Sight
    from controller.ports import Image

T = TypeVar("T")

CHAMBERS = [empty_chamber(random.Random(number)) for number in range(4)]
DARK = np.full_like(CHAMBERS[0], 3)
COVERED = np.full_like(CHAMBERS[0], 120)
NO_PICTURE = np.zeros((480, 640), dtype=np.uint8)


@pytest.fixture(scope="module")
def shipped() -> Classifier:
    """The model that comes with the package."""
    return Classifier.shipped()


@pytest.fixture
def eyes(shipped: Classifier) -> OnnxClassifier:
    """Eyes in virtual time that have not seen their chamber yet."""
    return OnnxClassifier(shipped, inline, clock=lambda: 0.0)


def drawn(kind: str, count: int = 3) -> list[Image]:
    """Pictures of one item lying on the pan."""
    return list(draw_frames(kind, random.Random(3), count))


def look(eyes: OnnxClassifier, frames: list[Image]) -> Sight:
    """One look, in virtual time."""
    return clock.run(eyes.look(frames))


def with_barcode(frames: list[Image], text: str) -> list[Image]:
    """The same pictures with an EAN-13 label on the item."""
    label = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.EAN13)
    pixels = np.asarray(zxingcpp.write_barcode_to_image(label, scale=2))
    pixels = pixels.reshape(*pixels.shape[:2], -1)[:, :, :1]
    height, width = pixels.shape[:2]
    for frame in frames:
        frame[200 : 200 + height, 200 : 200 + width] = pixels
    return frames


def test_a_sight_is_a_calibrated_choice_between_classes(
    eyes: OnnxClassifier, shipped: Classifier
) -> None:
    """Probabilities from the likeliest down, together one; the model is named."""
    sight = look(eyes, drawn("newspaper"))
    shares = [share for _, share in sight.probabilities]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)
    assert dict(sight.probabilities)[sight.label] == sight.probability
    assert sight.problems == ()
    assert sight.model_sha256 == shipped.model_sha256


@pytest.mark.parametrize("kind", ["pet-bottle", "can", "newspaper", "glass-bottle"])
def test_what_the_simulator_draws_is_seen_for_what_it_is(eyes: OnnxClassifier, kind: str) -> None:
    """The happy path of every demo hangs on these four."""
    sight = look(eyes, drawn(kind))
    assert (sight.label, sight.unknown) == (ITEM_CLASS[kind], False)


def test_the_same_pictures_give_the_same_sight(eyes: OnnxClassifier) -> None:
    """To the bit, or no run could be repeated."""
    assert look(eyes, drawn("can")) == look(eyes, drawn("can"))


@pytest.mark.parametrize(
    ("frame", "problem"), [(DARK, "dark"), (COVERED, "covered"), (NO_PICTURE, UNREADABLE)]
)
def test_bad_pictures_are_no_guess(eyes: OnnxClassifier, frame: Image, problem: str) -> None:
    """The load goes back with a reason, and nothing is raised."""
    sight = look(eyes, [frame, frame])
    assert sight.unknown
    assert problem in sight.problems
    assert sight.label == ""


def test_a_barcode_is_read_along(eyes: OnnxClassifier) -> None:
    """It counts when two pictures or two decoders agree."""
    assert look(eyes, drawn("can")).barcodes == ()
    assert look(eyes, with_barcode(drawn("carton"), "4006381333931")).barcodes == ("4006381333931",)


def test_eyes_that_never_saw_their_chamber_cannot_tell_whether_it_is_empty(
    eyes: OnnxClassifier,
) -> None:
    """Then pan and counters decide."""
    assert clock.run(eyes.is_empty(CHAMBERS[:1])) is None


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_an_item_left_behind_is_seen_whatever_it_is(eyes: OnnxClassifier, kind: str) -> None:
    """Every kind, and the empty chamber in new light between them."""
    eyes.learn_empty(CHAMBERS[:3])
    assert clock.run(eyes.is_empty(drawn(kind, 1))) is False
    assert clock.run(eyes.is_empty(CHAMBERS[3:])) is True


@pytest.mark.parametrize(
    "frames", [[DARK], [COVERED], [NO_PICTURE], [CHAMBERS[3], drawn("can", 1)[0]], []]
)
def test_who_cannot_see_does_not_say_empty(eyes: OnnxClassifier, frames: list[Image]) -> None:
    """Nor does anybody whose pictures contradict each other."""
    eyes.learn_empty(CHAMBERS[:3])
    assert clock.run(eyes.is_empty(frames)) is None


def test_any_chamber_of_the_kiosk_will_do(eyes: OnnxClassifier) -> None:
    """Each bay's chamber is learned for itself; an item lies in none of them."""
    brighter = [np.clip(frame.astype(int) + 40, 0, 255).astype(np.uint8) for frame in CHAMBERS]
    eyes.learn_empty([frame[:, ::-1] for frame in brighter[:3]])
    eyes.learn_empty(CHAMBERS[:3])
    assert clock.run(eyes.is_empty(CHAMBERS[3:])) is True
    assert clock.run(eyes.is_empty([brighter[3][:, ::-1]])) is True
    assert clock.run(eyes.is_empty(drawn("can", 1))) is False


def test_the_work_is_done_where_it_is_asked_to_be(shipped: Classifier) -> None:
    """In a kiosk the eyes have a thread, and the loop goes on meanwhile."""
    threads: list[int] = []

    async def story() -> Sight:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:

            def on_thread(work: Callable[[], T]) -> asyncio.Future[T]:
                def noted() -> T:
                    threads.append(threading.get_ident())
                    return work()

                return loop.run_in_executor(pool, noted)

            return await OnnxClassifier(shipped, on_thread).look(drawn("can", 1))

    assert asyncio.run(story()).label == "metal"
    assert threads != [] and threading.get_ident() not in threads
