"""Staff teach the eyes over the desk's API: focus, the empty chamber, and items of their own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from contract.badge import Role
from controller.adapters.chamber_teaching import MOST_PICTURES, ChamberTeaching
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.core import commands, events, touches
from controller.core.config import BayConfig
from controller.ports import CameraLostError
from controller.screens.service.counter import Counter as Page
from controller.screens.service.eyes import EyesDesk
from controller.screens.service.sharpness import Sharpness
from sim.drawn import draw, empty_chamber
from tests.controller.service.desk import Counter, at_desk
from tests.controller.service.staffed import acts, badge, last
from vision.classify import Classifier

if TYPE_CHECKING:
    from controller.ports import Image
    from tests.controller.core.story import Story

HERE = {"can": "glass-bottle", "newspaper": "steel-can", "pet-bottle": "newspaper"}
"""What drawn things count as in a chamber of its own: no model knows that untaught."""

BAY = BayConfig.model_validate({"name": "a", "bins": [{"index": 0, "stream": "paper"}]})


class Chamber:
    """A camera before what was laid in: a negative, so that nothing looks as training saw it."""

    def __init__(self) -> None:
        self.shows = empty_chamber(random.Random("empty"))
        self.lit = True
        self.shakes = False
        self.unplugged = False
        self._noise = np.random.default_rng(1)

    def lay(self, kind: str, number: int) -> None:
        """Another thing of this kind."""
        self.shows = draw(kind, random.Random(f"own {kind} {number}"))

    async def frames(self, count: int) -> Sequence[Image]:
        """As the port has it; a sensor is never quite quiet."""
        if self.unplugged:
            raise CameraLostError("camera 0 is not there: check its cable")
        return [self._frame(number) for number in range(count)]

    def _frame(self, number: int) -> Image:
        picture = 255 - self.shows.astype(int) if self.lit else self.shows // 50
        picture = np.roll(picture, 40 * number, axis=1) if self.shakes else picture
        noisy = picture + self._noise.integers(-1, 2, picture.shape)
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)


class Lesson:
    """A technician at a desk whose kiosk's eyes can be taught."""

    def __init__(self, counter: Counter, folder: Path) -> None:
        self.counter = counter
        self.folder = folder
        self.camera = Chamber()
        self.eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
        self.teaching = self.started()
        counter.desk.around = replace(
            counter.desk.around, cameras={"a": self.camera}, teaching=self.teaching
        )

    def started(self) -> ChamberTeaching:
        """Its teaching as a controller that starts finds it."""
        return ChamberTeaching(self.folder / "chambers", self.eyes, [BAY], self.folder, None)

    async def ask(self, path: str, method: str = "POST", **json: Any) -> dict[str, Any]:
        """Ask for what is granted."""
        answer = await self.counter.client.request(method, path, json=json or None)
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def weigh(self, grams: int) -> None:
        """What lies on the pan, at rest."""
        self.counter.story.pan_g = grams
        self.counter.story.rest(4)


def taught(
    folder: Path, visit: Callable[[Lesson], Awaitable[None]], role: Role = Role.SERVICE
) -> None:
    """Let a technician teach."""
    folder.mkdir(exist_ok=True)

    async def visited(counter: Counter) -> None:
        lesson = Lesson(counter, folder)
        await counter.sign_in(badge(role))
        lesson.weigh(0)
        await visit(lesson)

    at_desk(folder, visited)


async def at_once(work: Callable[[], Any]) -> Any:
    """Seeing without a thread."""
    return work()


def test_the_lens_is_turned_until_the_picture_is_sharp(tmp_path: Path) -> None:
    """The figure and its limit at each look; the light is on meanwhile, and out afterwards."""

    async def visit(lesson: Lesson) -> None:
        sharp = await lesson.ask("focus", bay="a")
        lesson.camera.shows = np.full_like(lesson.camera.shows, 90)
        blurred = await lesson.ask("focus", bay="a")
        assert sharp["sharpness"] > sharp["limit"] > blurred["sharpness"]
        assert "blurred" in blurred["problems"]
        assert last(lesson.counter.story, commands.Light) == commands.Light("a", True)
        await lesson.counter.client.delete("session")
        assert last(lesson.counter.story, commands.Light) == commands.Light("a", False)

    taught(tmp_path, visit)


