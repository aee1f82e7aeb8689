"""A collector in service: bins, their tags, and what is not there."""

from __future__ import annotations

from contract.badge import Role
from controller.core import touches
from tests.controller.service.staffed import serve


def test_a_collector_empties_a_bin_in_service() -> None:
    """One badge is enough for all bins, and the screen of residents says in-service again."""
    story = serve(Role.COLLECTION)
    for bin_index in (0, 1):
        story.wait(150)
        story.happens(touches.BinEmptied("a", bin_index, weighed_g=1_000))
    assert [one.body["bin_index"] for one in story.committed("collection")] == [0, 1]
    story.wait(10)
    assert (story.state, story.view.message) == ("SERVICE", "in-service")


def test_a_bins_tag_is_read_at_the_front() -> None:
    """It is kept until service ends; a resident's code is not."""
    story = serve(Role.COLLECTION)
    story.show("BIN-0042")
    story.show(story.code())
    assert story.session.service.scanned == "BIN-0042"
    story.happens(touches.ServiceLeft())
    assert story.session.service.scanned == ""


def test_a_bin_that_is_not_there_and_a_bay_that_is_not_closed_are_said_to_be_so() -> None:
    """Nothing is recorded, and nobody believes that it was done."""
    story = serve(Role.SERVICE, Role.COLLECTION)
    before = len(story.written)
    story.happens(touches.BinEmptied("a", 3))
    assert story.session.service.answer.code == "no-such-bin"
    story.happens(touches.BinEmptied("z", 1))
    assert story.session.service.answer.code == "no-such-bay"
    story.happens(touches.BayChecked("a"))
    assert story.session.service.answer.code == "nothing-to-open"
    assert len(story.written) == before
