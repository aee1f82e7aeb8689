"""A kiosk that starts weighs by the calibration in its journal, from the first weighing on."""

from __future__ import annotations

import json

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from sim import clock
from sim.fleet.fleet import Fleet
from sim.play import Play
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier
from sim.trace import Trace
from tests.contract.samples import calibration_body
from tests.controller.drafts import calibration

STORY = """
name = "story"
line = "Somebody brings a bottle to a kiosk that was calibrated."
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
"""

SPAN_RAW = 1_803_550
"""What 10 kg read as on the simulated cell, above its empty pan."""


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped eyes, loaded once."""
    return shipped_classifier()


def test_the_journals_calibration_weighs_and_stands_in_the_records(
    eyes: OnnxClassifier, caplog: pytest.LogCaptureFixture
) -> None:
    """The older good one, for the newer is absurd: said in the log, and nothing else happens."""

    async def story() -> list[dict[str, object]]:
        trace = Trace(None)
        scenario = parse_scenario(STORY, "story.toml")
        fleet = Fleet(scenario, 1, classifier=eyes, trace=trace, node="cpython", photos=None)
        (parts,) = fleet.parts
        try:
            zero_raw = parts.rig.bays["a"].world.hx711.zero_raw
            points = [{"raw": zero_raw + SPAN_RAW, "mass_g": 10_000}]
            good = {"zero_raw": zero_raw, "points": points}
            parts.journal.append(calibration(calibration_id="a-1", verified_dc=120, **good))
            warmer = {"verified_dc": 320, "limits": "in-service"}
            parts.journal.append(calibration(calibration_id="a-1", **warmer, **good))
            absurd = calibration_body()["points"] * 2
            parts.journal.append(calibration(calibration_id="a-2", points=absurd))
            await Play(fleet, trace).run(lambda _s: None)
            return [json.loads(line) for line in parts.journal.lines()]
        finally:
            fleet.close()
            trace.close()

    records = clock.run(story())
    (deposit,) = [record["body"] for record in records if record["kind"] == "deposit"]
    assert isinstance(deposit, dict)
    assert deposit["scale"]["calibration_id"] == "a-1"
    assert deposit["mass_g"] in (24, 26)
    (refusal,) = [text for text in caplog.messages if "calibration" in text]
    assert refusal.startswith("event=calibration-refused bay=a reason=masses (10000, 10000) do not")