def test_a_lens_that_nobody_turns_any_more_keeps_no_resident_away(tmp_path: Path) -> None:
    """Looking ends by itself, then service does; until then it wipes away nothing that is said."""

    async def visit(lesson: Lesson) -> None:
        story, desk = lesson.counter.story, lesson.counter.desk
        page = Page(desk, "en")
        page.token = lesson.counter.client.headers["authorization"].removeprefix("Bearer ")
        sharp = Sharpness(page, EyesDesk(desk), "a")
        sharp.start()
        page.say("something else was refused", bad=True)
        for _ in range(20):
            await sharp.look()
            assert page.said == "something else was refused"
            story.wait(60)
        assert story.state == "IDLE"
        sharp.start()
        await sharp.look()
        assert page.said == "Service has ended: begin again"

    taught(tmp_path, visit)


def test_what_ends_late_covers_nothing_that_was_said_since(tmp_path: Path) -> None:
    """Staff who touch on while a picture is kept read the answer to their last touch."""

    async def visit(lesson: Lesson) -> None:
        desk = lesson.counter.desk
        eyes, page = EyesDesk(desk), Page(desk, "en")
        page.token = lesson.counter.client.headers["authorization"].removeprefix("Bearer ")
        taking = asyncio.create_task(page.do(eyes.take_empty(page.token, "a"), "Done"))
        await asyncio.sleep(0)
        page.say("Choose an item first", bad=True)
        assert await taking
        assert (page.said, page.said_bad) == ("Choose an item first", True)
        assert await page.do(eyes.undo_empty(page.token, "a"), "Done")
        undoing = asyncio.create_task(page.do(eyes.undo_empty(page.token, "a"), "Done"))
        await asyncio.sleep(0)
        page.say("")
        assert not await undoing
        assert page.said_bad, "what was not done is said, however late"

    taught(tmp_path, visit)


def test_an_empty_chamber_is_taken_seen_and_undone(tmp_path: Path) -> None:
    """It holds at once and after a restart; undoing brings the one before back, once."""

    async def visit(lesson: Lesson) -> None:
        told = await lesson.ask("eyes", "GET")
        assert told["empty"] == {"a": False}
        await lesson.ask("empty", bay="a")
        frames = await lesson.camera.frames(1)
        assert await lesson.eyes.is_empty("a", frames) is True
        first = (tmp_path / "chambers" / "a" / "empty.png").read_bytes()
        lesson.camera.shows = empty_chamber(random.Random("another lamp"))
        told = await lesson.ask("empty", bay="a")
        assert told["result"].startswith("taken, sharpness ")
        lesson.eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
        lesson.started().recall()
        assert await lesson.eyes.is_empty("a", await lesson.camera.frames(1)) is True
        await lesson.ask("empty/undo", bay="a")
        assert (tmp_path / "chambers" / "a" / "empty.png").read_bytes() == first
        refused = lesson.counter.refused
        assert await refused("POST", "empty/undo", bay="a") == (409, "nothing-before")
        lesson.eyes.forget_empty("a")
        assert await lesson.eyes.is_empty("a", frames) is None
        done = [one for one in acts(lesson.counter.story) if one.startswith("empty reference")]
        assert [one.partition(": ")[2][:5] for one in done] == ["taken", "taken", "undon"]

    taught(tmp_path, visit)


def test_nothing_but_an_empty_lit_shut_still_chamber_is_called_empty(tmp_path: Path) -> None:
    """Each is refused by name, and what was known stays."""

    async def visit(lesson: Lesson) -> None:
        story, camera = lesson.counter.story, lesson.camera

        async def refused() -> tuple[int, str]:
            return await lesson.counter.refused("POST", "empty", bay="a")

        lesson.weigh(300)
        assert await refused() == (409, "pan-loaded")
        lesson.weigh(0)
        camera.lit = False
        assert await refused() == (409, "bad-picture")
        camera.lit, camera.shakes = True, True
        assert await refused() == (409, "moving")
        camera.shakes, camera.unplugged = False, True
        assert await refused() == (503, "camera-lost")
        camera.unplugged = False
        (tmp_path / "chambers").write_text("a file in the folder's place")
        assert await refused() == (503, "not-kept")
        story.opened()
        assert await refused() == (409, "hatch-open")
        assert not lesson.teaching.has_empty("a")
        assert not [one for one in acts(story) if "empty reference" in one]

    taught(tmp_path, visit)


