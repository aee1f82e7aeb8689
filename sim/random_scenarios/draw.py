"""A scenario from a seed: a few people with a few things, and a few verbs at any time.

Nothing is expected of it but what must hold in every run: nothing lost or doubled, nobody hurt or
shut in, a sound journal, and an end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from sim.chance import rng
from sim.drawn import ITEM_CLASS
from sim.habits import HabitName
from sim.random_scenarios.arguments import Cast, arguments, kinds
from sim.scenario import KIOSK

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from sim.random_scenarios.toml import Tale

MOST_PEOPLE, MOST_THINGS, MOST_VERBS = 2, 2, 4
VISIT_S = 60.0
"""So long for each person somebody may come and verbs happen: a deposit takes 15 s."""

AT_WORK = (
    "OPENING",
    "LOADING",
    "CLOSING",
    "MEASURING",
    "DECIDING",
    "ASKING",
    "DROPPING",
    "CHECKING",
    "CREDITING",
    "CREDITED",
    "RETURNING",
)
"""States at which half of the verbs aim: what happens at any time mostly finds a kiosk at rest."""

AIMED, LATER_S = 0.5, 4.0
BEGINS_S, FIRST_S = 1.0, 15.0
"""When the first comes at the earliest and at the latest; others may come with them."""

TWO_BAYS = 0.15
HEAVIEST_G, LIGHTEST_G = 9_000, 8
MENDED = 0.7
"""So often what a verb broke is mended again, within `MENDS_S`."""

MENDS_S = (2.0, 40.0)
AFTER_S = 150.0
"""How long a scenario goes on after the last verb, where something stays broken."""

BAY_B: dict[str, Any] = {
    "name": "b",
    "bins": [{"index": 0, "stream": "glass"}, {"index": 1, "stream": "textile"}],
    "refuse_bin": 3,
}
(BAY_A,) = KIOSK["bays"]
PRINTER: dict[str, Any] = {"port": "/dev/usb/lp0", "width_mm": 58}

MENDS: dict[str, dict[str, Any]] = {
    "obstruct": {"height_mm": 0},
    "hand_in_gap": {"height_mm": 0},
    "person": {"what": "nobody"},
    "slip": {"permille": 0},
    "friction": {"factor": 1.0},
    "limit_stuck": {"says": "well"},
    "limit_worn": {"chatter_ms": 0.0},
    "push": {"force_n": 0.0},
    "lean": {"force_g": 0.0},
    "shake": {"amplitude_g": 0.0},
    "sensor_fault": {"kind": "well"},
    "fram_fault": {"kind": "well"},
    "lens_dirty": {"how": "clean"},
    "nodes_swapped": {},
}
"""With which arguments a verb undoes itself; those with `on` do it with `on = false`."""


def draw_tale(seed: int) -> Tale:
    """The scenario of `seed`, always the same."""
    chance = rng(seed, "random scenario")
    people = _people(chance)
    bays = ["a", "b"] if chance.random() < TWO_BAYS else ["a"]
    cast = Cast(bays, len(people), [one["account"] for one in people])
    events, lasting = _events(cast, chance)
    tale: Tale = {"name": f"random-{seed}", "line": f"Drawn from seed {seed}.", "seed": seed}
    if lasting:
        tale["duration_s"] = VISIT_S * len(people) + MENDS_S[1] + AFTER_S
    if kiosk := _kiosk(bays, events):
        tale["kiosk"] = kiosk
    return tale | {"people": people, "events": events}


def _kiosk(bays: Sequence[str], events: Sequence[Tale]) -> dict[str, Any]:
    """What differs from the usual kiosk: a second bay, a printer whose roll is taken."""
    kiosk: dict[str, Any] = {"bays": [BAY_A, BAY_B]} if len(bays) > 1 else {}
    if any(event["verb"] == "paper_out" for event in events):
        kiosk["printer"] = PRINTER
    return kiosk


def _people(chance: random.Random) -> list[Tale]:
    return [
        {
            "account": f"resident-{chance.randint(1, number)}",
            "arrives_s": _second(0.0, FIRST_S + VISIT_S * (number - 1), chance),
            "habit": chance.choice(get_args(HabitName)),
            "items": [_thing(chance) for _ in range(chance.randint(1, MOST_THINGS))],
        }
        for number in range(1, chance.randint(1, MOST_PEOPLE) + 1)
    ]


def _thing(chance: random.Random) -> Tale:
    mass_g = round(LIGHTEST_G * (HEAVIEST_G / LIGHTEST_G) ** chance.random())
    return {"kind": chance.choice(sorted(ITEM_CLASS)), "mass_g": mass_g}


def _events(cast: Cast, chance: random.Random) -> tuple[list[Tale], bool]:
    """The verbs in the order of their times, and whether one of them is never mended."""
    offered = {name: model for name, model in kinds().items() if _fits(name, cast)}
    events: list[Tale] = []
    lasting = False
    for _ in range(chance.randint(1, MOST_VERBS)):
        name = chance.choice(sorted(offered))
        event = _time(cast, chance) | {"verb": name} | arguments(offered[name], cast, chance)
        mend = mended(event, "on" in offered[name].model_fields)
        events.append(event)
        if mend is not None and chance.random() < MENDED:
            time = "later_s" if "when" in event else "at_s"
            events.append(mend | {time: round(event[time] + chance.uniform(*MENDS_S), 1)})
        else:
            lasting = lasting or mend is not None or name == "bin_full"
    return sorted(events, key=lambda event: float(event["at_s"])), lasting


def _time(cast: Cast, chance: random.Random) -> Tale:
    """Any time at all, or a state of the session while somebody is there."""
    if chance.random() >= AIMED:
        return {"at_s": _second(0.0, VISIT_S * cast.people, chance)}
    at_s = VISIT_S * chance.randrange(cast.people)
    state, later_s = chance.choice(AT_WORK), round(chance.uniform(0.0, LATER_S), 1)
    return {"at_s": at_s, "when": state, "later_s": later_s}


def mended(event: Tale, has_on: bool) -> Tale | None:
    """The verb that undoes `event`; None where it ends by itself or is for ever."""
    if has_on:
        return event | {"on": False}
    undone = MENDS.get(event["verb"])
    return event | undone if undone is not None else None


def _fits(name: str, cast: Cast) -> bool:
    return name != "nodes_swapped" or len(cast.bays) > 1


def _second(after_s: float, within_s: float, chance: random.Random) -> float:
    return round(after_s + chance.uniform(BEGINS_S, within_s), 1)
