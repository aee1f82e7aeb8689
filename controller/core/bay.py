"""What the controller knows of one bay: its node's last word, its scale, its hand curtain.

A bay hears every event that concerns it, whatever the session is doing.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.health.diagnosis import Look
from controller.core.health.signs import Signs
from controller.core.levels.levels import Levels
from controller.core.metrology.validity import ValidityError
from controller.core.scale import SOMETHING_G, Scale
from controller.core.weighing.zero import OUT_OF_RANGE
from wire import faults

if TYPE_CHECKING:
    from controller.core.config import BayConfig
    from controller.core.metrology.validity import Validity, Visit

TRAVEL_MM = 400
"""Travel of the hatch."""

SILENT = "node silent"
NO_MAINS = "no mains: the kiosk runs on its battery until the power is back"
WARMING = "scale warming up"
INTERRUPTED = "an interrupted load is not cleared yet"
ALL_FULL = "every bin is full: collect them"
UNKNOWN_TEMPERATURE = "temperature unknown: check the node's thermometer"

HATCH_STUCK = "the hatch does not move as it should"
"""Why a bay is closed whose hatch did not reach its end in time; a whole travel opens it again."""

POWER = "power"
"""The reset cause of a node that had none before."""

MINOR = frozenset(name for name, severity, _, _ in faults.TABLE.values() if severity == "soon")
"""Faults that staff should look at and that stop nothing."""


@dataclass(slots=True)
class Bay:
    """One bay as it was last heard of. `why_not` is empty exactly while it can be used.

    `unfinished` from before the hatch opens until what was laid in is accounted for, or the pan
    was seen empty behind the shut hatch: what lies there then must not be zeroed away.
    `zero_unknown` where nothing was remembered of its pan: the calibrated zero is all there is.
    `clearings` counts the attempts to drop that into the refuse bin.
    `check_failed` says that a check found it bad in service, and none has found it good since,
    `closed_from_afar` that the platform closed it, and has not opened it since.
    `cannot_record` says why the journal takes nothing; `on_battery` that the mains is gone.
    `calibration_refused` says why the journal's latest calibration is not the one in force.
    `camera_lost` says why its camera gives no picture; `unreadable` are seqs of open intents that
    may be this bay's and can no longer be read.
    `visits` are the verifications of the calibration in force, `validity` what they are good for,
    `today` the day that a trusted clock has told last.
    `record_refused` is why it is closed where a record of it was refused for good, for the
    `refusals`-th time; `unended` are seqs of intents whose end was refused. From `retry_s` on a
    test record is written, and from `probe_s` on a hatch that stuck is asked to close; `was_open`
    once it stood open since it stuck.
    `ajar` says since when the node refuses to close its open hatch, and when it did so last; None
    once it has closed.
    `looked_for` is why staff were last needed in its chamber, and how often the hatch had opened.
    `interrupted` while an intent of it is open that no session sees to.
    `up_since_s` is when the node last started, in loop time, and `reset_cause` why; at
    `restarted_s` a node was heard that had not been the same before. `firmware` is the release that
    it told last, 0 for none.
    `warming` while cell and converter have been under power for less than the scale's warm-up.
    """

    config: BayConfig
    scale: Scale = field(init=False)
    levels: Levels = field(init=False)
    hatch: str = ""
    gate: str = ""
    hand: bool = False
    presence: bool = False
    position_mm: int = 0
    gate_cycles: int = 0
    hatch_openings: int = 0
    boot_id: int | None = None
    reset_cause: str = ""
    firmware: int = 0
    up_since_s: float = math.inf
    restarted_s: float = -math.inf
    lost: str = SILENT
    closed_because: str = ""
    check_failed: str = ""
    closed_from_afar: str = ""
    looked_for: tuple[str, int] = ("", 0)
    cannot_record: str = ""
    on_battery: bool = False
    calibration_refused: str = ""
    camera_lost: str = ""
    unreadable: set[int] = field(default_factory=set)
    record_refused: str = ""
    refusals: int = 0
    retry_s: float = math.inf
    unended: set[int] = field(default_factory=set)
    probe_s: float = -math.inf
    was_open: bool = False
    zero_unknown: bool = False
    ajar: tuple[float, float] | None = None
    visits: tuple[Visit, ...] = ()
    validity: Validity | None = None
    temperature_dc: int | None = None
    today: dt.date | None = None
    interrupted: bool = False
    warming: bool = False
    faults: set[str] = field(default_factory=set)
    signs: Signs = field(default_factory=Signs)
    hand_left_s: float = 0.0
    unfinished: bool = False
    clearings: int = 0

    def __post_init__(self) -> None:
        self.scale = Scale(self.config.scale)
        self.levels = Levels(self.config)

    @property
    def name(self) -> str:
        """The bay's name in the kiosk's configuration."""
        return self.config.name

    @property
    def why_not(self) -> str:
        """Why the bay cannot be used now; empty where it can."""
        if self.lost:
            return self.lost
        if self.closed or self.interrupted:
            return self.closed or INTERRUPTED
        if self.cannot_record:
            return self.cannot_record
        if self.on_battery:
            return NO_MAINS
        stopping = min(self.faults - MINOR, default="") or self.scale.fault
        full = ALL_FULL if self.levels.takes_nothing else ""
        return stopping or self.lapsed or full or (WARMING if self.warming else "")

    @property
    def closed(self) -> str:
        """Why it is closed until somebody or something opens it; empty where it is not.

        What a check found bad stands beside any other reason, and does not go with it; so does
        what the platform said.
        """
        return self.closed_because or self.check_failed or self.closed_from_afar

    @property
    def lapsed(self) -> str:
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
        """Stream → index of the bin that takes it; of several the first that has room."""
        return self.levels.bins

    def hear(self, event: events.NodeEvent, now_s: float) -> None:
        """Take in what the node said."""
        self.signs.hear(event, now_s)
        match event:
            case events.NodeUp():
                self._up(event, now_s)
            case events.NodeLost():
                self.lost = event.reason
                self.faults.clear()
            case events.NodeReport():
                self._report(event, now_s)
            case events.HandMoved():
                self._see_hand(event.inside, now_s)
            case events.GateCycled():
                self.gate_cycles = event.gate_cycles
            case events.NodeFault():
                (self.faults.add if event.active else self.faults.discard)(event.fault)
            case events.Samples():
                self._weigh(event, now_s)
            case events.LevelsRead() if self.gate == "CLOSED":  # what falls is no level
                self.levels.read(event.mm)
            case _:
                pass  # other hatch events move the session, not the bay: reports carry the state

    def look(self, now_s: float) -> Look:
        """What a diagnosis of it looks at."""
        return Look(self.signs, self.scale.symptoms, TRAVEL_MM, now_s, self.levels.trouble)

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
    def knows_zero(self) -> bool:
        """Whether the calibration in force says where this very cell read nothing."""
        factory = self.config.scale.calibration
        return self.scale.calibration != factory or self.config.scale.is_zero_measured

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on its pan, as far as a pan at rest tells."""
        rests_g = self.scale.rests_g
        return rests_g is not None and abs(rests_g) < SOMETHING_G

    @property
    def something_g(self) -> float:
        """From here on something lies on the pan, in grams above the zero in force.

        Above the calibrated zero alone it is what temperature explains.
        """
        if not self.zero_unknown:
            return SOMETHING_G
        there_dc = self.scale.calibration.temperature_dc
        return max(SOMETHING_G, self.scale.class_iii.zero_moves_g(there_dc, self.temperature_dc))

    @property
    def waits_for_staff(self) -> bool:
        """Whether it is closed for what may lie in it, and nobody has opened the hatch since."""
        closed = bool(self.closed_because)
        return closed and self.looked_for == (self.closed_because, self.hatch_openings)

    def was_looked_at(self) -> None:
        """Staff have looked, and no hatch opening tells of it: the pan decides from now on."""
        self.looked_for = self.closed_because, -1

    def reopen(self, *reasons: str) -> None:
        """The pan was seen empty behind the shut hatch: what it was closed for is gone."""
        self.clearings = 0
        is_gone = self.closed_because in (self.looked_for[0], *reasons)
        if is_gone or self.closed_because.startswith(OUT_OF_RANGE):
            self.closed_because = ""

    def see_day(self, utc_s: int) -> None:
        """A trusted clock says what time it is, in Unix seconds.

        One that says an earlier day than before had jumped ahead, and was put right.
        """
        self.today = dt.datetime.fromtimestamp(utc_s, dt.UTC).date()

    def hand_out_for_s(self, now_s: float) -> float:
        """Seconds since the last hand left the hatch; 0 while one is inside."""
        return 0.0 if self.hand else now_s - self.hand_left_s

    def _up(self, event: events.NodeUp, now_s: float) -> None:
        self.lost = ""
        cold = event.reset_cause == POWER and event.boot_id != self.boot_id
        if self.boot_id not in (None, event.boot_id):
            self.restarted_s = now_s
        self.boot_id, self.reset_cause = event.boot_id, event.reset_cause
        self.firmware = event.firmware
        self._count(event.gate_cycles, event.hatch_openings)
        self.scale.start(cold=cold)
        self.warming |= cold

    def _report(self, event: events.NodeReport, now_s: float) -> None:
        self.hatch, self.gate = event.hatch, event.gate
        self.presence, self.position_mm = event.presence, event.position_mm
        self.temperature_dc = event.temperature_dc
        self.faults = set(event.faults)
        self.up_since_s = max(now_s - event.node_ms / 1000, self.restarted_s)
        self._count(event.gate_cycles, event.hatch_openings)
        self._see_hand(event.hand, now_s)
        self._see_hatch()
        self.scale.passes(event.node_ms)
        # A node that ran on while the controller was away has long been warm.
        self.warming &= event.node_ms < self.config.scale.warm_up_s * 1000

    def _weigh(self, event: events.Samples, now_s: float) -> None:
        self.scale.feed(event.node_ms, event.raw, left=self.unfinished)
        self.signs.feels(event.raw, self.scale.calibration.counts_per_g, now_s)
        if (gross_g := self.scale.gross_g) is not None:
            self.signs.weighs(gross_g)

    def _see_hatch(self) -> None:
        """A hatch that stuck and now comes from its open to its closed end is well."""
        if self.hatch == "CLOSED":  # by its node, by hand, or while the node was away
            self.ajar = None
        stuck = self.closed_because == HATCH_STUCK
        self.was_open = stuck and (self.was_open or self.hatch in ("OPEN", "FAULT_OPEN"))
        if self.was_open and self.hatch == "CLOSED" and not self.faults - MINOR:
            self.closed_because, self.was_open = "", False

    def _see_hand(self, inside: bool, now_s: float) -> None:
        if self.hand and not inside:
            self.hand_left_s = now_s
        self.hand = inside

    def _count(self, gate_cycles: int, hatch_openings: int) -> None:
        self.gate_cycles, self.hatch_openings = gate_cycles, hatch_openings
