"""An inspector verifies or calibrates a bay's scale: readings take themselves."""

from __future__ import annotations

import pytest

from contract.badge import Role
from contract.bodies import CalibrationBody
from controller.core import commands, events, touches
from controller.core.metrology.validity import FAILED
from controller.core.service.procedure import Procedure
from tests.controller.core.metrology.technician import Bench
from tests.controller.core.story import CONFIG, Story
from tests.controller.service.staffed import TECHNICIAN, acts, lie_still, run, serve

CREEP_S = 2
SERVICE_S = CONFIG.session.service_s


def begin(story: Story, kind: str = "verify", creep_s: int = CREEP_S) -> str:
    """Begin; the code of the answer."""
    story.happens(touches.ProcedureBegun("a", kind, creep_s=creep_s))  # type: ignore[arg-type]
    return story.session.service.answer.code


def under_way(story: Story) -> Procedure:
    """What is verified now."""
    procedure = story.session.service.procedure
    assert procedure is not None
    return procedure


def lay_on(story: Story, load_g: float, seconds: int = 4) -> None:
    """Take off what lies there, and lay this on, as slowly as people do."""
    if story.pan_g:
        story.pan_g = 0
        lie_still(story, 0.5)
    story.pan_g = round(load_g)
    lie_still(story, seconds)


def lay_on_all(story: Story, off: float = 0.0) -> None:
    """Do what the screen asks for until nothing is left; the scale reads wrong by `off` of it."""
    procedure = under_way(story)
    for _ in range(60):
        if (step := procedure.step) is None:
            return
        lay_on(story, step.load_g * (1 + off), 4 + step.after_s)
    raise AssertionError((procedure.step, procedure.said))


def lay_on_until(story: Story, test: str, span_g: float = 0.0) -> None:
    """Everything is read already but for the steps from this test on; `span_g` wrong at Max."""
    procedure = under_way(story)
    bench = Bench(per_g=180.355, zero_raw=0, span_g=span_g)
    while (step := procedure.step) is not None and step.test != test:
        procedure.way = procedure.way.take(bench.settle(step))


@pytest.fixture
def story() -> Story:
    """An inspector in service before a bay at rest."""
    story = serve(Role.CALIBRATION)
    story.rest(2)
    return story


def test_no_node_is_restarted_under_a_scale_that_is_verified() -> None:
    """A start forgets what the scale has seen; once it is given up, it may."""
    story = serve(Role.SERVICE, Role.CALIBRATION)
    story.rest(2)
    begin(story)
    story.happens(touches.NodeRestarted("a"))
    assert story.session.service.answer.code == "not-now"
    assert story.commanded(commands.RestartNode) == 0
    story.happens(touches.ProcedureGivenUp(), touches.NodeRestarted("a"))
    assert story.commanded(commands.RestartNode) == 1


def test_a_sound_scale_is_verified_with_one_touch(story: Story) -> None:
    """Nothing is touched but to begin; a reader takes the record, and the scale serves on."""
    assert begin(story) == ""
    lay_on_all(story)
    (record,) = story.committed("calibration")
    body = CalibrationBody.model_validate(record.body)
    assert (body.passed, body.limits, body.by) == (True, "in-service", TECHNICIAN)
    assert acts(story)[-1].startswith("scale of bay a verified: passed")
    story.pan_g = 0
    story.rest(2)
    story.happens(touches.ServiceLeft())
    assert story.bays["a"].usable
    assert story.bays["a"].validity is not None


def test_a_touch_too_many_writes_no_second_record(story: Story) -> None:
    """The last reading took itself just before the finger came: all is read, nothing is taken."""
    begin(story)
    lay_on_until(story, "zero-return")
    lay_on(story, 0)
    done = acts(story)
    story.happens(touches.ReadingTaken())
    assert story.session.service.answer.code == "not-now"
    assert len(story.committed("calibration")) == 1
    assert acts(story) == done


def test_a_scale_that_reads_wrong_fails_and_its_bay_closes(story: Story) -> None:
    """Half a percent is far beyond the limits."""
    begin(story)
    lay_on_until(story, "zero-return", span_g=75)
    lay_on(story, 0)
    (record,) = story.committed("calibration")
    assert record.body["passed"] is False
    assert story.bays["a"].closed_because == FAILED


def test_a_calibration_is_verified_and_then_in_force(story: Story) -> None:
    """It mends the scale that read half a percent wrong."""
    assert begin(story, "calibrate") == ""
    lay_on_all(story, off=0.005)
    (record,) = story.committed("calibration")
    assert (record.body["passed"], record.body["limits"]) == (True, "initial")
    assert story.bays["a"].scale.calibration.calibration_id == record.body["calibration_id"]


def test_each_calibration_of_a_day_has_a_name_of_its_own(story: Story) -> None:
    """Deposits name the one that they were weighed by."""
    for _ in range(3):
        story.wait(30)
        assert begin(story, "calibrate") == ""
        lay_on_all(story)
    first, *others = (one.body["calibration_id"] for one in story.committed("calibration"))
    assert others == [f"{first}-2", f"{first}-3"]


