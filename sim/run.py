"""Runs a scenario on a virtual clock and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim import clock
from sim.audit import audit
from sim.camera import Photos
from sim.judging import failures_of
from sim.parts import Parts
from sim.play import Play
from sim.trace import Trace

if TYPE_CHECKING:
    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.audit import Audit
    from sim.scenario import Scenario

Progress = Callable[[float], None]
"""Told now and then how many virtual seconds have passed."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `speed` is virtual seconds per real second, None as fast as it goes."""

    seed: int | None = None
    photos: Photos | None = None
    node: str = "cpython"
    speed: float | None = None
    trace: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run.

    `deposits` are the loads that were judged, `accepted` and `returned` what became of them.
    `points` are by the journal, `credited` by the ledger. `failures` says what was not as
    expected.
    """

    scenario: str
    seed: int
    virtual_s: float
    wall_s: float
    sessions: int
    deposits: int
    accepted: int
    returned: int
    points: int
    credited: int
    lost: int
    doubled: int
    faults: list[str]
    trace_sha256: str
    passed: bool
    failures: list[str]


class Witness(Protocol):
    """Looks on at one run and remembers it; the run goes as it would without."""

    def trace(self, file: Path | None) -> Trace:
        """The trace that the run writes, so that the witness may read along."""

    def meets(self, parts: Parts) -> None:
        """The run begins."""

    def ticks(self, now_s: float) -> None:
        """Some virtual time has passed."""

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """The run is over, and its parts are still there."""


def run_scenario(
    scenario: Scenario,
    options: Options,
    classifier: OnnxClassifier,
    progress: Progress = lambda _s: None,
    witness: Witness | None = None,
) -> Outcome:
    """Run `scenario` to its end.

    Raises:
        SimError: It cannot be run: a picture is broken, a node does not start.
    """
    seed = scenario.seed if options.seed is None else options.seed
    trace = Trace(options.trace) if witness is None else witness.trace(options.trace)
    try:
        playing = _play(scenario, seed, options, classifier, trace, progress, witness)
        return clock.run(playing, speed=options.speed)
    finally:
        trace.close()


async def _play(
    scenario: Scenario,
    seed: int,
    options: Options,
    classifier: OnnxClassifier,
    trace: Trace,
    progress: Progress,
    witness: Witness | None,
) -> Outcome:
    began_s = time.monotonic()
    parts = Parts(
        scenario,
        seed,
        classifier=classifier,
        trace=trace,
        node=options.node,
        photos=options.photos,
    )
    play = Play(parts, trace)
    if witness is not None:
        witness.meets(parts)
    try:
        await play.run(progress if witness is None else _both(progress, witness.ticks))
        found = _audited(parts)
        outcome = _outcome(parts, play, found, seed, time.monotonic() - began_s)
        if witness is not None:
            witness.ends(parts, outcome, found)
        return outcome
    finally:
        parts.close()


def _both(one: Progress, other: Progress) -> Progress:
    def told(now_s: float) -> None:
        one(now_s)
        other(now_s)

    return told


def _audited(parts: Parts) -> Audit:
    bins = {name: bay.world.fallen for name, bay in parts.bays.items()}
    bays = parts.scenario.kiosk.bays
    return audit(parts.journal.lines(), bays, bins, parts.platform.books(), parts.catalogue)


def _outcome(parts: Parts, play: Play, found: Audit, seed: int, wall_s: float) -> Outcome:
    failures = failures_of(parts, play.ended, found)
    return Outcome(
        scenario=parts.scenario.name,
        seed=seed,
        virtual_s=round(play.virtual_s, 3),
        wall_s=round(wall_s, 3),
        sessions=parts.identity.sessions,
        deposits=found.accepted + found.returned,
        accepted=found.accepted,
        returned=found.returned,
        points=found.points,
        credited=found.credited,
        lost=found.lost,
        doubled=found.doubled,
        faults=parts.rig.faults(),
        trace_sha256=play.trace_sha256,
        passed=not failures,
        failures=failures,
    )
