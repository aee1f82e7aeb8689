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
from controller.core.trigger import Glance
from sim import clock
from sim.drawn import ITEM_CLASS, SIZE, draw_frames, empty_chamber, laid_inside
from sim.drawn.chamber import Scene, nothing, photograph
from sim.drawn.reaching import with_arm, with_string
from sim.drawn.spoiled import spotted, stained
from sim.seeing import inline
from vision.chamber import Opening
from vision.classify import Classifier

if TYPE_CHECKING:
    from controller.core.sight import Sight
    from controller.ports import Image

T = TypeVar("T")

Reach = Callable[[Scene, random.Random], Scene]

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
    return clock.run(eyes.look("a", frames))


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
    assert clock.run(eyes.is_empty("a", CHAMBERS[:1])) is None


@pytest.mark.parametrize("kind", sorted(ITEM_CLASS))
def test_an_item_left_behind_is_seen_whatever_it_is(eyes: OnnxClassifier, kind: str) -> None:
    """Every kind, and the empty chamber in new light between them."""
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.is_empty("a", drawn(kind, 1))) is False
    assert clock.run(eyes.is_empty("a", CHAMBERS[3:])) is True


@pytest.mark.parametrize(
    "frames", [[DARK], [COVERED], [NO_PICTURE], [CHAMBERS[3], drawn("can", 1)[0]], []]
)
def test_who_cannot_see_does_not_say_empty(eyes: OnnxClassifier, frames: list[Image]) -> None:
    """Nor does anybody whose pictures contradict each other."""
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.is_empty("a", frames)) is None


def mirrored(frames: list[Image]) -> list[Image]:
    """The same chamber built the other way round, and brighter."""
    brighter = [np.clip(frame.astype(int) + 40, 0, 255).astype(np.uint8) for frame in frames]
    return [frame[:, ::-1] for frame in brighter]


def test_a_picture_is_compared_with_its_own_bays_chamber(eyes: OnnxClassifier) -> None:
    """Each bay's chamber is learned for itself, in whatever order, and none stands for another."""
    eyes.learn_empty("b", mirrored(CHAMBERS[:3]))
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.is_empty("a", CHAMBERS[3:])) is True
    assert clock.run(eyes.is_empty("b", mirrored(CHAMBERS[3:]))) is True
    assert clock.run(eyes.is_empty("a", drawn("can", 1))) is False
    assert clock.run(eyes.is_empty("b", CHAMBERS[3:])) is not True
    assert clock.run(eyes.is_empty("a", mirrored(CHAMBERS[3:]))) is not True


def test_a_bay_whose_chamber_was_not_learned_is_not_judged_by_another(
    eyes: OnnxClassifier,
) -> None:
    """Its camera is blind, curtain and scale decide, and its loads are still classified."""
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.is_empty("b", CHAMBERS[3:])) is None
    assert clock.run(eyes.watch("b", drawn("can"))) is Glance.BLIND
    assert clock.run(eyes.watch("b", reached("can", with_arm))) is Glance.BLIND
    sight = clock.run(eyes.look("b", drawn("can")))
    assert (sight.label, sight.unknown, sight.problems) == ("metal", False, ())
    rolled = [drawn("can", 1)[0], draw_frames("can", random.Random(4), 1)[0]]
    assert "moving" not in clock.run(eyes.look("b", rolled)).problems


def test_each_bay_has_its_hatch_where_it_is(eyes: OnnxClassifier) -> None:
    """The arm comes in at the bottom: through bay a's hatch, and through bay b's back wall."""
    eyes.learn_empty("a", CHAMBERS[:3], Opening.BOTTOM)
    eyes.learn_empty("b", CHAMBERS[:3], Opening.TOP)
    arm = reached("can", with_arm)
    assert clock.run(eyes.watch("a", arm)) is Glance.HAND
    assert clock.run(eyes.watch("b", arm)) is not Glance.HAND


def grown_stain(eyes: OnnxClassifier, bay: str) -> Image:
    """A stain that grows in a bay until its kiosk takes it for steel; the last picture of it."""
    chance = random.Random(8)
    for step in range(1, 17):
        grown = photograph(stained(nothing(), random.Random(8), step / 100), chance, SIZE)
        assert clock.run(eyes.is_empty(bay, [grown])) is True
    return grown


def test_a_stained_pan_is_not_empty_and_reaches_nowhere(eyes: OnnxClassifier) -> None:
    """By this pan and counters tell it from a load that is tied to something."""
    eyes.learn_empty("a", CHAMBERS[:3])
    chance = random.Random(8)
    scene = stained(nothing(), chance)
    frames = [photograph(scene, chance, SIZE) for _ in range(2)]
    assert clock.run(eyes.is_empty("a", frames[:1])) is False
    assert clock.run(eyes.watch("a", frames)) is Glance.READY