def test_a_wrong_load_is_not_taken_for_a_reading(story: Story) -> None:
    """Unless the inspector says that it is what was asked for."""
    begin(story)
    lay_on(story, 0)
    assert under_way(story).done[0] == 1
    lay_on(story, 100)
    assert under_way(story).done[0] == 1
    story.happens(touches.ReadingTaken())
    assert under_way(story).done[0] == 2


def test_each_corner_is_a_load_of_its_own(story: Story) -> None:
    """What still lies there from the corner before is not read again."""
    begin(story)
    lay_on_until(story, "corner")
    lay_on(story, 5_000)
    taken = under_way(story).done
    story.rest(6)
    assert under_way(story).done == taken
    lay_on(story, 5_000)
    assert under_way(story).done[0] == taken[0] + 1


def test_half_an_hour_under_one_load_needs_no_touch(story: Story) -> None:
    """Service does not end over it."""
    begin(story, creep_s=1_800)
    lay_on_until(story, "creep")
    lay_on(story, 15_000)
    assert under_way(story).waits_for_time(story.now_s)
    story.wait(SERVICE_S + 1)
    assert story.state == "SERVICE"


def test_whoever_walks_away_from_the_load_keeps_no_kiosk_closed(story: Story) -> None:
    """Once the reading is overdue, the time without a touch counts as ever."""
    begin(story, creep_s=1_800)
    lay_on_until(story, "creep")
    lay_on(story, 15_000)
    story.pan_g = 0
    story.rest(2)
    story.wait(900 + 2 * SERVICE_S)
    assert story.state == "IDLE"
    assert "verification of bay a ended: given up: service ends" in acts(story)


def test_a_calibration_that_finds_no_room_waits_for_it(story: Story) -> None:
    """An hour's work is not lost to a full disk: it is written when there is room again, and holds
    from then on, though the inspector has left."""
    begin(story)
    lay_on_until(story, "zero-return")
    story.disk_full = True
    lay_on(story, 0)
    story.happens(touches.ServiceLeft())
    story.closed()
    assert (story.state, story.bays["a"].validity) == ("IDLE", None)
    story.disk_full = False
    story.happens(events.RoomSeen(True, ""))
    assert [one.kind for one in story.written].count("calibration") == 1
    assert story.bays["a"].validity is not None


def test_a_node_that_starts_anew_under_a_verification_goes_on_with_it(story: Story) -> None:
    """A dark chamber and one conversion a second would end it: no pan comes to rest so."""
    begin(story)
    lay_on(story, 0)
    story.happens(touches.LightSwitched("a", True), events.NodeLost("a", "the node restarted"))
    before = len(story.asked)
    story.happens(events.NodeUp("a", 2, "watchdog", story.gate_cycles, story.hatch_openings))
    again = story.asked[before:]
    assert commands.SampleFast("a", True) in again
    assert commands.Light("a", True) in again
    story.happens(story.report(), touches.ServiceLeft())
    before = len(story.asked)
    story.happens(events.NodeUp("a", 3, "watchdog", story.gate_cycles, story.hatch_openings))
    assert not any(isinstance(one, commands.SampleFast) for one in story.asked[before:])


def test_another_procedure_gives_up_the_one_before(story: Story) -> None:
    """And a record says so."""
    begin(story)
    begin(story, "calibrate")
    assert acts(story)[-2:] == [
        "verification of bay a ended: given up",
        "calibrate of bay a begun: ok",
    ]


def test_what_is_given_up_changes_nothing(story: Story) -> None:
    """And so does service that ends in the middle of it, for a lost connection too."""
    begin(story)
    story.rest()
    story.happens(touches.ProcedureGivenUp())
    assert story.session.service.procedure is None
    begin(story)
    story.wait(SERVICE_S + 1)
    assert story.state == "IDLE"
    assert story.committed("calibration") == []
    assert story.bays["a"].usable


def test_only_an_inspector_verifies_and_one_thing_is_done_at_a_time(story: Story) -> None:
    """A technician may not; a check waits until the scale is verified."""
    begin(story)
    assert run(story, "scale-zero") == "busy"
    other = serve(Role.SERVICE)
    assert begin(other) == "forbidden"
    assert other.session.service.procedure is None


@pytest.mark.parametrize(("bay", "masses_g"), [("z", (15_000,)), ("a", (1_000,)), ("a", ())])
def test_what_makes_no_procedure_is_refused(
    story: Story, bay: str, masses_g: tuple[int, ...]
) -> None:
    """By name, and nothing is begun."""
    story.happens(touches.ProcedureBegun(bay, "calibrate", masses_g))
    assert story.session.service.answer.code in ("no-such-bay", "bad-request")
    assert story.session.service.procedure is None
    assert story.commanded(commands.SampleFast) == 0


def test_a_record_that_is_not_written_changes_no_scale(story: Story) -> None:
    """And staff see that it was not."""
    begin(story)
    lay_on_until(story, "zero-return")
    story.disk_full = True
    lay_on(story, 0)
    assert story.bays["a"].validity is None
    assert story.session.service.unrecorded > 0