def test_a_kiosk_learns_its_own_items_and_forgets_them_again(tmp_path: Path) -> None:
    """Three kinds, three pictures each; it holds at once, after a restart, until it is undone."""

    async def visit(lesson: Lesson) -> None:
        lesson.weigh(0)
        for number in range(3):
            for kind, item in HERE.items():
                lesson.weigh(24)
                lesson.camera.lay(kind, number)
                told = await lesson.ask("lesson/pictures", bay="a", item=item)
        assert told["pictures"]["glass"] == 3
        lesson.camera.lay("can", 11)
        before = await lesson.eyes.look("a", await lesson.camera.frames(1))
        found = await lesson.ask("lesson")
        assert found["holds"]
        assert found["right_after"] > found["right_before"]
        after = await lesson.eyes.look("a", await lesson.camera.frames(1))
        share = dict(after.probabilities)["glass"]
        assert share > dict(before.probabilities)["glass"]
        lesson.eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
        lesson.started().recall()
        again = await lesson.eyes.look("a", await lesson.camera.frames(1))
        assert dict(again.probabilities)["glass"] == pytest.approx(share, abs=0.1)
        await lesson.ask("lesson", "DELETE")
        assert not (tmp_path / "chambers" / "taught.json").exists()
        done = acts(lesson.counter.story)
        assert done.count("picture of glass-bottle in bay a: taken, 1 of glass") == 1
        assert any(one.startswith("eyes taught by 9 pictures: holds, ") for one in done)
        assert done[-1] == "eyes taught: undone"
        assert (await lesson.ask("lesson/pictures", "DELETE"))["pictures"]["glass"] == 0

    taught(tmp_path, visit)


def test_nonsense_teaches_nothing(tmp_path: Path) -> None:
    """Unknown items, an empty pan, a dark or a known picture, and too few of them."""

    async def visit(lesson: Lesson) -> None:
        async def refused(item: str = "can") -> tuple[int, str]:
            path = "lesson/pictures"
            return await lesson.counter.refused("POST", path, bay="a", item=item)

        lesson.weigh(24)
        assert await refused("../../etc") == (404, "no-such-item")
        lesson.weigh(0)
        assert await refused() == (409, "pan-empty")
        lesson.weigh(24)
        lesson.camera.lit = False
        assert await refused() == (409, "bad-picture")
        lesson.camera.lit = True
        await lesson.ask("lesson/pictures", bay="a", item="can")
        assert await lesson.counter.refused("POST", "lesson") == (409, "too-few")
        assert await lesson.counter.refused("DELETE", "lesson") == (409, "nothing-before")
        for level in range(MOST_PICTURES - 1):
            lesson.teaching.add("metal", np.full((4, 4, 3), level, np.uint8))
        assert await refused() == (409, "enough")

    taught(tmp_path, visit)


def test_a_camera_that_shows_the_same_again_teaches_nothing(tmp_path: Path) -> None:
    """Bit for bit: it hangs, or the item was not turned before a picture that is no picture."""
    teaching = ChamberTeaching(
        tmp_path, OnnxClassifier(Classifier.shipped(), run=at_once), [BAY], tmp_path, None
    )
    picture = empty_chamber(random.Random("one"))
    assert teaching.add("glass", picture) == 1
    with pytest.raises(Exception, match="taken before"):
        teaching.add("metal", picture)


def test_a_collector_teaches_nothing_and_a_check_comes_first(tmp_path: Path) -> None:
    """Nobody teaches who may not, nor while hatch or scale are being tried."""

    async def visit(lesson: Lesson) -> None:
        for path in ("empty", "focus"):
            assert await lesson.counter.refused("POST", path, bay="a") == (403, "forbidden")
        assert "service:teach" in lesson.counter.story.session.refused

    async def busy(lesson: Lesson) -> None:
        await lesson.ask("checks/hatch", bay="a")
        assert await lesson.counter.refused("POST", "empty", bay="a") == (409, "busy")
        assert await lesson.counter.refused("POST", "empty", bay="z") == (404, "no-such-bay")

    taught(tmp_path / "collector", visit, Role.COLLECTION)
    taught(tmp_path / "technician", busy)


def test_who_may_not_teach_throws_nothing_away_and_learns_nothing(tmp_path: Path) -> None:
    """A collector is refused before anything is done, not after it."""

    async def visit(lesson: Lesson) -> None:
        lesson.teaching.add("metal", empty_chamber(random.Random("one")))
        for name in ("taught.json", "none-before-taught.json"):
            (tmp_path / "chambers" / name).write_text("{}")
        for method, path in (
            ("DELETE", "lesson/pictures"),
            ("POST", "lesson"),
            ("DELETE", "lesson"),
        ):
            assert await lesson.counter.refused(method, path) == (403, "forbidden")
        assert lesson.teaching.counts()["metal"] == 1
        assert (tmp_path / "chambers" / "taught.json").exists()

    taught(tmp_path, visit, Role.COLLECTION)


