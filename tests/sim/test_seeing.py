"""A simulated kiosk's eyes: one bay's pictures for one bay's chamber, drawn one after the other."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Sequence

from controller.adapters.onnx_classifier import OnnxClassifier
from controller.core.trigger import Glance
from sim import clock
from sim.fleet.fleet import Fleet
from sim.play import Play
from sim.scenario import parse_scenario
from sim.seeing import eyes_of, inline, shipped_classifier, standing_still
from sim.stage.camera import StageCamera
from sim.trace import Trace
from sim.world import BayFigures, BayWorld
from vision.classify import Classifier
from vision.images import Image

TWO_BAYS = """
name = "two-bays"
line = "Somebody brings a bottle to a kiosk of two bays."
[kiosk]
kiosk = "hz-xihu-0001"
city = "hangzhou"
district = "xihu"
[[kiosk.bays]]
name = "west"
bins = [{ index = 1, stream = "plastic" }]
[[kiosk.bays]]
name = "east"
bins = [{ index = 1, stream = "plastic" }]
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
"""


class Asked(OnnxClassifier):
    """The shipped eyes, and what they were asked of which bay."""

    asked: set[tuple[str, str]]

    async def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        self.asked.add(("watch", bay))
        return await super().watch(bay, frames)

    async def is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        self.asked.add(("is_empty", bay))
        return await super().is_empty(bay, frames)


def test_pictures_are_judged_by_the_bay_that_they_are_of() -> None:
    """From the trigger to the empty check, which the camera agrees to: it knows this chamber."""
    eyes = Asked(Classifier.shipped(), run=inline, clock=standing_still)
    eyes.asked = set()

    async def story() -> list[dict[str, object]]:
        trace = Trace(None)
        scenario = parse_scenario(TWO_BAYS, "two-bays.toml")
        fleet = Fleet(scenario, 1, classifier=eyes, trace=trace, node="cpython", photos=None)
        try:
            await Play(fleet, trace).run(lambda _s: None)
            return [json.loads(line) for line in fleet.parts[0].journal.lines()]
        finally:
            fleet.close()
            trace.close()

    (deposit,) = [one["body"] for one in clock.run(story()) if one["kind"] == "deposit"]
    assert isinstance(deposit, dict)
    assert (deposit["bay"], deposit["empty_check"]) == ("west", "pan+camera")
    assert eyes.asked == {("watch", "west"), ("is_empty", "west")}


def test_each_run_has_eyes_of_its_own() -> None:
    """The eyes that runs share know no chamber; a kiosk's know those of its bays."""
    shared = shipped_classifier()
    own = eyes_of(["west"], shared)
    empty = StageCamera(StillBay(), 1).chamber.photographs(StillBay().now(), 1)
    assert clock.run(own.is_empty("west", empty)) is True
    assert clock.run(own.is_empty("east", empty)) is None
    assert clock.run(shared.is_empty("west", empty)) is None


class StillBay:
    """A lit and empty bay that stands still."""

    name = "west"

    def __init__(self) -> None:
        self.world = BayWorld(1, self.name, BayFigures())
        self.world.light_on = True

    def now(self) -> BayWorld:
        return self.world


def test_pictures_that_are_asked_for_together_are_drawn_one_after_the_other() -> None:
    """A drawn chamber is one thing; two threads in it would mix what they remember."""
    camera = StageCamera(StillBay(), 1)
    meeting = threading.Barrier(2)
    alone: list[bool] = []

    def lens(picture: Image, _rng: random.Random) -> Image:
        try:
            meeting.wait(0.2)
        except threading.BrokenBarrierError:
            alone.append(True)
            meeting.reset()
        else:
            alone.append(False)
        return picture

    camera.chamber.lens = lens

    async def story() -> list[Sequence[Image]]:
        return list(await asyncio.gather(camera.frames(1), camera.frames(1)))

    pictures = asyncio.run(story())
    assert [len(one) for one in pictures] == [1, 1]
    assert alone == [True, True]
