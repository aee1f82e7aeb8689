"""What staff do in service: checks, motions, mending, bins; each by role, each on record."""

from __future__ import annotations

from typing import Any

import pytest

from contract.badge import Role
from controller.core import commands, events, touches
from controller.core.service.acts import Act, may
from controller.core.service.checks import CHECKS
from controller.core.service.given import FrameCount, Given, Picture
from tests.controller.service.staffed import acts, last, result, run, serve, told, verdict
from tests.controller.service.test_front import WIRED

CLEAR = Picture(sharpness=30.0, bright_level=180.0, problems=(), empty=True)
GOOD: dict[str, dict[str, Any]] = {
    "node-link": {"heard": {"a": FrameCount(5_000, 5, 4)}},
    "camera": {"picture": CLEAR},
    "empty-reference": {"picture": CLEAR},
    "journal": {"room_bytes": 10**9},
    "outbox": {"waiting": 3, "oldest_s": 60, "aside": 0},
    "uplink": {"online": True},
    "certificate": {"tls": True, "certificate_s": 40 * 86_400},
    "catalogue": {"today": "2026-11-27"},
}
"""What is told with a check that is to be good."""


def hatch_goes(story: Any, motor_ma: int = 600) -> None:
    """The node does as it was told: opens in 2 s, closes in 4.5 s."""
    story.now_s += 2
    story.opened()
    story.now_s += 4.5
    story.happens(events.NodeReport("a", 1, "CLOSING", "CLOSED", False, False, 7, 9, motor_ma, 200))
    story.closed()


def test_a_hatch_is_opened_and_closed_and_timed() -> None:
    """What is done is told in figures beside their limits."""
    story = serve(Role.SERVICE)
    story.rest()
    assert run(story, "hatch") == ""
    hatch_goes(story)
    found = result(story, "hatch").finding
    assert (found.verdict, found.figure) == ("good", "2.0 s, 4.5 s, 600 mA")
    assert acts(story)[-1] == "check hatch of bay a: good 2.0 s, 4.5 s, 600 mA"


def test_a_hatch_that_runs_hard_is_bad_and_its_bay_stays_closed() -> None:
    """Until the same check finds it good."""
    story = serve(Role.SERVICE)
    story.rest()
    run(story, "hatch")
    hatch_goes(story, motor_ma=1_300)
    assert result(story, "hatch").finding.do == "hatch-hard"
    story.happens(touches.ServiceLeft())
    assert not story.bays["a"].usable
    story = serve_again(story)
    run(story, "hatch")
    hatch_goes(story)
    story.happens(touches.ServiceLeft())
    story.rest()
    assert story.bays["a"].usable


def serve_again(story: Any) -> Any:
    """The same technician comes back."""
    from tests.controller.service.staffed import badge, type_badge

    assert type_badge(story, badge(Role.SERVICE)) == ""
    story.rest()
    return story


def test_what_the_node_refuses_is_shown_and_nothing_moves() -> None:
    """Nobody in service can go round it."""
    story = serve(Role.SERVICE)
    story.rest()
    run(story, "hatch")
    story.happens(events.CommandRefused("a", "OpenHatch", "emergency-stop"))
    found = result(story, "hatch").finding
    assert (found.verdict, found.detail) == ("bad", "emergency-stop")


def test_a_motion_that_does_not_arrive_ends_by_itself() -> None:
    """The node may have died meanwhile."""
    story = serve(Role.SERVICE)
    story.rest()
    run(story, "gate")
    story.wait(16)
    assert result(story, "gate").finding.detail == "late"
    assert run(story, "supply") == ""


def test_one_check_at_a_time() -> None:
    """The second one is told to wait."""
    story = serve(Role.SERVICE)
    story.rest()
    run(story, "hatch")
    assert run(story, "gate") == "busy"
    assert told(story, commands.DropLoad) == 0


def test_the_diverter_goes_to_every_bin() -> None:
    """The refuse bin among them."""
    story = serve(Role.SERVICE, refuse_bin=3)
    story.rest()
    run(story, "diverter")
    for bin_index in (0, 1, 2, 3):
        assert last(story, commands.DropLoad).bin_index == bin_index
        story.now_s += 2
        story.happens(events.GateCycled("a", bin_index, 8 + bin_index))
    assert result(story, "diverter").finding.figure == "4 × ≤ 2.0 s"


def test_nothing_is_dropped_uncredited() -> None:
    """What lies on the pan is somebody's."""
    story = serve(Role.SERVICE)
    story.pan_g = 300
    story.rest(4)
    assert run(story, "gate") == "not-now"
    assert told(story, commands.DropLoad) == 0


