"""One scenario on both node hosts: whatever the interpreter, the bytes must be the same."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.diff import first_difference, told
from sim.run import run_scenario

if TYPE_CHECKING:
    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.run import Options, Outcome, Progress, Witness
    from sim.scenario import Scenario

HOSTS = ("cpython", "micropython")


def run_on_both(
    scenario: Scenario,
    options: Options,
    classifier: OnnxClassifier,
    progress: Progress = lambda _s: None,
    witness: Witness | None = None,
) -> Outcome:
    """Run `scenario` on every node host and compare the traces; no heed is paid to `options.node`.

    `witness` looks on at the run on CPython.

    Returns:
        What came of the run on CPython, failed where the traces differ: the last of `failures`
        then tells the first difference.

    Raises:
        SimError: It cannot be run on one of them.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-both-") as folder:
        files = [Path(folder) / f"{host}.jsonl.gz" for host in HOSTS]
        ours, theirs = (
            replace(options, node=host, trace=file) for host, file in zip(HOSTS, files, strict=True)
        )
        outcome = run_scenario(scenario, ours, classifier, progress, witness)
        other = run_scenario(scenario, theirs, classifier, progress)
        if outcome.trace_sha256 == other.trace_sha256:
            return replace(outcome, wall_s=round(outcome.wall_s + other.wall_s, 3))
        difference = first_difference(*files)
    assert difference is not None
    failures = [*outcome.failures, f"traces differ: {told(difference, *HOSTS)}"]
    return replace(outcome, passed=False, failures=failures)
