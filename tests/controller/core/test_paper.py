"""A receipt on paper: a touch prints what the visit has brought, and no visit waits for it."""

from __future__ import annotations

import pytest

from controller.core import commands, events, touches
from controller.core.flow.credit import MORE
from controller.core.slip import Line
from tests.controller.core.story import Story, sight

SLIP = (Line("a receipt"),)


def deposit(story: Story) -> None:
    """One bottle, taken."""
    story.load(28)
    story.rest(2)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    assert story.state == "CREDITED"


def visit(*, has_printer: bool = True) -> Story:
    """Somebody has brought one bottle."""
    story = Story()
    story.session.has_printer = has_printer
    story.identify()
    deposit(story)
    return story


def touch(story: Story, last: str | None = None) -> list[commands.Print]:
    """Print is touched; what is asked of the printer."""
    last = story.session.receipt[-1].deposit_id if last is None else last
    asked = story.happens(touches.ReceiptWanted(last, SLIP))
    return [one for one in asked if isinstance(one, commands.Print)]


def test_a_touch_prints_once_and_another_deposit_may_be_printed_again() -> None:
    """The button keeps its place; a second touch, while it prints or after, does nothing."""
    story = visit()
    assert story.view.paper == "offered"
    (first,) = touch(story)
    assert (first.slip, story.message, story.view.paper) == (SLIP, "printing", "printing")
    assert touch(story) == []
    story.happens(events.Printed(first.number))
    assert (story.message, story.view.paper, story.view.printed) == ("printed", "printed", 1)
    assert touch(story) == []
    story.happens(touches.Answered(MORE))
    story.rest()
    story.opened()
    deposit(story)
    assert (story.view.paper, story.view.printed) == ("offered", 1)
    (second,) = touch(story)
    assert second.number != first.number


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ("paper-out", "printer-empty"),
        ("cover-open", "printer-open"),
        ("late", "not-printed"),
        ("busy", "not-printed"),
    ],
)
def test_what_fails_is_said_and_may_be_tried_again(trouble: str, message: str) -> None:
    """At the farewell too, which then stays for as long as it takes to read."""
    story = visit()
    story.happens(touches.ResidentLeft())
    assert story.state == "FAREWELL"
    story.now_s += story.config.session.farewell_s - 1
    (asked,) = touch(story)
    story.now_s += 5
    story.happens(events.Printed(asked.number, trouble))
    assert (story.message, story.view.paper, story.view.printed) == (message, "offered", 0)
    story.wait(story.config.session.farewell_s - 1)
    assert story.state == "FAREWELL"
    story.wait(2)
    assert story.state == "IDLE"


def test_no_visit_waits_for_a_printer() -> None:
    """Whoever puts in more is not told of paper meanwhile, and whoever comes next not at all."""
    story = visit()
    (asked,) = touch(story)
    story.happens(touches.Answered(MORE))
    story.happens(events.Printed(asked.number, "late"))
    assert (story.state, story.message) == ("PREPARING", "identified")
    assert story.view.paper == "offered"

    story = visit()
    (asked,) = touch(story)
    story.happens(touches.ResidentLeft(), touches.ResidentLeft())
    assert (story.state, story.view.paper) == ("IDLE", "")
    story.identify()
    story.happens(events.Printed(asked.number))
    assert (story.state, story.view.printed) == ("LOADING", 0)


def test_nobody_prints_what_is_not_theirs_or_where_there_is_no_printer() -> None:
    """A late page, a kiosk without one, a visit that brought nothing: refused and counted."""
    story = visit()
    assert touch(story, "of-another-visit") == []
    bare = visit(has_printer=False)
    assert (bare.view.paper, touch(bare)) == ("", [])
    nothing = Story()
    nothing.session.has_printer = True
    nothing.identify()
    nothing.happens(touches.ResidentLeft())
    nothing.closed()
    assert (nothing.state, touch(nothing, "")) == ("FAREWELL", [])
    assert story.session.refused["CREDITED:ReceiptWanted"] == 1
    assert bare.session.refused["CREDITED:ReceiptWanted"] == 1