def test_an_empty_pan_is_quiet_and_near_its_zero() -> None:
    """Two seconds of conversions say so; the cell is sampled slowly again afterwards."""
    story = serve(Role.SERVICE)
    run(story, "scale-zero")
    assert last(story, commands.SampleFast) == commands.SampleFast("a", True)
    story.rest(4)
    found = result(story, "scale-zero").finding
    assert found.verdict == "good"
    assert found.figure.startswith(("+0.0 g, σ 0.2", "-0.0 g, σ 0.2"))
    assert last(story, commands.SampleFast) == commands.SampleFast("a", False)


@pytest.mark.parametrize(("pan_g", "expected"), [(1000, "good"), (1004, "bad")])
def test_a_known_weight_reads_right(pan_g: int, expected: str) -> None:
    """Within the in-service limit of 2 g at 1 kg, or not."""
    story = serve(Role.CALIBRATION)
    story.rest(2)
    story.pan_g = pan_g
    run(story, "scale-load", load_g=1000)
    story.rest(4)
    assert verdict(story, "scale-load") == expected


QUIET = [name for name, one in CHECKS.items() if not one.motions and name not in WIRED]


@pytest.mark.parametrize("name", QUIET)
def test_every_check_that_moves_nothing_can_be_good(name: str) -> None:
    """And each says with what figure; of the front and of motions other tests tell."""
    story = serve(Role.SERVICE, empty_picture="empty.png")
    story.rest(2)
    story.session.service.code_seen_s = story.now_s - 10
    bay = "a" if CHECKS[name].of == "bay" else ""
    if name == "scale-load":
        story.pan_g = 1000
    assert run(story, name, bay, **GOOD.get(name, {}), **weighed(name)) == ""
    story.rest(4)
    assert verdict(story, name, bay) == "good"


def weighed(name: str) -> dict[str, int]:
    """The weight that is told with the check of a known one."""
    return {"load_g": 1000} if name == "scale-load" else {}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("node-link", {"heard": {"a": FrameCount(5_000, 6, 0)}}, "node-unsteady"),
    ("node-link", {"heard": {"a": FrameCount(5_000, 0, 6)}}, "node-unsteady"),
    ("camera", {"camera_reason": "unplugged"}, "camera-lost"),
    ("camera", {"picture": Picture(0.2, 180, ("blurred",), None)}, "camera-blurred"),
    ("empty-reference", {"picture": Picture(30, 180, (), False)}, "reference-differs"),
    ("journal", {"room_bytes": 10, "room_reason": "disk full"}, "journal-full"),
    ("outbox", {"waiting": 3, "oldest_s": 90_000, "aside": 0}, "outbox-old"),
    ("outbox", {"waiting": 0, "aside": 1}, "records-aside"),
    ("uplink", {"online": False}, "offline"),
    ("certificate", {"tls": True, "certificate_s": 86_400}, "certificate-ends"),
    ("certificate", {"tls": True}, "certificate-unreadable"),
    ("clock", {"clock_quality": "unknown"}, "clock-unknown"),
    ("catalogue", {"today": "2020-01-01"}, "catalogue-early"),
]


@pytest.mark.parametrize(("name", "given", "do"), BAD)
def test_what_is_bad_says_what_to_do(name: str, given: dict[str, Any], do: str) -> None:
    """By a key for which staff have words."""
    story = serve(Role.SERVICE, empty_picture="empty.png")
    run(story, name, "a" if CHECKS[name].of == "bay" else "", **given)
    found = result(story, name, "a" if CHECKS[name].of == "bay" else "").finding
    assert (found.verdict, found.do) == ("bad", do)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("undervoltage", "supply"),
        ("edge-broken", "edge"),
        ("curtain-stuck", "curtain"),
        ("thermal-sensor", "presence"),
    ],
)
def test_a_fault_of_the_node_makes_its_check_bad(fault: str, check: str) -> None:
    """The fault is named."""
    story = serve(Role.SERVICE)
    story.happens(events.NodeFault("a", fault, True))
    run(story, check)
    assert (verdict(story, check), result(story, check).finding.figure) == ("bad", fault)


def test_a_lost_node_is_bad_and_so_is_one_that_was_lost_lately() -> None:
    """A link that comes and goes is seen though it is there now."""
    story = serve(Role.SERVICE)
    story.happens(events.NodeLost("a", "node silent"))
    run(story, "node-link")
    assert result(story, "node-link").finding.do == "node-lost"
    story.node_up()
    run(story, "node-link")
    assert result(story, "node-link").finding.do == "node-unsteady"