def test_a_full_card_takes_no_reference_away(tmp_path: Path) -> None:
    """What is in force holds on, over a restart as well, and can be undone as before."""

    async def visit(lesson: Lesson) -> None:
        await lesson.ask("empty", bay="a")
        folder = tmp_path / "chambers" / "a"
        taken = (folder / "empty.png").read_bytes()
        (folder / "empty.png.part").mkdir()  # nothing can be written there
        assert await lesson.counter.refused("POST", "empty", bay="a") == (503, "not-kept")
        assert (folder / "empty.png").read_bytes() == taken
        lesson.eyes.forget_empty("a")
        lesson.started().recall()
        assert await lesson.eyes.is_empty("a", await lesson.camera.frames(1)) is True

    taught(tmp_path, visit)


def test_undoing_to_a_lesson_of_another_model_sees_as_configured(tmp_path: Path) -> None:
    """The kiosk was updated since both lessons: neither holds any more."""
    folder = tmp_path / "chambers"
    folder.mkdir()
    for name in ("taught.json", "before-taught.json"):
        (folder / name).write_text("{}")
    eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
    ChamberTeaching(folder, eyes, [BAY], tmp_path, None).undo()
    assert not (folder / "before-taught.json").exists()
    assert eyes.classes


def test_a_bay_that_is_not_heard_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """What its pan said last is old; its light cannot be switched either."""

    async def visit(lesson: Lesson) -> None:
        lesson.counter.story.happens(events.NodeLost("a", "no heartbeat"))
        for path in ("empty", "focus"):
            assert await lesson.counter.refused("POST", path, bay="a") == (503, "node-lost")

    taught(tmp_path, visit)


class Leaving(ChamberTeaching):
    """Somebody ends service while the picture is being written."""

    story: Story

    def take_empty(self, bay: str, picture: Image) -> str:
        """As the port has it."""
        self.story.happens(touches.ServiceLeft("key turned back"))
        return super().take_empty(bay, picture)

    def add(self, label: str, picture: Image) -> int:
        """As the port has it."""
        self.story.happens(touches.ServiceLeft("key turned back"))
        return super().add(label, picture)


def test_what_could_not_be_recorded_was_not_done(tmp_path: Path) -> None:
    """Service ends in the middle of it: the eyes see as before."""

    async def visit(lesson: Lesson) -> None:
        leaving = Leaving(tmp_path / "chambers", lesson.eyes, [BAY], tmp_path, None)
        leaving.story = lesson.counter.story
        lesson.counter.desk.around = replace(lesson.counter.desk.around, teaching=leaving)
        assert await lesson.counter.refused("POST", "empty", bay="a") == (401, "no-token")
        assert not leaving.has_empty("a")
        assert await lesson.eyes.is_empty("a", await lesson.camera.frames(1)) is None

    taught(tmp_path, visit)


def test_a_picture_of_an_item_that_no_record_tells_of_is_taken_back(tmp_path: Path) -> None:
    """The next lesson learns from nothing that nobody has put their name to."""

    async def visit(lesson: Lesson) -> None:
        lesson.teaching.add("metal", empty_chamber(random.Random("one")))
        leaving = Leaving(tmp_path / "chambers", lesson.eyes, [BAY], tmp_path, None)
        leaving.story = lesson.counter.story
        lesson.counter.desk.around = replace(lesson.counter.desk.around, teaching=leaving)
        lesson.weigh(24)
        lesson.camera.lay("can", 1)
        told = {"bay": "a", "item": "can"}
        refused = await lesson.counter.refused("POST", "lesson/pictures", **told)
        assert refused == (401, "no-token")
        assert leaving.counts()["metal"] == 1

    taught(tmp_path, visit)


def test_a_picture_that_a_dying_card_has_spoiled_stops_no_start(tmp_path: Path) -> None:
    """The kiosk starts without it, as if none had been taken."""
    (tmp_path / "chambers" / "a").mkdir(parents=True)
    (tmp_path / "chambers" / "a" / "empty.png").write_bytes(b"\x89PNG and no more")
    eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
    ChamberTeaching(tmp_path / "chambers", eyes, [BAY], tmp_path, None).recall()
    assert eyes.problems("a") == ()


def test_a_lesson_for_another_model_is_left_aside(tmp_path: Path) -> None:
    """A kiosk that was updated starts all the same."""
    (tmp_path / "chambers").mkdir()
    (tmp_path / "chambers" / "taught.json").write_text("{}")
    eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
    ChamberTeaching(tmp_path / "chambers", eyes, [BAY], tmp_path, None).recall()
    assert eyes.classes
