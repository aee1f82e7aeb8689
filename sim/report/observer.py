"""Looks on while a run goes on, and changes nothing: it is told what the trace is told.

It has no timer and calls nothing that moves the world: another timer might change the order of
two that are due together, and a world that is asked in between would be integrated in other
steps. So a run with a report has the trace of one without.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim import exchange
from sim.report.series import Series, Strip
from sim.screen import OFF
from sim.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path

    from sim.bay import SimBay
    from sim.parts import Parts

LEAST_MM = 1.0
LEAST_N = 0.5
LEAST_G = 3.0
"""A pan at rest makes noise of a third of that."""

LEAST_SHARE = 0.02


REST_S = 5.0
"""What goes on within so long of something else belongs to it."""


class BaySignals:
    """What befell one bay: truth from its world, and what its converter said of it."""

    def __init__(self, bay: SimBay) -> None:
        self.hatch_mm = Series(LEAST_MM)
        self.gate_share = Series(LEAST_SHARE)
        self.pressing_n = Series(LEAST_N)
        self.weighed_g = Series(LEAST_G)
        self.lying_g = Series(1.0)
        self.why_not: Strip[str] = Strip()
        self.faults: list[tuple[float, str]] = []
        self.travel_mm = bay.world.figures.hatch.travel_mm
        self._bay = bay
        self._named: set[str] = set()

    def look(self, at_s: float) -> bool:
        """Read everything as it stands; whether anything of it moved."""
        world = self._bay.world
        moved = self.hatch_mm.note(at_s, world.hatch.x_mm)
        moved |= self.gate_share.note(at_s, world.gate.leaves)
        moved |= self.pressing_n.note(at_s, world.hatch.pressing_n)
        return self.lying_g.note(at_s, world.load_g) or moved

    def sense(self, at_s: float, sensed: bytes) -> None:
        """What the board sensed: the converter's readings in grams, by the true calibration."""
        samples = exchange.unpack_inputs(sensed).samples
        if samples:
            world = self._bay.world
            raw = samples[-1][1] - world.hx711.zero_raw
            self.weighed_g.note(at_s, raw * 1000 / world.figures.pan.counts_per_kg)

    def raised(self, at_s: float, faults: Set[str]) -> bool:
        """All faults that the node has raised so far; whether one is new."""
        new = faults - self._named
        self.faults += [(at_s, name) for name in sorted(new)]
        self._named |= new
        return bool(new)


class Observer:
    """A kiosk's signals: `bays` by name, `states`, and `busy`, when anything was going on."""

    def __init__(self, parts: Parts) -> None:
        self.states: Strip[str] = Strip()
        self.bays = {name: BaySignals(bay) for name, bay in parts.bays.items()}
        self.busy: list[tuple[float, float]] = []
        self._parts = parts

    def look(self, at_s: float, channel: str, data: bytes) -> None:
        """Something passed `channel`: look at whom it concerns."""
        name, _, what = channel.partition(".")
        bay = self.bays.get(name)
        if bay is None or what != "sensed":
            return
        bay.sense(at_s, data)
        raised = bay.raised(at_s, self._parts.rig.links[name].faults)
        self._note(at_s, self._look_at_screen(at_s) | bay.look(at_s) | raised)

    def tick(self, at_s: float) -> None:
        """Time has passed, with or without a node that is alive."""
        self._note(at_s, self._look_at_screen(at_s))

    def _look_at_screen(self, at_s: float) -> bool:
        view = self._parts.screen.view
        turned = self.states.note(at_s, view.state)
        for row in view.bays:
            why_not = "" if row.usable else row.why_not or "closed"
            turned |= self.bays[row.bay].why_not.note(at_s, why_not)
        for bay in self.bays.values() if view.state == OFF else ():
            bay.why_not.note(at_s, "no power")
        return turned or view.state != "IDLE"

    def _note(self, at_s: float, busy: bool) -> None:
        if not busy:
            return
        if self.busy and at_s - self.busy[-1][1] < REST_S:
            self.busy[-1] = (self.busy[-1][0], at_s)
        else:
            self.busy.append((at_s, at_s))


class ObservedTrace(Trace):
    """A trace that an observer reads along; taken in its place where a report is asked for.

    Attributes:
        observers: Who reads along, by kiosk as the trace names it, from when its parts are there.
        records: Every record of a kiosk with its second, as it was committed.
    """

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file)
        self.observers: dict[str, Observer] = {}
        self.records: dict[str, list[tuple[float, dict[str, Any]]]] = {}

    def passed(self, t_us: int, channel: str, data: bytes, kiosk: str = "") -> None:
        """As `Trace.passed`."""
        super().passed(t_us, channel, data, kiosk)
        if kiosk in self.observers:
            self.observers[kiosk].look(t_us / 1e6, channel, data)

    def record(self, t_us: int, line: bytes, kiosk: str = "") -> None:
        """As `Trace.record`."""
        super().record(t_us, line, kiosk)
        self.records.setdefault(kiosk, []).append((t_us / 1e6, json.loads(line)))