ACTS: list[tuple[object, Act]] = [
    (touches.CheckAsked("supply", "a", Given()), Act.CHECK),
    (touches.HatchJogged("a", True), Act.MOVE),
    (touches.GateJogged("a", 1), Act.MOVE),
    (touches.FaultsCleared("a"), Act.MEND),
    (touches.LightSwitched("a", True), Act.CHECK),
    (touches.BinEmptied("a", 1), Act.EMPTY_BIN),
    (touches.BayChecked("a"), Act.OPEN_BAY),
]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("touch", "act"), ACTS)
def test_each_role_does_what_the_table_says(role: Role, touch: object, act: Act) -> None:
    """Everything else is refused, counted, and changes nothing."""
    story = serve(role)
    story.rest()
    before = len(story.written)
    story.happens(touch)
    allowed = may(frozenset({role}), act)
    assert (story.session.service.answer.code != "forbidden") == allowed
    assert story.session.refused[f"service:{act.value}"] == (not allowed)
    if not allowed:
        assert len(story.written) == before


@pytest.mark.parametrize(
    ("touch", "code"),
    [
        (touches.CheckAsked("brakes", "a", Given()), "no-such-check"),
        (touches.CheckAsked("hatch", "z", Given()), "no-such-bay"),
        (touches.CheckAsked("clock", "a", Given()), "no-such-bay"),
        (touches.HatchJogged("z", True), "no-such-bay"),
        (touches.FaultsCleared("z"), "no-such-bay"),
        (touches.NodeRestarted("z"), "no-such-bay"),
    ],
)
def test_what_there_is_not_is_refused_by_name(touch: object, code: str) -> None:
    """And service goes on."""
    story = serve(Role.SERVICE)
    story.happens(touch)
    assert story.session.service.answer.code == code
    assert run(story, "supply") == ""


def test_faults_are_cleared_by_the_node_alone() -> None:
    """After a repair the hatch is learnt anew."""
    story = serve(Role.SERVICE)
    story.happens(touches.FaultsCleared("a", repaired=True))
    assert told(story, commands.ClearFaults) == told(story, commands.LearnHatch) == 1


def test_a_node_starts_anew_for_a_technician() -> None:
    """Both that it was asked and what came of it are acts; the link stays good."""
    story = serve(Role.SERVICE)
    story.happens(touches.NodeRestarted("a"))
    story.happens(events.NodeLost("a", "the node restarted"))
    story.wait(1)
    story.happens(events.NodeUp("a", 2, "asked", 0, 0), story.report())
    assert told(story, commands.RestartNode) == 1
    acts = [(one.what, one.result) for one in story.session.service.acts]
    assert acts[-2:] == [
        ("node of bay a asked to restart", "ok"),
        ("restart of the node of bay a", "ok"),
    ]
    assert run(story, "node-link") == "" and verdict(story, "node-link") == "good"


def test_a_nodes_refusal_to_start_anew_is_shown() -> None:
    """With its reason; and a load that waits keeps anybody from asking."""
    story = serve(Role.SERVICE)
    story.happens(touches.NodeRestarted("a"))
    story.happens(events.CommandRefused("a", "RestartNode", "hand-inside"))
    assert "hand-inside" in story.session.service.acts[-1].result
    story.bays["a"].interrupted = True
    story.happens(touches.NodeRestarted("a"))
    assert story.session.service.answer.code == "load-waits"
    assert told(story, commands.RestartNode) == 1


def test_what_the_kiosk_had_asked_for_is_no_act_of_whoever_comes_then() -> None:
    """A node that is just starting anew tells the log of it, and stands in nobody's name."""
    story = serve(Role.SERVICE)
    duty = story.session.service.duty
    assert duty is not None
    story.session.restarting["a"].asked_s = duty.began_s - 1
    story.happens(events.CommandRefused("a", "RestartNode", "hand-inside"))
    assert not any("restart" in one.what for one in story.session.service.acts)
    assert "node-not-restarted" in [
        one.what for one in story.asked if isinstance(one, commands.Note)
    ]


def test_a_bay_whose_load_is_not_seen_to_yet_is_not_moved() -> None:
    """What the counters say of it is all that a resident's deposit rests on."""
    story = serve(Role.SERVICE)
    story.bays["a"].interrupted = True
    assert run(story, "hatch") == "not-now"
    story.happens(touches.HatchJogged("a", True))
    assert story.session.service.answer.code == "not-now"
    assert told(story, commands.OpenHatch) == 0
