"""What the controller knows of one bay: its node's last word, its scale, its hand curtain.

A bay hears every event that concerns it, whatever the session is doing.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.metrology.validity import ValidityError
from controller.core.scale import Scale
from wire import faults

if TYPE_CHECKING:
    from controller.core.config import BayConfig
    from controller.core.metrology.validity import Validity, Visit

SILENT = "node silent"
WARMING = "scale warming up"
INTERRUPTED = "an interrupted load is not cleared yet"
UNKNOWN_TEMPERATURE = "temperature unknown: check the node's thermometer"

POWER = "power"
"""The reset cause of a node that had none before."""

MINOR = frozenset(name for name, severity, _, _ in faults.TABLE.values() if severity == "soon")
"""Faults that staff should look at and that stop nothing."""


@dataclass(slots=True)
class Bay:
    """One bay as it was last heard of. `why_not` is empty exactly while it can be used.

    `unfinished` from before the hatch opens until what was laid in is accounted for, or the pan
    was seen empty behind the shut hatch: what lies there then must not be zeroed away.
    `clearings` counts the attempts to drop that into the refuse bin.
    `cannot_record` says why the journal takes nothing.
    `calibration_refused` says why the journal's latest calibration is not the one in force.
    `visits` are the verifications of the calibration in force, `validity` what they are good for,
    `today` the latest day that a trusted clock has told.
    `looked_for` is why staff were last needed in its chamber, and how often the hatch had opened.
    `interrupted` while an intent of it is open that no session sees to.
    `up_since_s` is when the node last started, in loop time, and `reset_cause` why; at
    `restarted_s` a node was heard that had not been the same before.
    `warming` while cell and converter have been under power for less than the scale's warm-up.
    """

    config: BayConfig
    scale: Scale = field(init=False)
    hatch: str = ""
    gate: str = ""
    hand: bool = False
    presence: bool = False
    position_mm: int = 0
    gate_cycles: int = 0
    hatch_openings: int = 0
    boot_id: int | None = None
    reset_cause: str = ""
    up_since_s: float = math.inf
    restarted_s: float = -math.inf
    lost: str = SILENT
    closed_because: str = ""
    looked_for: tuple[str, int] = ("", 0)
    cannot_record: str = ""
    calibration_refused: str = ""
    visits: tuple[Visit, ...] = ()
    validity: Validity | None = None
    temperature_dc: int | None = None
    today: dt.date | None = None
    interrupted: bool = False
    warming: bool = False
    faults: set[str] = field(default_factory=set)
    hand_left_s: float = 0.0
    unfinished: bool = False
    clearings: int = 0

    def __post_init__(self) -> None:
        self.scale = Scale(self.config.scale)

    @property
    def name(self) -> str:
        """The bay's name in the kiosk's configuration."""
        return self.config.name

    @property
    def why_not(self) -> str:
        """Why the bay cannot be used now; empty where it can."""
        if self.lost:
            return self.lost
        if self.closed_because or self.interrupted:
            return self.closed_because or INTERRUPTED
        if self.cannot_record:
            return self.cannot_record
        stopping = min(self.faults - MINOR, default="") or self.scale.fault
        return stopping or self._lapsed or (WARMING if self.warming else "")

    @property
    def _lapsed(self) -> str:
        """Why the calibration does not hold here and now; empty where it does."""
        if self.validity is None:
            return ""
        if self.temperature_dc is None:
            return UNKNOWN_TEMPERATURE
        try:
            self.validity.check(self.temperature_dc, self.today or self.validity.since)
        except ValidityError as error:
            return str(error)
        return ""

    @property
    def usable(self) -> bool:
        """Whether a session may begin here."""
        return not self.why_not

    @property
    def bins(self) -> dict[str, int]:
        """Stream → index of the bin that takes it; the first where several do."""
        by_stream: dict[str, int] = {}
        for one in self.config.bins:
            by_stream.setdefault(one.stream, one.index)
        return by_stream

    def hear(self, event: events.NodeEvent, now_s: float) -> None:
        """Take in what the node said."""
        match event:
            case events.NodeUp():
                self.lost = ""
                cold = event.reset_cause == POWER and event.boot_id != self.boot_id
                if self.boot_id not in (None, event.boot_id):
                    self.restarted_s = now_s
                self.boot_id, self.reset_cause = event.boot_id, event.reset_cause
                self._count(event.gate_cycles, event.hatch_openings)
                self.scale.start(cold=cold)
                self.warming |= cold
            case events.NodeLost():
                self.lost = event.reason
                self.faults.clear()
            case events.NodeReport():
                self.hatch, self.gate = event.hatch, event.gate
                self.presence, self.position_mm = event.presence, event.position_mm
                self.temperature_dc = event.temperature_dc
                self.faults = set(event.faults)
                self.up_since_s = max(now_s - event.node_ms / 1000, self.restarted_s)
                self._count(event.gate_cycles, event.hatch_openings)
                self._see_hand(event.hand, now_s)
                self.scale.passes(event.node_ms)
                # A node that ran on while the controller was away has long been warm.
                self.warming &= event.node_ms < self.config.scale.warm_up_s * 1000
            case events.HandMoved():
                self._see_hand(event.inside, now_s)
            case events.GateCycled():
                self.gate_cycles = event.gate_cycles
            case events.NodeFault(active=True):
                self.faults.add(event.fault)
            case events.NodeFault(active=False):
                self.faults.discard(event.fault)
            case events.Samples():
                self.scale.feed(event.node_ms, event.raw, left=self.unfinished)
            case _:
                pass  # hatch events move the session, not the bay: reports carry the state

    @property
    def load_limit(self) -> commands.SetLoadLimit:
        """What the node must know: the heaviest load, in the counts of the scale as it is now."""
        limit_g = self.config.load_limit_g
        return commands.SetLoadLimit(
            self.name, self.scale.counts(limit_g), self.scale.counts(-limit_g)
        )

    def await_staff(self, reason: str) -> None:
        """Close for what may lie in the chamber, until staff have opened the hatch and looked."""
        self.closed_because = reason
        self.looked_for = reason, self.hatch_openings

    @property
    def waits_for_staff(self) -> bool:
        """Whether it is closed for what may lie in it, and nobody has opened the hatch since."""
        closed = bool(self.closed_because)
        return closed and self.looked_for == (self.closed_because, self.hatch_openings)

    def reopen(self, *reasons: str) -> None:
        """The pan was seen empty behind the shut hatch: what it was closed for is gone."""
        self.clearings = 0
        if self.closed_because in (self.looked_for[0], *reasons):
            self.closed_because = ""

    def see_day(self, utc_s: int) -> None:
        """A trusted clock says what time it is, in Unix seconds; days never go back."""
        day = dt.datetime.fromtimestamp(utc_s, dt.UTC).date()
        self.today = max(day, self.today or day)

    def hand_out_for_s(self, now_s: float) -> float:
        """Seconds since the last hand left the hatch; 0 while one is inside."""
        return 0.0 if self.hand else now_s - self.hand_left_s

    def _see_hand(self, inside: bool, now_s: float) -> None:
        if self.hand and not inside:
            self.hand_left_s = now_s
        self.hand = inside

    def _count(self, gate_cycles: int, hatch_openings: int) -> None:
        self.gate_cycles, self.hatch_openings = gate_cycles, hatch_openings
