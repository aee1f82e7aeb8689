"""What goes wrong while staff are at work: each is refused plainly, and the kiosk is unharmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.badge import Role
from controller.core import events, touches
from controller.core.service.procedure import Procedure
from tests.controller.core.story import CONFIG, Story
from tests.controller.service.desk import Chamber, Counter, at_desk, client_at
from tests.controller.service.staffed import OTHER, acts, badge, type_badge
from tests.controller.service.test_verifying import lay_on

if TYPE_CHECKING:
    from controller.ports import Image

CALIBRATE = {"bay": "a", "kind": "calibrate", "creep_s": 2}


async def calibrating(counter: Counter) -> dict[str, Any]:
    """An inspector has begun to calibrate, and the empty pan is read."""
    await counter.sign_in(badge(Role.CALIBRATION))
    counter.story.rest(2)
    answer = await counter.client.post("procedure", json=CALIBRATE)
    assert answer.status_code == 202, answer.text
    lay_on(counter.story, 0)
    return await step(counter)


async def step(counter: Counter) -> dict[str, Any]:
    """What is to be laid on now."""
    told: dict[str, Any] = (await counter.client.get("procedure")).json()
    return told


def under_way(story: Story) -> Procedure:
    """The calibration that is on its way."""
    procedure = story.session.service.procedure
    assert procedure is not None
    return procedure


def test_a_lost_connection_in_the_middle_of_a_calibration_loses_no_reading(tmp_path: Path) -> None:
    """The same inspector signs in again and goes on where they were."""

    async def visit(counter: Counter) -> None:
        before = await calibrating(counter)
        assert before["done"] == 1
        del counter.client.headers["authorization"]
        assert await counter.refused("POST", "procedure/reading") == (401, "no-token")
        await counter.sign_in(badge(Role.CALIBRATION))
        assert await step(counter) == before
        lay_on(counter.story, before["load_g"])
        assert (await step(counter))["done"] == 2

    at_desk(tmp_path, visit)


def test_an_inspector_who_does_not_come_back_leaves_the_scale_as_it_was(tmp_path: Path) -> None:
    """Service ends by itself; the calibration before is in force, and given up is on record."""

    async def visit(counter: Counter) -> None:
        story = counter.story
        before = story.bays["a"].scale.calibration
        await calibrating(counter)
        lay_on(story, 5_000)
        story.pan_g = 0
        story.rest(4)
        story.closed()
        story.wait(2 * CONFIG.session.service_s)
        story.rest(4)
        assert story.state == "IDLE"
        assert story.bays["a"].scale.calibration == before
        assert "calibration of bay a ended: given up: service ends" in acts(story)
        assert not story.committed("calibration")
        assert story.bays["a"].usable

    at_desk(tmp_path, visit)


def test_a_node_that_is_lost_in_the_middle_of_a_calibration_gives_no_reading(
    tmp_path: Path,
) -> None:
    """What the pan read before is not taken for the next load, whatever is touched."""

    async def visit(counter: Counter) -> None:
        story = counter.story
        before = await calibrating(counter)
        story.happens(events.NodeLost("a", "no answer"))
        assert await counter.refused("POST", "procedure/reading") == (503, "node-lost")
        story.node_up()
        answer = await counter.client.post("procedure/reading", json={})
        assert answer.json()["code"] == "not-now"
        assert (await step(counter))["done"] == before["done"]
        lay_on(story, before["load_g"])
        assert (await step(counter))["done"] == before["done"] + 1

    at_desk(tmp_path, visit)


def test_a_camera_that_is_unplugged_in_the_middle_of_a_calibration_changes_nothing(
    tmp_path: Path,
) -> None:
    """The scale needs no eyes; the camera's own check says what is wrong afterwards."""

    async def visit(counter: Counter) -> None:
        before = await calibrating(counter)
        counter.camera.unplugged = True
        counter.story.happens(events.CameraLost("a", "camera 0 is not there"))
        assert await counter.refused("POST", "checks/camera", bay="a") == (409, "busy")
        lay_on(counter.story, before["load_g"])
        assert (await step(counter))["done"] == before["done"] + 1
        await counter.client.delete("procedure")
        ran = await counter.client.post("checks/camera", json={"bay": "a"})
        assert (ran.json()["verdict"], ran.json()["do"]) == ("bad", "camera-lost")

    at_desk(tmp_path, visit)


def test_a_second_browser_sees_a_calibration_and_cannot_touch_it(tmp_path: Path) -> None:
    """Neither by a badge of somebody else's, nor without one."""

    async def visit(counter: Counter) -> None:
        before = await calibrating(counter)
        async with client_at(counter.app) as second:
            signed = await second.post(
                "session", json={"badge": badge(Role.CALIBRATION, staff=OTHER)}
            )
            assert signed.json()["acts"] is False
            second.headers["authorization"] = f"Bearer {signed.json()['token']}"
            assert (await second.get("procedure")).json() == before
            for method, path in (("POST", "procedure/reading"), ("DELETE", "procedure")):
                answer = await second.request(method, path)
                assert (answer.status_code, answer.json()["code"]) == (403, "read-only")
            del second.headers["authorization"]
            answer = await second.post("procedure/reading")
            assert answer.json()["code"] == "no-token"
        assert await step(counter) == before
        assert under_way(counter.story).done[0] == 1

    at_desk(tmp_path, visit)


def test_a_stream_without_a_bin_is_no_trouble_for_staff(tmp_path: Path) -> None:
    """The catalogue has glass and textile, this kiosk has no bin for them; nobody is asked to
    empty one, and the gate does not turn to where none is."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        streams = {one.stream for one in counter.story.catalogue.items}
        told = (await counter.client.get("bins")).json()
        assert streams - {one["stream"] for one in told} == {"glass", "textile"}
        (point,) = [
            one for one in (await counter.client.get("audit")).json() if one["point"] == "prices"
        ]
        assert point["verdict"] == "unknown"
        await counter.client.delete("session")
        await counter.sign_in(badge(Role.COLLECTION))
        refused = await counter.refused("POST", "bins/emptied", bay="a", bin_index=3)
        assert refused == (404, "no-such-bin")

    at_desk(tmp_path, visit)


class Slow(Chamber):
    """A camera so slow that one member of staff has gone meanwhile, and another has come."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story = story

    async def frames(self, count: int) -> Sequence[Image]:
        """A picture, long after it was asked for."""
        self.story.happens(touches.ServiceLeft())
        assert type_badge(self.story, badge(Role.SERVICE, staff=OTHER)) == ""
        return await super().frames(count)


def test_a_check_that_takes_long_is_not_run_in_the_name_of_the_next(tmp_path: Path) -> None:
    """Who asked for it has left: it is refused, and no record says that the other ran it."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        slow = {"a": Slow(counter.story)}
        counter.desk.around = replace(counter.desk.around, cameras=slow)
        assert await counter.refused("POST", "checks/camera", bay="a") == (401, "no-token")
        assert not [one for one in acts(counter.story) if one.startswith("check ")]

    at_desk(tmp_path, visit)