def test_what_grew_on_one_pan_is_still_a_thing_on_another(eyes: OnnxClassifier) -> None:
    """Each bay follows the dirt of its own chamber alone."""
    eyes.learn_empty("a", CHAMBERS[:3])
    eyes.learn_empty("b", CHAMBERS[:3])
    grown = grown_stain(eyes, "b")
    assert clock.run(eyes.is_empty("b", [grown])) is True
    assert clock.run(eyes.is_empty("a", [grown])) is False


def reached(kind: str, how: Reach, count: int = 2) -> list[Image]:
    """Pictures of an item while something reaches in through the hatch."""
    rng = random.Random(3)
    scene = how(laid_inside(kind, rng), rng)
    return [photograph(scene, rng, SIZE) for _ in range(count)]


@pytest.mark.parametrize(("how", "glance"), [(with_arm, Glance.HAND), (with_string, Glance.STRING)])
def test_what_reaches_in_is_seen_and_the_load_is_never_classified(
    eyes: OnnxClassifier, how: Reach, glance: Glance
) -> None:
    """Before the hatch closes and behind it."""
    eyes.learn_empty("a", CHAMBERS[:3])
    frames = reached("can", how)
    assert clock.run(eyes.watch("a", frames)) is glance
    sight = look(eyes, frames)
    assert (sight.problems, sight.label, sight.unknown) == ((glance.value,), "", True)


def test_a_chamber_is_watched_from_empty_to_ready(eyes: OnnxClassifier) -> None:
    """Nothing there, a thing that rolls, the thing at rest."""
    eyes.learn_empty("a", CHAMBERS[:3])
    can = drawn("can", 2)
    rolled = [can[0], draw_frames("can", random.Random(4), 1)[0]]
    assert clock.run(eyes.watch("a", CHAMBERS[2:])) is Glance.EMPTY
    assert clock.run(eyes.watch("a", rolled)) is Glance.MOVING
    assert clock.run(eyes.watch("a", can)) is Glance.READY
    assert look(eyes, rolled).problems == ("moving",)


@pytest.mark.parametrize("frames", [[DARK], [COVERED], [NO_PICTURE], []])
def test_who_cannot_see_is_blind_to_the_hatch(eyes: OnnxClassifier, frames: list[Image]) -> None:
    """So are eyes that never saw their chamber: then curtain and scale decide."""
    assert clock.run(eyes.watch("a", drawn("can"))) is Glance.BLIND
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.watch("a", frames)) is Glance.BLIND


def test_a_photo_of_another_place_is_classified_and_not_blamed(eyes: OnnxClassifier) -> None:
    """A kiosk may run on a folder of photos, which show no chamber."""
    eyes.learn_empty("a", CHAMBERS[:3])
    table = np.random.default_rng(1).integers(90, 250, (60, 80, 3), dtype=np.uint8)
    photo = np.kron(table, np.ones((8, 8, 1), np.uint8))
    assert clock.run(eyes.watch("a", [photo, photo])) is Glance.BLIND
    assert look(eyes, [photo]).problems == ()


def test_a_spot_on_the_lens_is_not_taken_for_a_load(
    eyes: OnnxClassifier, caplog: pytest.LogCaptureFixture
) -> None:
    """The camera has no say until staff have wiped it, and the log says so."""
    eyes.learn_empty("a", CHAMBERS[:3])
    assert clock.run(eyes.is_empty("a", [spotted(CHAMBERS[3], random.Random(1))])) is None
    assert "event=lens bay=a problems=dirty" in caplog.text


def test_what_was_seen_of_a_chamber_is_one_kiosks_own(eyes: OnnxClassifier) -> None:
    """Another kiosk knows no chamber until it learns its own, and then sees the dirt on it."""
    eyes.learn_empty("a", CHAMBERS[:3])
    grown = grown_stain(eyes, "a")
    other = eyes.anew()
    assert clock.run(other.is_empty("a", [grown])) is None
    other.learn_empty("a", CHAMBERS[:3])
    assert clock.run(other.is_empty("a", [grown])) is False
    assert clock.run(eyes.is_empty("a", [grown])) is True


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

            return await OnnxClassifier(shipped, on_thread).look("a", drawn("can", 1))

    assert asyncio.run(story()).label == "metal"
    assert threads != [] and threading.get_ident() not in threads
