"""What a scenario does to the wire, and that a deposit survives it."""

from __future__ import annotations

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from sim.errors import ScenarioError
from sim.run import Options, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier

STORY = """
name = "story"
line = "A bottle, while the wire suffers."
seed = 2
[[people]]
arrives_s = 3
items = [{{ kind = "pet-bottle", mass_g = 25 }}]
[[events]]
at_s = {at_s}
bay = "a"
{verb}
"""

SUFFERS = [
    'verb = "wire_noise"\nseconds = 30\ndoubles_ppm = 300\nrepeats_ppm = 200000',
    'verb = "wire_noise"\nseconds = 30\nflips_ppm = 100\ndrops_ppm = 100\nbursts_ppm = 20',
    'verb = "host_stall"\nseconds = 0.2',
]


@pytest.mark.parametrize("verb", SUFFERS)
def test_a_deposit_is_credited_through_a_bad_wire(verb: str) -> None:
    """A little later, and once."""
    story = parse_scenario(STORY.format(at_s=4, verb=verb), "story.toml")
    outcome = run_scenario(story, Options(), eyes())
    assert (outcome.accepted, outcome.credited) == (1, 4)
    assert outcome.failures == []


@pytest.mark.parametrize("at_s", [6, 9, 12, 16, 20])
@pytest.mark.parametrize("verb", ["usb_unplug", "cut_wire", "host_stall"])
def test_a_wire_that_is_gone_for_a_while_loses_and_doubles_nothing(verb: str, at_s: int) -> None:
    """Whenever it goes: while the hatch opens or closes, the load is weighed or falls."""
    gone = f'verb = "{verb}"\nseconds = 3'
    story = parse_scenario(STORY.format(at_s=at_s, verb=gone), "story.toml")
    outcome = run_scenario(story, Options(), eyes())
    assert outcome.failures == []
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.credited == 4 * outcome.accepted


def test_a_way_that_there_is_not_is_named() -> None:
    """With the ways that there are."""
    wrong = 'verb = "cut_wire"\nseconds = 3\nway = "up"'
    with pytest.raises(ScenarioError, match=r"events\[0\]\.way"):
        parse_scenario(STORY.format(at_s=4, verb=wrong), "story.toml")


def eyes() -> OnnxClassifier:
    """The shipped ones."""
    return shipped_classifier()
