"""The whole kiosk on a pan or a cell that is not well: what residents live through.

Real node, real controller, drawn items, virtual time.
"""

from __future__ import annotations

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from sim.run import Options, Outcome, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier

PAPERS = """
name = "story"
line = "Somebody brings newspapers to a pan that is not well."
duration_s = 150
[[people]]
arrives_s = {arrives_s}
items = [{{ kind = "newspaper", mass_g = 900 }}]
"""


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped eyes, loaded once."""
    return shipped_classifier()


def story(eyes: OnnxClassifier, *events: str, arrives_s: int = 3, bay: str = "") -> Outcome:
    """A visit while these verbs happen; `bay` has other figures of the bay."""
    told = "".join(f"[[events]]\n{event}\n" for event in events)
    text = PAPERS.format(arrives_s=arrives_s) + told + bay
    return run_scenario(parse_scenario(text, "story.toml"), Options(seed=4), eyes)


def test_a_well_pan_weighs_what_is_there(eyes: OnnxClassifier) -> None:
    """The measure of the others: 900 g of paper are taken and paid for."""
    outcome = story(eyes)
    assert (outcome.accepted, outcome.returned) == (1, 0)


def test_spikes_and_misses_change_nothing(eyes: OnnxClassifier) -> None:
    """One conversion in twenty is wrong, one in a hundred never comes."""
    outcome = story(eyes, bay="[bay.pan]\nspikes = 0.05\nmissed = 0.01\n")
    assert (outcome.accepted, outcome.returned) == (1, 0)


def test_a_shaken_pan_gives_back_what_it_cannot_weigh(eyes: OnnxClassifier) -> None:
    """Something rattles from when the load lies there: nobody is paid by guess."""
    shake = 'at_s = 8\nverb = "shake"\nbay = "a"\namplitude_g = 60\nhz = 4'
    outcome = story(eyes, shake)
    assert (outcome.accepted, outcome.credited) == (0, 0)
    assert outcome.lost == outcome.doubled == 0


@pytest.mark.parametrize("kind", ["frozen", "stuck_on"])
def test_a_cell_that_died_in_the_night_is_found_before_anybody_comes(
    eyes: OnnxClassifier, kind: str
) -> None:
    """The bay says so, and takes nothing."""
    broken = f'at_s = 20\nverb = "sensor_fault"\nbay = "a"\npart = "cell"\nkind = "{kind}"'
    outcome = story(eyes, broken, arrives_s=60)
    assert (outcome.accepted, outcome.returned, outcome.credited) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["reversed", "desync", "drift", "noisy"])
def test_a_cell_that_lies_pays_nobody(eyes: OnnxClassifier, kind: str) -> None:
    """Whatever it says of a load, no deposit comes of it that is not the load's mass."""
    lies = f'at_s = 20\nverb = "sensor_fault"\nbay = "a"\npart = "cell"\nkind = "{kind}"'
    outcome = story(eyes, lies, arrives_s=24)
    assert (outcome.accepted, outcome.credited) == (0, 0)
    assert outcome.lost == outcome.doubled == 0
