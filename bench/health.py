"""Whether the part that failed is named, beside what the names of the node's faults say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from bench.row import Row
from controller.core.health.diagnosis import Look
from controller.core.health.parts import Part
from sim.trials.ailing import AILMENTS, told
from sim.trials.failing import FAILURES, diagnosed
from sim.trials.many import many
from sim.trials.naming import Naming

FIRST = 1_000_000
"""No seed from here on was looked at while the rules were made."""

EACH = 3
LEAST = 0.95

AT_ITS_WORD = {
    "hatch-stuck": Part.LEAF,
    "hatch-blocked": Part.OPENING,
    "hatch-forced": Part.LOCK,
    "hatch-limit": Part.CLOSED_LIMIT,
    "both-limits": Part.CLOSED_LIMIT,
    "limit-bouncing": Part.CLOSED_LIMIT,
    "hatch-friction": Part.RAILS,
    "hatch-slipping": Part.COUPLING,
    "motor-silent": Part.MOTOR,
    "motor-current": Part.BRIDGE,
    "edge-broken": Part.EDGE,
    "curtain-stuck": Part.CURTAIN,
    "thermal-sensor": Part.THERMAL,
    "distance-sensor": Part.DISTANCE,
    "gate-stuck": Part.LEAVES,
    "gate-not-closed": Part.LEAVES,
    "diverter-stuck": Part.DIVERTER,
    "load-cell-silent": Part.CELL,
    "load-cell-stuck": Part.CELL,
    "undervoltage": Part.SUPPLY,
    "counters-lost": Part.COUNTERS,
    "counters-unstored": Part.COUNTERS,
}
"""What somebody would replace who goes by a fault's name alone."""


def measure() -> list[Row]:
    """Recall and precision over every failure, each with seeds of its own."""
    return [*_of_bays(), *_of_kiosks()]


def _of_bays() -> list[Row]:
    seeds = range(FIRST, FIRST + EACH * len(FAILURES))
    ours = many(diagnosed, seeds)
    peer = many(partial(diagnosed, names=by_fault_alone), seeds)
    return _rows(f"{len(ours)} failures of a bay", ours, "the node's faults at their word", peer)


def _of_kiosks() -> list[Row]:
    """What the journal's records name while residents use a whole kiosk."""
    ours = many(told, range(FIRST, FIRST + len(AILMENTS)))
    peer = [replace(one, named=one.plain) for one in ours]
    what = f"{len(ours)} runs of a kiosk"
    return _rows(what, ours, "the journal's other faults at their word", peer)


def _rows(what: str, ours: Collection[Naming], name: str, peer: Collection[Naming]) -> list[Row]:
    """Recall and precision beside those of the peer called `name`."""
    return [
        Row(f"failing part named, {what}", recall(ours), "", name, recall(peer), LEAST,
            is_limit=True),
        Row(f"named parts that had failed, {what}", precision(ours), "", name, precision(peer),
            LEAST, is_limit=True),
    ]  # fmt: skip


def by_fault_alone(look: Look) -> tuple[Part, ...]:
    """The peer of `controller.core.health.diagnosis.failing`: by the names of faults alone."""
    return tuple({AT_ITS_WORD[fault] for fault in look.signs.raised if fault in AT_ITS_WORD})


def recall(trials: Collection[Naming]) -> float:
    """Share of failures, of those that have a part, whose part was named."""
    failed = [one for one in trials if one.parts]
    return sum(one.right for one in failed) / len(failed)


def precision(trials: Collection[Naming]) -> float:
    """Share of the parts named that had failed; 1 where none was named."""
    named = sum(len(set(one.named)) for one in trials)
    return 1 - sum(one.wrong for one in trials) / named if named else 1.0
