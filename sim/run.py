"""Runs a scenario on a virtual clock and says what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim import clock
from sim.audit import accounts_apart, audit, named
from sim.camera import Photos
from sim.fleet.fleet import Fleet
from sim.judging import failures_of, loss_told, never_allowed, seen_of, seen_together
from sim.play import Play
from sim.trace import Trace

if TYPE_CHECKING:
    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.audit import Audit
    from sim.judging import Seen
    from sim.parts import Parts
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
class KioskOutcome:
    """What came of one kiosk in a run; the figures are those of `Outcome`."""

    kiosk: str
    sessions: int
    deposits: int
    accepted: int
    returned: int
    points: int
    credited: int
    lost: int
    doubled: int
    faults: list[str]
    failures: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run: totals, and what came of each of its `kiosks`.

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
    kiosks: list[KioskOutcome]


class Witness(Protocol):
    """Looks on at one run and remembers it; the run goes as it would without.

    Of several kiosks each is met, and told of at the end, one after the other.
    """

    def trace(self, file: Path | None) -> Trace:
        """The trace that the run writes, so that the witness may read along."""

    def meets(self, parts: Parts) -> None:
        """The run of a kiosk begins."""

    def ticks(self, now_s: float) -> None:
        """Some virtual time has passed."""

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """The run is over, and a kiosk's parts are still there; `found` is of this kiosk."""


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
    fleet = Fleet(
        scenario,
        seed,
        classifier=classifier,
        trace=trace,
        node=options.node,
        photos=options.photos,
    )
    play = Play(fleet, trace)
    witnesses = () if witness is None else (witness,)
    for one, parts in product(witnesses, fleet.parts):
        one.meets(parts)
    try:
        await play.run(progress if witness is None else _both(progress, witness.ticks))
        seen = [seen_of(parts, audited(parts)) for parts in fleet.parts]
        outcome = outcome_of(fleet, play, seen, seed, time.monotonic() - began_s)
        for one, (parts, of_kiosk) in product(witnesses, zip(fleet.parts, seen, strict=True)):
            one.ends(parts, outcome, of_kiosk.audit)
        return outcome
    finally:
        fleet.close()


def _both(one: Progress, other: Progress) -> Progress:
    def told(now_s: float) -> None:
        one(now_s)
        other(now_s)

    return told


def audited(parts: Parts) -> Audit:
    """What a kiosk's journal, its bins and its ledger say of each other."""
    bins = {name: bay.world.fallen for name, bay in parts.bays.items()}
    config = parts.scenario.kiosk
    books = parts.platform.books(config.kiosk)
    found = audit(parts.journal.lines(), config.bays, bins, books, parts.catalogue)
    return named(found, parts.story.name)


def outcome_of(fleet: Fleet, play: Play, seen: Sequence[Seen], seed: int, wall_s: float) -> Outcome:
    """What came of a run that is over; `seen` is of each kiosk, in the fleet's order."""
    kiosks = [_of_kiosk(*one) for one in zip(fleet.parts, seen, strict=True)]
    whole, scenario = seen_together(seen), fleet.scenario
    failures = [play.ended] if play.ended else []
    failures += failures_of(scenario.expect, whole)
    for parts, one in zip(fleet.parts, kiosks, strict=True):
        who = f"{parts.story.name}: " if parts.story.name else ""
        failures += [f"{who}{failure}" for failure in one.failures]
    failures += loss_told(scenario.expect, whole.audit)
    failures += accounts_apart(whole.audit.due, fleet.city.platform.balances())
    return Outcome(
        scenario=scenario.name,
        seed=seed,
        virtual_s=round(play.virtual_s, 3),
        wall_s=round(wall_s, 3),
        sessions=sum(one.sessions for one in kiosks),
        **_figures(whole),
        trace_sha256=play.trace_sha256,
        passed=not failures,
        failures=failures,
        kiosks=kiosks,
    )


def _of_kiosk(parts: Parts, seen: Seen) -> KioskOutcome:
    return KioskOutcome(
        kiosk=parts.story.kiosk,
        sessions=parts.identity.sessions,
        **_figures(seen),
        failures=failures_of(parts.story.expect, seen) + never_allowed(parts),
    )


def _figures(seen: Seen) -> dict[str, Any]:
    found = seen.audit
    return {
        "deposits": found.accepted + found.returned,
        "accepted": found.accepted,
        "returned": found.returned,
        "points": found.points,
        "credited": found.credited,
        "lost": found.lost,
        "doubled": found.doubled,
        "faults": sorted(seen.faults),
    }
