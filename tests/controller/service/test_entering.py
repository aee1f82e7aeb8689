"""Who comes into service, whom they wait for, and how they leave the kiosk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.badge import Role
from contract.keys import SeedSigner
from controller.core import commands, events, touches
from controller.core.bay import NO_MAINS
from controller.core.service.duty import CLOSED_S, KEY
from controller.core.weighing.zero import OUT_OF_RANGE
from tests.controller.core.story import CONFIG, NOW_UTC_S, Story, sight
from tests.controller.core.test_reopened import idle
from tests.controller.service.staffed import (
    OTHER,
    acts,
    badge,
    last,
    serve,
    staffed,
    told,
    type_badge,
)

SERVICE_S = CONFIG.session.service_s


def test_a_typed_badge_begins_service_and_residents_are_told() -> None:
    """The record says which role, and names nobody but by the pseudonym."""
    story = staffed()
    assert type_badge(story, badge(Role.SERVICE)) == ""
    assert (story.state, story.view.message) == ("SERVICE", "in-service")
    assert [(one.usable, one.why_not) for one in story.view.bays] == [(False, "in service")]
    assert acts(story) == ["service begun as service: ok"]
    story.happens(touches.ServiceLeft())
    assert story.state == "IDLE"
    assert acts(story)[-1] == "service ended (left): ok"


def test_a_badge_at_the_reader_lets_the_screen_begin() -> None:
    """Without one it says what to do, and the kiosk stays the residents'."""
    story = staffed()
    story.happens(touches.ServiceAsked())
    assert (story.session.service.answer.code, story.state) == ("no-badge", "IDLE")
    story.show(badge(Role.COLLECTION))
    story.happens(touches.ServiceAsked())
    assert (story.session.service.answer.code, story.state) == ("", "SERVICE")


def test_a_resident_in_service_is_not_let_in() -> None:
    """Their code is refused and counted; nothing opens."""
    story = serve(Role.SERVICE)
    story.show(story.code())
    assert story.state == "SERVICE"
    assert told(story, commands.OpenHatch) == 0


def test_the_key_opens_service_and_closes_it() -> None:
    """Whoever holds it is named by nobody; one screen may speak for it, and only one."""
    story = staffed()
    story.happens(events.KeyTurned(True), touches.ServiceAsked())
    assert (story.state, story.session.service.answer.code) == ("SERVICE", "")
    story.happens(touches.ServiceAsked())
    assert story.session.service.answer.code == "occupied"
    story.happens(events.KeyTurned(False))
    assert story.state == "IDLE"
    assert {one.body["by"] for one in story.written if one.kind == "service"} == {KEY}


def test_whoever_is_served_finishes_first() -> None:
    """A load on the pan becomes a deposit; then the visit ends and service begins by itself."""
    story = staffed()
    story.identify()
    story.load(28)
    assert type_badge(story, badge(Role.SERVICE)) == ""
    assert story.state == "DECIDING"
    story.look(sight())
    story.drop()
    story.empty()
    assert story.state == "CREDITED"
    story.wait(6)
    story.happens(story.report())
    assert story.state == "FAREWELL"
    story.wait(10)
    story.happens(story.report())
    assert story.state == "SERVICE"
    assert len(story.committed("deposit")) == 1


def test_no_queue_of_residents_keeps_staff_waiting() -> None:
    """A farewell is read for five seconds, and then service begins."""
    story = staffed()
    story.identify()
    story.happens(touches.ResidentLeft())
    story.closed()
    assert story.state == "FAREWELL"
    type_badge(story, badge(Role.SERVICE))
    story.wait(6)
    story.happens(story.report())
    assert story.state == "SERVICE"


def test_whoever_does_not_wait_any_more_is_not_waited_for() -> None:
    """The kiosk stays the residents' after the one who is served."""
    story = staffed()
    story.identify()
    story.load(28)
    type_badge(story, badge(Role.SERVICE))
    story.happens(touches.ServiceLeft())
    assert story.session.service.wanted is None
    story.look(sight())
    story.drop()
    story.empty()
    story.wait(200)
    assert story.state == "IDLE"


def test_an_empty_open_hatch_is_closed_for_staff_who_wait() -> None:
    """Its resident had put nothing in yet."""
    story = staffed()
    story.identify()
    story.rest()
    type_badge(story, badge(Role.SERVICE))
    assert isinstance(last(story, commands.CloseHatch), commands.CloseHatch)
    story.closed()
    story.wait(10)
    story.happens(story.report())
    assert story.state == "SERVICE"


def test_a_load_in_an_open_hatch_is_left_to_its_resident() -> None:
    """Nothing is shut in and nothing is dropped because staff wait."""
    story = staffed()
    story.identify()
    story.happens(events.HandMoved("a", True))
    story.pan_g = 9_000  # too heavy: it waits to be taken out
    story.rest(4)
    type_badge(story, badge(Role.SERVICE))
    story.wait(7)
    story.happens(story.report(hand=True))
    assert story.state == "LOADING"
    assert told(story, commands.CloseHatch) == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (badge(Role.SERVICE, now_s=NOW_UTC_S - 40 * 86_400), "expired"),
        (badge(Role.SERVICE, signer=SeedSigner(b"x" * 32)), "unknown-key"),
        (Story().code(), "no-badge"),
        ("hello", "foreign"),
    ],
)
def test_what_is_no_badge_is_refused_and_counted(text: str, code: str) -> None:
    """The record says what was wrong with it, and not who came."""
    story = staffed()
    assert type_badge(story, text) == code
    assert story.state == "IDLE"
    assert story.session.refused[f"badge:{code}"] == 1
    (record,) = [one for one in story.written if one.kind == "service"]
    assert record.body == {"what": f"badge refused in service: {code}", "by": "unknown"}


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_is_a_badge(text: str) -> None:
    """Whatever is typed, the kiosk stays the residents'."""
    story = staffed()
    assert type_badge(story, text) != ""
    assert story.state == "IDLE"


