"""From what a bay has shown to the parts that fail: one rule a part, each with its reason.

A rule says what only this part's failure shows, or what is left when the others are excluded. What
a failing part brings about besides is not named: a leaf that cannot arrive because its motor has
no cable is no jammed leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.core.health.at_their_word import BY_FAULT, BY_SYMPTOM
from controller.core.health.parts import Part
from controller.core.health.signs import BLIND, STALLS_MA, Raised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from controller.core.health.signs import Signs
    from controller.core.symptoms.table import Symptom

ARRIVES_S = 12.0
"""The longest that a hatch may take, the slow reopening without a host included."""

TRIED_S = 120.0
"""By then a kiosk in use has tried to close its hatch."""

AT_HOME_MM = 20
"""The node's position is good to 20 mm over one run (docs/node.md)."""

AT_HOME = frozenset({"CLOSED", "UNLOCK", "INIT"})
"""States in which the leaf is at its sill, unless nothing is known of it."""

JUST_LEFT_S = 0.5
"""A leaf that has moved for less than that is still near where it began."""

TOP_SHARE = 0.85
"""A leaf that pushes only from there on has reached its upper end."""

FLICKERS, FLICKERS_S = 6, 10.0
"""Nobody moves a hand in and out, and no gate turns, so often within so many seconds."""

REFUSALS = 2
"""A resident may press the edge or be felt once while a hatch is told to close."""

PRESENT, WEIGHS_G = 3, 2_000
"""A person inside weighs more than that, or is in the curtain; told so often, it is none."""

GATE_S = 3.0
"""Leaves that do not come home were open within the last seconds."""

WEIGHED_S = 4.0
"""By then the pan has told whether the load fell."""

LOST_S = 10.0
"""A node that restarts is back long before."""

RESTARTS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a bay.

    Attributes:
        signs: What the bay has shown.
        symptoms: What its scale's signal shows now.
        travel_mm: How far its hatch goes.
        now_s: The time.
        levels: Which level sensors of its bins fail, and how; empty while none does.
    """

    signs: Signs
    symptoms: Collection[Symptom]
    travel_mm: int
    now_s: float
    levels: str = ""

    @property
    def top_mm(self) -> float:
        """From here on a leaf is at its upper end, as far as the node's position can tell."""
        return self.travel_mm * TOP_SHARE

    def raised(self, fault: str) -> Raised | None:
        """How things stood when a fault came that is still there."""
        return self.signs.raised.get(fault)

    def arrived_since(self, raised: Raised) -> bool:
        """Whether the leaf was heard to arrive since."""
        return self.signs.arrived_s > raised.at_s


def failing(look: Look) -> tuple[Part, ...]:
    """The parts of a bay that fail, in the order of `Part`; empty while all is well."""
    stands = look.signs.raised.keys() | look.signs.still_worn(look.now_s)
    named = {part for fault, part in BY_FAULT.items() if fault in stands}
    named |= {part for rule in _RULES for part in (rule(look),) if part is not None}
    return tuple(part for part in Part if part in named)


def _drive(look: Look) -> Part | None:
    """No current is seen: a leaf that arrives all the same has a motor, and no current sensor."""
    silent = look.raised("motor-silent")
    if silent is not None:
        if look.raised("hatch-stuck") is not None:
            return Part.MOTOR
        # A leaf that never left its open end is there again at once.
        had_left = silent.position_mm < look.travel_mm - AT_HOME_MM
        if look.arrived_since(silent) and had_left:
            return Part.CURRENT_SENSOR
        return Part.MOTOR if look.now_s - silent.at_s >= ARRIVES_S else None
    stray = look.raised("motor-current")
    if stray is None or stray.least_ma is None:
        rough = look.signs.within(look.signs.strays, look.now_s, FLICKERS_S) >= FLICKERS
        return Part.CURRENT_SENSOR if rough else None
    # A bridge that conducts drives the leaf to its end, and there the motor stalls.
    return Part.BRIDGE if stray.least_ma >= STALLS_MA else Part.CURRENT_SENSOR


def _hatch(look: Look) -> Part | None:
    """It does not arrive: where it began to push says whether it is held or has arrived."""
    stuck = look.raised("hatch-stuck")
    if stuck is None or look.raised("motor-silent") is not None:
        return None
    run = stuck.run
    if run is None or run.peak_ma < STALLS_MA:
        return Part.COUPLING
    at_mm = run.stalled_at_mm
    if run.way == "OPENING" and at_mm is not None and at_mm >= look.top_mm:
        return Part.OPEN_LIMIT
    if run.way == "CLOSING" and at_mm is not None and at_mm <= AT_HOME_MM:
        return Part.CLOSED_LIMIT
    return Part.LEAF


def _closings(look: Look) -> Part | None:
    """Three closings met something: at the very end, that is the sill, and the limit is silent."""
    if look.raised("hatch-blocked") is None:
        return None
    if _met_the_sill(look):
        return Part.CLOSED_LIMIT
    if look.signs.refused["edge"]:
        return None  # the edge's own rule names it
    return Part.OPENING


