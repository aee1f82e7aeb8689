"""People before one kiosk: one at a time, however they come, and with what they may show."""

from __future__ import annotations

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from sim.errors import ScenarioError
from sim.run import Options, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier

HEAD = 'name = "queue"\nline = "Two people."\n'
TOGETHER = """
seed = 119
[[people]]
account = "resident-1"
arrives_s = 25.0
items = [{ kind = "newspaper", mass_g = 31 }]
[[people]]
account = "resident-2"
arrives_s = 25.0
items = [{ kind = "newspaper", mass_g = 16 }]
[expect]
gave_up = 0
faults = []
"""
NOBODYS = """
[[people]]
account = "ann"
arrives_s = 3
items = [{ kind = "can", mass_g = 14 }]
[[people]]
account = "bob"
arrives_s = 100
[[events]]
at_s = 1
verb = "qr_replay"
person = 1
"""


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped ones, loaded once."""
    return shipped_classifier()


def test_of_two_who_come_together_the_second_waits(eyes: OnnxClassifier) -> None:
    """Each has a session of their own, and nothing is laid into that of the other."""
    outcome = run_scenario(parse_scenario(HEAD + TOGETHER, "queue.toml"), Options(), eyes)
    assert outcome.failures == []
    assert outcome.sessions == 2


def test_a_code_that_nobody_has_shown_yet_cannot_be_copied(eyes: OnnxClassifier) -> None:
    """Whoever wanted to copy it has nothing to show, and goes home."""
    story = NOBODYS + 'of = "bob"\n[expect]\ngave_up = 1\n'
    outcome = run_scenario(parse_scenario(HEAD + story, "queue.toml"), Options(), eyes)
    assert outcome.failures == []
    assert outcome.deposits == 0


def test_a_code_of_somebody_who_never_comes_is_refused() -> None:
    """The file says who comes, so that a mistaken name shows before the run."""
    said = r"events\[0\]\.of: nobody of account 'eve' comes; those who come are of ann, bob"
    with pytest.raises(ScenarioError, match=said):
        parse_scenario(HEAD + NOBODYS + 'of = "eve"\n', "queue.toml")