def test_after_five_wrong_badges_none_is_read_for_five_minutes() -> None:
    """Not even a right one, so that nobody learns by trying."""
    story = staffed()
    for _ in range(5):
        type_badge(story, "GR1:NONSENSE")
    assert type_badge(story, badge(Role.SERVICE)) == "too-many"
    assert len(acts(story)) <= 5
    story.now_s += CLOSED_S
    assert type_badge(story, badge(Role.SERVICE)) == ""


def test_one_person_at_a_time() -> None:
    """Another is told so; the same one comes back after a lost connection."""
    story = serve(Role.SERVICE)
    assert type_badge(story, badge(Role.SERVICE, staff=OTHER)) == "occupied"
    assert type_badge(story, badge(Role.SERVICE)) == ""
    assert acts(story) == ["service begun as service: ok"]


def test_ten_minutes_without_a_touch_end_it() -> None:
    """A touch that only shows something keeps it."""
    story = serve(Role.SERVICE)
    story.wait(SERVICE_S - 1)
    story.happens(touches.ServiceTouched())
    story.wait(SERVICE_S - 1)
    assert story.state == "SERVICE"
    story.wait(2)
    assert story.state == "IDLE"
    assert acts(story)[-1] == "service ended (nobody for 10 min): ok"


def test_leaving_puts_back_what_was_changed() -> None:
    """Light off, hatch shut; only then do residents come in."""
    story = serve(Role.SERVICE)
    story.rest()
    story.happens(touches.LightSwitched("a", True), touches.HatchJogged("a", True))
    story.opened()
    story.happens(touches.ServiceLeft())
    assert last(story, commands.Light) == commands.Light("a", False)
    assert last(story, commands.CloseHatch) == commands.CloseHatch("a")
    assert story.state == "SERVICE"
    story.closed()
    assert story.state == "IDLE"
    assert story.bays["a"].usable


def test_a_hatch_that_stays_open_keeps_its_bay_closed() -> None:
    """A tool lies on the pan: it is not shut in, and the bay serves nobody until it is well."""
    story = serve(Role.SERVICE)
    story.rest()
    story.happens(touches.HatchJogged("a", True))
    story.opened()
    story.pan_g = 400
    story.rest(4)
    story.happens(touches.ServiceLeft())
    assert told(story, commands.CloseHatch) == 0
    story.wait(20)
    assert story.state == "IDLE"
    assert not story.bays["a"].usable


def test_a_pan_that_staff_cleared_serves_without_another_calibration() -> None:
    """Something heavy was on it that no hatch had let in: the kiosk says to clear the pan, and that
    is enough. Opened and shut with it still there, the bay stays closed."""
    story = staffed()
    idle(story, 60)
    story.pan_g = 400
    story.show(story.code())
    story.rest()
    assert story.bays["a"].closed_because.startswith(OUT_OF_RANGE)
    story.wait(60)
    for left_g, usable in ((400, False), (0, True)):
        assert type_badge(story, badge(Role.SERVICE)) == ""
        story.happens(touches.HatchJogged("a", True))
        story.opened()
        story.pan_g = left_g
        story.closed()
        story.rest(4)
        story.happens(touches.ServiceLeft())
        idle(story, 60)
        assert (story.state, story.bays["a"].usable) == ("IDLE", usable)


def test_service_goes_on_without_room_in_the_journal() -> None:
    """Staff may have come to make room; what was not recorded is counted."""
    story = staffed()
    story.disk_full = True
    assert type_badge(story, badge(Role.SERVICE)) == ""
    assert story.state == "SERVICE"
    assert story.session.service.unrecorded == 1


def test_a_power_cut_in_service_leaves_no_hatch_open() -> None:
    """A new controller knows of no service: residents come at once, and what is free is shut."""
    story = serve(Role.SERVICE)
    story.rest()
    story.happens(touches.HatchJogged("a", True))
    story.opened()
    assert story.memory is not None
    later = staffed()
    later.hatch = "OPEN"
    later.happens(story.memory)
    later.rest(4)
    later.now_s += 60
    later.happens(later.report())
    assert (later.state, told(later, commands.CloseHatch)) == ("IDLE", 1)
    later.closed()
    later.rest(2)
    assert (later.bays["a"].usable, later.bays["a"].unfinished) == (True, False)


def test_service_goes_on_without_the_mains_and_residents_wait_until_it_is_back() -> None:
    """Staff may have come for the mains; when they leave, the bay rests on."""
    story = serve(Role.SERVICE)
    story.rest()
    story.happens(events.MainsSeen(False), touches.HatchJogged("a", True))
    assert told(story, commands.OpenHatch) == 1
    story.opened()
    story.happens(touches.ServiceLeft())
    story.closed()
    assert (story.state, story.bays["a"].why_not) == ("IDLE", NO_MAINS)
    story.happens(events.MainsSeen(True))
    assert story.bays["a"].usable


def test_a_key_that_is_left_turned_keeps_no_kiosk() -> None:
    """Ten minutes, and residents are served; turned back and on again it opens as ever."""
    story = staffed()
    story.happens(events.KeyTurned(True))
    story.wait(SERVICE_S + 1)
    assert story.state == "IDLE"
    story.happens(events.KeyTurned(False), events.KeyTurned(True), touches.ServiceAsked())
    assert (story.state, story.session.service.answer.code) == ("SERVICE", "")