def _both_limits(look: Look) -> Part | None:
    """One of two limits is wrong: the one that the leaf was far from."""
    both = look.raised("both-limits")
    if both is None or look.raised("hatch-limit") is not None:
        return None
    left_s = both.at_s - both.run.begun_s if both.run is not None else 0.0
    match both.hatch:
        case "OPENING":
            near_home = left_s < JUST_LEFT_S
        case "CLOSING":
            near_home = left_s >= JUST_LEFT_S
        case _:
            near_home = both.hatch in AT_HOME
    return Part.OPEN_LIMIT if near_home else Part.CLOSED_LIMIT


def _closed_limit(look: Look) -> Part | None:
    """It reports a leaf that cannot be there, unless the leaf never left for want of a motor."""
    if look.raised("hatch-limit") is None or look.raised("motor-silent") is not None:
        return None
    return Part.CLOSED_LIMIT


def _chatter(look: Look) -> Part | None:
    """A limit turns only where the leaf is near it."""
    chatter = look.raised("limit-bouncing")
    if chatter is None:
        return None
    return Part.CLOSED_LIMIT if chatter.position_mm < look.top_mm / 2 else Part.OPEN_LIMIT


def _lock(look: Look) -> Part | None:
    """A bolt gave way, unless it is only the closed limit that lost the leaf.

    A limit that finds the leaf again is well; one that does not will tell at the next closings.
    """
    forced = look.raised("hatch-forced")
    if forced is None or look.raised("limit-bouncing") is not None:
        return None
    if look.signs.closed_s > forced.at_s:
        return Part.LOCK
    waits = look.now_s - forced.at_s < TRIED_S
    return None if waits or _met_the_sill(look) else Part.LOCK


def _met_the_sill(look: Look) -> bool:
    """Whether closings since the last whole one met something, and only at their very end."""
    met_mm = look.signs.obstructed_mm
    return bool(met_mm) and max(met_mm) <= AT_HOME_MM


def _edge(look: Look) -> Part | None:
    """It forbids closing again and again, while nothing touches it at rest."""
    return Part.EDGE if look.signs.refused["edge"] >= REFUSALS else None


def _curtain(look: Look) -> Part | None:
    signs = look.signs
    flickers = signs.within(signs.hands, look.now_s, FLICKERS_S)
    return Part.CURTAIN if flickers >= FLICKERS else None


def _presence(look: Look) -> Part | None:
    """Somebody is felt who neither weighs anything nor reaches through the curtain."""
    signs, told = look.signs, look.signs.refused["presence"]
    sure = BLIND & signs.raised.keys()
    if told < PRESENT or sure or signs.pan_g > WEIGHS_G or signs.refused["hand-inside"]:
        return None
    return Part.THERMAL


def _leaves(look: Look) -> Part | None:
    """They did not open, or not close; a switch is silent where they are known to have done so.

    The load fell, or the pan felt them strike home.
    """
    signs = look.signs
    stuck = look.raised("gate-stuck")
    if stuck is not None:
        if signs.fell:
            return Part.GATE_SWITCH
        return Part.LEAVES if look.now_s - stuck.at_s >= WEIGHED_S else None
    open_ = look.raised("gate-not-closed")
    if open_ is not None:
        hang = open_.gate_was_open_s <= GATE_S and not signs.came_home
        return Part.LEAVES if hang else Part.GATE_SWITCH
    flickers = signs.within(signs.gates, look.now_s, FLICKERS_S)
    refused = signs.refused["gate-not-closed"]
    return Part.GATE_SWITCH if flickers >= FLICKERS or refused >= REFUSALS else None


def _cell(look: Look) -> Part | None:
    """What the signal shows; the node's own word where the scale has none."""
    for symptom in look.symptoms:
        return BY_SYMPTOM[symptom]
    return Part.CONVERTER if look.raised("load-cell-stuck") is not None else None


def _node(look: Look) -> Part | None:
    signs = look.signs
    if signs.lost and look.now_s - signs.lost_s >= LOST_S:
        return Part.CABLE
    crashed = signs.restarts(look.now_s, lambda cause: cause == "watchdog")
    return Part.NODE if crashed >= RESTARTS else None


def _supply(look: Look) -> Part | None:
    """A node that was without power while nobody switched it off."""
    cut = look.signs.restarts(look.now_s, lambda cause: cause == "power")
    return Part.SUPPLY if cut else None


def _levels(look: Look) -> Part | None:
    """What its bins' sensors say, by themselves and beside the masses."""
    return Part.LEVEL if look.levels else None


def _camera(look: Look) -> Part | None:
    """What its pictures show."""
    return look.signs.pictures.failing()


_RULES: tuple[Callable[[Look], Part | None], ...] = (
    _drive,
    _hatch,
    _closings,
    _both_limits,
    _closed_limit,
    _chatter,
    _lock,
    _edge,
    _curtain,
    _presence,
    _leaves,
    _cell,
    _node,
    _supply,
    _levels,
    _camera,
)
