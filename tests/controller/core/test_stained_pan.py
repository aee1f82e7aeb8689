"""A wet or stained pan: it weighs nothing, so it costs no deposit and closes no bay."""

from __future__ import annotations

import pytest

from controller.core import commands, events
from controller.core.trigger import Glance
from tests.controller.core.story import CONFIG, Story, sight

ATTEMPTS = CONFIG.session.drop_attempts


@pytest.fixture
def story() -> Story:
    """A bottle of 24 g was accepted and is about to fall."""
    told = Story()
    told.identify()
    told.load(24)
    told.look(sight("plastic"))
    return told


def seen_after_every_drop(story: Story, left_g: int, *, gate_cycles: int = 1) -> None:
    """The camera calls the pan not empty after each drop; so much is left on it."""
    for _ in range(ATTEMPTS):
        story.pan_g = left_g
        story.gate_cycles += gate_cycles
        story.happens(events.GateCycled("a", 1, story.gate_cycles))
        story.rest(2)
        story.empty(False)


def watched(story: Story, glance: Glance) -> None:
    """The camera's word on what is left, and whether it reaches the hatch."""
    story.happens(events.Watched("a", story.session.looks, glance))


def test_a_puddle_is_credited_over_by_pan_and_counters_and_noted(story: Story) -> None:
    """After every attempt; the record says that the camera did not agree, the log says wipe."""
    seen_after_every_drop(story, 0)
    assert story.commanded(commands.DropLoad) == ATTEMPTS
    assert not story.committed("deposit")
    watched(story, Glance.READY)
    (deposit,) = story.committed("deposit")
    assert deposit.body["empty_check"] == "pan+counters"
    (note,) = [one for one in story.asked if isinstance(one, commands.Note)]
    assert (note.what, note.bay) == ("pan-stained", "a")
    assert story.state == "CREDITED"
    assert story.bays["a"].usable


@pytest.mark.parametrize("glance", [Glance.STRING, Glance.HAND, Glance.MOVING, Glance.BLIND])
def test_what_reaches_out_or_moves_is_no_puddle(story: Story, glance: Glance) -> None:
    """It may be tied to the load: nobody knows, and staff look."""
    seen_after_every_drop(story, 0)
    watched(story, glance)
    assert story.committed("uncertain") and not story.committed("deposit")
    assert not story.bays["a"].usable


def test_what_weighs_is_no_stain(story: Story) -> None:
    """6 g are below half of the bottle and above 2 e: a cap or a scrap, not water on steel."""
    seen_after_every_drop(story, 6)
    assert story.committed("uncertain") and not story.committed("deposit")


def test_a_gate_that_was_never_seen_to_cycle_credits_nothing(story: Story) -> None:
    """An empty pan alone does not say where the load went."""
    seen_after_every_drop(story, 0, gate_cycles=0)
    watched(story, Glance.READY)
    assert story.committed("uncertain") and not story.committed("deposit")


def test_a_hatch_that_opened_meanwhile_credits_nothing(story: Story) -> None:
    """Somebody may have taken the load."""
    story.hatch_openings += 1
    story.happens(story.report())
    seen_after_every_drop(story, 0)
    watched(story, Glance.READY)
    assert story.committed("uncertain") and not story.committed("deposit")


def test_a_word_of_the_loading_camera_credits_nothing(story: Story) -> None:
    """What was seen before the drop is void behind it."""
    before = story.session.looks
    seen_after_every_drop(story, 0)
    story.happens(events.Watched("a", before, Glance.READY))
    assert not story.committed("deposit")
    assert story.state == "CHECKING"
