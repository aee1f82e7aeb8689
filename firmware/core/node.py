"""The bay's node: one scan in, one scan out. Everything that moves is decided here.

`Node.step(inputs)` reads time and received bytes from `inputs` and answers with what to drive
and what to send. It keeps the one promise that no software above it can break: nobody is hurt
or shut in.
"""

from firmware.core import hatch_table as h
from firmware.core import interlock, ticks
from firmware.core.adc import LoadCell
from firmware.core.config import Config
from firmware.core.counters import Counters
from firmware.core.gate import BACK, COUNTED, REFUSED, Gate
from firmware.core.hatch import Hatch
from firmware.core.known_faults import KnownFaults
from firmware.core.link import Link
from firmware.core.orders import Orders
from firmware.core.senses import Lasting, Senses
from firmware.hal.board import Outputs
from wire import faults, messages

MOVING_MS, STREAMING_MS, RESTING_MS = 5, 25, 50
LONGEST_MS = 10000
"""A scan that comes later than this counts as this late."""

BREAKS = (faults.COUNTERS_LOST, faults.GATE_STUCK, faults.DIVERTER_STUCK, faults.GATE_NOT_CLOSED)
"""Faults with which the gate stays shut."""


class Node:
    """One bay's node.

    Args:
        identity: (bay name as bytes, boot id, reset cause), as `Board.identity` gives it.
        stored: The counter block from FRAM, b"" where there is none.
        learned: The hatch's learned profile from FRAM, b"" where there is none.
        config: The bay's figures; those of the design where none are given.
    """

    def __init__(self, identity, stored=b"", learned=b"", config=None):
        config = config or Config()
        bay, boot_id, reset_cause = identity
        self.link = Link(bay, boot_id, reset_cause)
        self.senses = Senses(config)
        self.cell = LoadCell(config)
        self.hatch = Hatch(config)
        self.gate = Gate(config)
        self.counters = Counters(stored)
        self.faults = KnownFaults()
        self.orders = Orders(self, config)
        self.lock_on = False
        self.light_on = False
        self.cleared = False
        self.is_open = False
        self.burning = False  # there is or was a fire that staff have not cleared
        self.not_lockable = "presence"
        self._inside = Lasting(config.inside_ms, 0)
        self._outputs = Outputs()
        self._last_ms = None
        self._shown = None
        if self.counters.damaged:
            self.faults.raise_once(faults.COUNTERS_LOST)

    @property
    def gate_shut(self):
        """Whether the gate rests with both leaves home."""
        return self.gate.resting and self.gate.was_home

    @property
    def gate_broken(self):
        """Whether a fault keeps the gate shut."""
        return any(self.faults.has(code) for code in BREAKS)

    def step(self, inputs):
        """Take in one scan and return what to drive until the next."""
        dt_ms = self._elapsed_ms(inputs.now_ms)
        self.cell.step(dt_ms, inputs.samples)
        self.senses.step(dt_ms, inputs)
        self._see_faults()
        self.not_lockable = interlock.not_safe_to_lock(self.senses, self.cell)
        self.is_open = inputs.limit_open
        for kind, name, fields in self.link.feed(dt_ms, inputs.now_ms, inputs.rx):
            self.orders.take(kind, name, fields, inputs.now_ms)
        self._move_gate(dt_ms, inputs)
        self._move_hatch(dt_ms, inputs)
        for code, active in self.faults.changes():
            self.link.say("fault", code=code, active=int(active))
        return self._drive(inputs)

    def _elapsed_ms(self, now_ms):
        """Milliseconds since the last scan; a clock that went back counts as standing still."""
        last_ms = now_ms if self._last_ms is None else self._last_ms
        self._last_ms = now_ms
        return max(0, min(LONGEST_MS, ticks.diff(now_ms, last_ms)))

    def _see_faults(self):
        """What is wrong by the sensors, and by where hatch and gate stand since the last scan."""
        shut = self.hatch.state in (h.CLOSED, h.FIRE)
        self.faults.see(
            self.senses.causes
            | (shut and self.senses.somebody) << faults.PERSON_INSIDE
            | self.gate.overdue << faults.GATE_NOT_CLOSED
            | self.cell.silent << faults.LOAD_CELL_SILENT
            | self.cell.stuck << faults.LOAD_CELL_STUCK
        )
        self.burning = self.faults.has(faults.FIRE)

    def _move_gate(self, dt_ms, inputs):
        locked = self.hatch.state == h.CLOSED and inputs.limit_closed and self.lock_on
        forbidden = interlock.not_fit(self.senses, self.burning, False)
        forbidden = forbidden or interlock.not_safe_to_drop(self.senses, locked)
        if not forbidden and inputs.gate_closed:
            forbidden = self.not_lockable
        said = self.gate.step(dt_ms, inputs, forbidden, self.link.lease)
        if said == COUNTED:
            self.counters.gate_opened(*self.orders.drop)
            self.orders.drop_counted = True
        elif said == REFUSED:
            self.orders.refuse_drop(self.gate.forbidden, nothing_fell=inputs.gate_closed)
        elif said == BACK:
            self.orders.end_drop()
        elif said:
            self.faults.raise_once(said)
            word = "diverter-stuck" if said == faults.DIVERTER_STUCK else "gate-stuck"
            self.orders.refuse_drop(word, nothing_fell=inputs.gate_closed)

    def _move_hatch(self, dt_ms, inputs):
        said = self.hatch.step(dt_ms, self._seen(dt_ms, inputs), inputs.motor_ma, self.lock_on)
        self.cleared = False
        if self.hatch.opens:
            self.counters.hatch_opens()
        if said == h.OPENED:
            self.link.say("hatch_opened")
        elif said == h.CLOSED_NOW:
            self.link.say("hatch_closed")
        elif said == h.OBSTRUCTION:
            self.link.say("hatch_obstructed")
        elif said == h.LAPSED:
            self.orders.refuse_motion("undervoltage" if self.senses.weak else "no-lease")
        elif said:
            self.faults.raise_once(said)
        if said:
            self.orders.end_motion()
        if self.hatch.take_wanted_open():
            self.link.say("hatch_opened")
        holds = self.hatch.state in (h.CLOSED, h.FIRE) and inputs.limit_closed
        self.lock_on = holds and not self.not_lockable

    def _seen(self, dt_ms, inputs):
        """What the hatch's table asks for, as bits."""
        senses = self.senses
        closed = self.hatch.state == h.CLOSED
        inside = self._inside.step(dt_ms, closed and senses.somebody)
        bits = h.STOPPED if senses.emergency_stop else 0
        if inputs.limit_closed and inputs.limit_open:
            bits |= h.BOTH_LIMITS
        if self.burning:
            bits |= h.BURNING
        if inputs.limit_closed:
            bits |= h.AT_CLOSED
        if inputs.limit_open:
            bits |= h.AT_OPEN
        if interlock.not_safe_to_close(senses, self.not_lockable, self.gate_shut):
            bits |= h.OBSTRUCTED
        if not self.link.lease:
            bits |= h.NO_LEASE
        if senses.weak:
            bits |= h.WEAK
        elif (inside or senses.inner_release) and self.gate_shut:
            bits |= h.MUST_OPEN
        if self.cleared:
            bits |= h.CLEARED
        return bits

    def _drive(self, inputs):
        outputs = self._outputs
        hatch, gate = self.hatch, self.gate
        stopped = self.senses.emergency_stop
        outputs.hatch_permille = hatch.motor.permille
        outputs.bridge_on = hatch.motor.permille != 0
        outputs.lock_on = self.lock_on
        outputs.gate_permille = 0 if stopped else gate.permille
        outputs.diverter_to = gate.diverter_to
        outputs.diverter_on = gate.turning and not stopped
        outputs.light_on = self.light_on
        outputs.warn_on = hatch.warning
        outputs.fram = self.counters.to_store()
        outputs.tx = self._tx(inputs)
        outputs.wake_in_ms = self._wake_in_ms()
        return outputs

    def _tx(self, inputs):
        """Report what changed, then tell the events, so that an event finds its report."""
        shown = (
            self.hatch.state,
            self._gate_state(inputs),
            self._flags(),
            self.faults.bits,
            self.counters.gate_cycles,
            self.counters.hatch_openings,
        )
        if self._shown is not None and shown[2] & messages.HAND != self._shown[2] & messages.HAND:
            self.link.say_lightly("hand_moved", inside=shown[2] & messages.HAND)
        if shown != self._shown:
            self._shown = shown
            self.link.report_soon()
        report = self._report(inputs) if self.link.report_due else None
        return self.link.tx(report, self.cell.due())

    def _report(self, inputs):
        return {
            "node_ms": inputs.now_ms,
            "hatch": self.hatch.state,
            "gate": self._gate_state(inputs),
            "flags": self._flags(),
            "gate_cycles": self.counters.gate_cycles,
            "hatch_openings": self.counters.hatch_openings,
            "motor_ma": max(0, min(0xFFFF, inputs.motor_ma)),
            "position_mm": self.hatch.motor.position_mm,
            "faults": self.faults.bits,
            "last_drop_session": self.counters.session,
            "last_drop_command": self.counters.command,
            "bad_frames": self.link.bad_frames & 0xFFFF,
            "lost_events": self.link.lost_events,
            "beat": self.link.beat,
            "beat_ms": self.link.beat_ms,
        }

    def _gate_state(self, inputs):
        """Place in `messages.GATE_STATES`: closed, moving, open."""
        if self.gate.resting and inputs.gate_closed:
            return 0
        return 2 if inputs.gate_open else 1

    def _flags(self):
        flags = messages.HAND if self.senses.hand else 0
        if self.senses.presence:
            flags |= messages.PRESENCE
        return flags | (messages.LEASE if self.link.lease else 0)

    def _wake_in_ms(self):
        if not self.hatch.quiet or not self.gate.resting:
            return MOVING_MS
        return STREAMING_MS if self.cell.fast else RESTING_MS
