"""What a bay has shown that tells one cause from another: kept for as long as it may matter.

A fault's name alone is often not enough. A hatch that does not arrive may be jammed, may slip,
may have lost its motor's cable, or may have arrived beside a dead limit; where its current rose and
whether the leaf was heard of again tells which.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core import events
from controller.core.health.pictures import PictureSigns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STALLS_MA = 1_200
"""A leaf that pushes as hard as it may draws 1.4 A and more; one that runs, 0.6, hard 1.0."""

STRAY_MA = 100
"""Nothing drives a hatch that stands; its sensor's own error is below that."""

REMEMBERED_S = 600.0
"""What was seen longer ago tells nothing about now."""

BLIND = frozenset({"thermal-sensor", "distance-sensor"})
"""Faults of the sensors that see whether somebody is inside."""

TOLD_S = 1.0
"""All that a node raised at once has been heard by then."""

KNOCK_G = 5.0
"""Leaves that strike their stops shake the pan by more from one conversion to the next, which by
then is still to within 1 g. The simulated kiosk's shake it by 12 g; no kiosk was measured."""

HOMEWARD_S = (0.7, 3.0)
"""Seconds after they were last seen open in which leaves come home: they travel for 0.8 s, and a
report may be a little old; what is laid in comes later."""

MOVING = frozenset({"OPENING", "CLOSING", "PINCH", "REVERSE", "SAFE_STOP"})


@dataclass(slots=True)
class Run:
    """One movement of the hatch: which way, since when, its highest current, and where it pushed.

    The position is the node's: it believes its limits, so a wrong limit makes it wrong.
    """

    way: str
    begun_s: float
    peak_ma: int = 0
    stalled_at_mm: int | None = None

    def see(self, report: events.NodeReport) -> None:
        """A report of it."""
        self.peak_ma = max(self.peak_ma, report.motor_ma)
        if report.motor_ma >= STALLS_MA and self.stalled_at_mm is None:
            self.stalled_at_mm = report.position_mm


@dataclass(slots=True)
class Raised:
    """How things stood when a fault was raised, and the least current that was seen since."""

    at_s: float
    hatch: str
    position_mm: int
    run: Run | None
    gate_was_open_s: float
    least_ma: int | None = None

    def sees(self, motor_ma: int) -> None:
        """The motor's current now."""
        self.least_ma = motor_ma if self.least_ma is None else min(motor_ma, self.least_ma)


