"""The library of scenarios: it names everything that can be named, and all of it goes well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from controller.core.states import State
from sim.habits import HABITS
from sim.run import Options, run_scenario
from sim.scenario import Scenario, load_scenario, shipped
from sim.seeing import shipped_classifier
from sim.verbs import Verb
from wire import faults, messages

PASSED_THROUGH = {"PROMISING"}
"""No screen ever shows it: whether the promise is durable is known before anything is shown."""

LONG = {"an-hour-of-a-day", "edge-presses-by-itself", "hatch-grows-old"}
"""The campaign plays these, of a quarter of a minute each and more; the others are played in each
test run, and take two minutes of a processor together."""

STORIES = {file.stem: load_scenario(file.stem) for file in shipped()}


def verbs() -> set[str]:
    """Every verb that there is."""
    kinds = _leaves(get_args(Verb)[0])
    return {get_args(kind.model_fields["verb"].annotation)[0] for kind in kinds}


def _leaves(union: Any) -> Iterator[Any]:
    for one in get_args(union) or (union,):
        yield from _leaves(one) if get_args(one) else (one,)


def named(key: str) -> set[str]:
    """Everything that the expectations of the library name under one key."""
    return {name for story in STORIES.values() for name in getattr(story.expect, key) or ()}


def test_the_library_is_large() -> None:
    """As the rig of a trade needs it; what is said of a story's length is said of one there is."""
    assert len(STORIES) >= 40
    assert set(STORIES) >= LONG


def test_every_verb_happens_in_some_story() -> None:
    """A verb that nobody uses is a verb of which nobody knows whether it works."""
    used = {event.verb for story in STORIES.values() for event in story.events}
    assert used == verbs()


def test_every_state_of_a_session_is_named_by_some_story() -> None:
    """But for the one that no screen can show."""
    assert named("states") == set(State.__members__) - PASSED_THROUGH


def test_every_state_of_the_hatch_is_named_by_some_story() -> None:
    """As the node reports them."""
    assert named("node") >= set(messages.HATCH_STATES)


def test_every_fault_is_named_by_some_story() -> None:
    """Each of `wire.faults` is expected where somebody causes it."""
    assert named("faults") == {name for name, *_ in faults.TABLE.values()}


def test_every_habit_is_somebodys() -> None:
    """The quick, the slow, and whoever lies."""
    habits = {visitor.habit for story in STORIES.values() for visitor in story.people}
    assert habits == set(HABITS)


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped ones, loaded once."""
    return shipped_classifier()


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(story, id=name, marks=[pytest.mark.campaign] if name in LONG else [])
        for name, story in STORIES.items()
    ],
)
def test_the_story_goes_as_it_says(story: Scenario, eyes: OnnxClassifier) -> None:
    """Everything comes that its file expects, nothing is lost or doubled, and nobody is hurt."""
    assert run_scenario(story, Options(), eyes).failures == []