@dataclass(slots=True)
class Signs:
    """Everything of one bay that a diagnosis looks at. `hear` each event, in order.

    `raised` holds each fault that is there, with how things stood when it came. `refused` counts
    refusals by reason since the hatch or the gate last did what it was told. `obstructed_mm` are
    where closings met something, since the last that did not. `hands` and `gates` are when these
    changed, `strays` when current was seen though the hatch stood. `loaded_g` lay on
    the pan when the gate was last at rest, and `fell` says that the pan lost it behind a shut
    hatch since the gate was called stuck. `knocked_s` is when leaves were last felt to strike home.
    `pictures` are the camera's. `worn` are faults of wear
    that were cleared along with others: until when they still count.
    """

    raised: dict[str, Raised] = field(default_factory=dict)
    lost: str = ""
    lost_s: float = 0.0
    reset_causes: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=20))
    refused: Counter[str] = field(default_factory=Counter)
    obstructed_mm: list[int] = field(default_factory=list)
    hands: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    strays: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    gates: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    arrived_s: float = -math.inf
    closed_s: float = -math.inf
    gate_open_s: float = -math.inf
    knocked_s: float = -math.inf
    pan_g: float = 0.0
    loaded_g: float = 0.0
    fell: bool = False
    run: Run | None = None
    pictures: PictureSigns = field(default_factory=PictureSigns)
    worn: dict[str, float] = field(default_factory=dict)
    _last: events.NodeReport | None = None
    _unreported: set[str] = field(default_factory=set)
    _last_run: Run | None = None
    _boot_id: int | None = None
    _felt: Sequence[int] = ()

    def hear(self, event: events.NodeEvent, now_s: float) -> None:
        """Take in what the node said at `now_s`."""
        match event:
            case events.NodeReport():
                self._report(event, now_s)
            case events.NodeFault():
                self._fault(event, now_s)
            case events.HatchOpened() | events.HatchClosed():
                self._arrived(now_s, closed=isinstance(event, events.HatchClosed))
            case events.HatchObstructed():
                self.obstructed_mm.append(self._met_at_mm)
            case events.CommandRefused(command="RestartNode"):
                pass  # what it says is of a bay that was at rest, and of no part
            case events.CommandRefused():
                self.refused[event.reason] += 1
            case events.HandMoved():
                self.hands.append(now_s)
            case events.GateCycled():
                self.refused.clear()
                self.gates.clear()  # it turned because it was told to
            case events.NodeUp() | events.NodeLost():
                self._link(event, now_s)
            case _:
                pass  # what the pan shows, `symptoms` tell

    def weighs(self, gross_g: float) -> None:
        """What the pan bears now, grams above zero."""
        self.pan_g = gross_g
        stuck = self.raised.get("gate-stuck")
        if stuck is not None and self.arrived_s < stuck.at_s:
            self.fell |= gross_g < self.loaded_g / 2

    def feels(self, raw: Sequence[int], counts_per_g: float, now_s: float) -> None:
        """Conversions, oldest first, in counts of which a gram on the pan has so many."""
        begins_s, ends_s = HOMEWARD_S
        if begins_s <= now_s - self.gate_open_s <= ends_s:
            felt = (*self._felt, *raw)
            if felt and max(felt) - min(felt) >= KNOCK_G * abs(counts_per_g):
                self.knocked_s = now_s
        self._felt = raw[-1:]

    @property
    def came_home(self) -> bool:
        """Whether the leaves were felt to strike home since they were last seen open."""
        return self.knocked_s > self.gate_open_s

    def only_follows(self, fault: str, now_s: float) -> bool:
        """Whether a fault is no more than what another one, that stands too, brings about.

        A sensor that gives no sense may hide somebody: the node doubts, and opens. A report has
        both; where events came first, the doubt is told a moment before the sensor.
        """
        first = self.raised.get(fault)
        if fault != "person-inside" or first is None:
            return False
        told_alone = fault in self._unreported and now_s - first.at_s < TOLD_S
        return told_alone or bool(BLIND & self.raised.keys())

    def still_worn(self, now_s: float) -> set[str]:
        """Faults of wear that nobody has mended, though the node was told to forget them."""
        return {fault for fault, until_s in self.worn.items() if now_s < until_s}

    def within(self, times: deque[float], now_s: float, seconds: float) -> int:
        """How many of some times lie within the last `seconds`."""
        return sum(now_s - at_s <= seconds for at_s in times)

    def restarts(self, now_s: float, is_one: Callable[[str], bool]) -> int:
        """How often the node restarted lately for a cause that `is_one`."""
        recent = (cause for at_s, cause in self.reset_causes if now_s - at_s <= REMEMBERED_S)
        return sum(map(is_one, recent))

    @property
    def position_mm(self) -> int:
        """Where the node thinks that the leaf is."""
        return self._last.position_mm if self._last else 0

    @property
    def _met_at_mm(self) -> int:
        """Where the present run pushed in vain; without such, where the leaf is."""
        run = self.run or self._last_run
        stalled = run.stalled_at_mm if run else None
        return self.position_mm if stalled is None else stalled

    def _report(self, report: events.NodeReport, now_s: float) -> None:
        last, self._last = self._last, report
        self._unreported.clear()
        self._follow_run(last, report, now_s)
        if last is not None and last.gate != report.gate:
            self.gates.append(now_s)
        if last is not None and _stands(last) and _stands(report) and report.motor_ma >= STRAY_MA:
            self.strays.append(now_s)
        if report.gate == "OPEN":
            self.gate_open_s = now_s
        if report.gate == "CLOSED" and "gate-stuck" not in self.raised:
            self.loaded_g = self.pan_g
        for gone in self.raised.keys() - set(report.faults):
            self.raised.pop(gone)
        for fault in report.faults:
            self._raise(fault, now_s, last or report)
            self.raised[fault].sees(report.motor_ma)

    def _follow_run(
        self, last: events.NodeReport | None, report: events.NodeReport, now_s: float
    ) -> None:
        begins = last is None or last.hatch != report.hatch
        if report.hatch in ("OPENING", "CLOSING") and begins:
            self.run = Run(report.hatch, now_s)
        elif report.hatch not in MOVING and self.run is not None:
            self.run.see(report)  # the last moment's current, told once it stands
            self._last_run, self.run = self.run, None
        if self.run is not None:
            self.run.see(report)

    def _raise(self, fault: str, now_s: float, before: events.NodeReport | None) -> None:
        """Note how things stood `before` a fault, unless it is there already."""
        if fault in self.raised:
            return
        self.raised[fault] = Raised(
            now_s,
            before.hatch if before else "",
            before.position_mm if before else 0,
            self.run or self._last_run,
            now_s - self.gate_open_s,
        )
        self.fell &= fault != "gate-stuck"

    def _arrived(self, now_s: float, *, closed: bool) -> None:
        self.arrived_s = now_s
        if closed:
            self.closed_s = now_s
            self.obstructed_mm.clear()
        self.refused.clear()

    def _fault(self, event: events.NodeFault, now_s: float) -> None:
        if event.active:
            self._raise(event.fault, now_s, self._last)
            self._unreported.add(event.fault)
        else:
            self.raised.pop(event.fault, None)

    def _link(self, event: events.NodeUp | events.NodeLost, now_s: float) -> None:
        if isinstance(event, events.NodeLost):
            self.lost, self.lost_s = event.reason, now_s
            self.raised.clear()
            return
        self.lost = ""
        if self._boot_id not in (None, event.boot_id):
            self.reset_causes.append((now_s, event.reset_cause))
        self._boot_id = event.boot_id


def _stands(report: events.NodeReport) -> bool:
    return report.hatch in ("CLOSED", "OPEN")
