"""The bay as its node moves it: senses, hatch, gate and interlock in one scan, without a wire.

`Bay.step` takes time, inputs, commands and whether the controller's lease holds; afterwards it
can be read what to drive and what there is to say. It keeps the one promise that no software
above it can break: nobody is hurt or shut in.
"""

from firmware.core import hatch_table as h
from firmware.core import interlock
from firmware.core.adc import LoadCell
from firmware.core.counters import Counters
from firmware.core.curtain import Curtain
from firmware.core.gate import BACK, COUNTED, REFUSED, Gate
from firmware.core.hatch import Hatch
from firmware.core.known_faults import KnownFaults
from firmware.core.orders import Orders
from firmware.core.restart import Restart, forbidden
from firmware.core.senses import Lasting, Senses
from firmware.core.switch import Chatter
from wire import faults

MOVING_MS, STREAMING_MS, RESTING_MS = 5, 25, 50

GATE_BREAKS = (
    faults.COUNTERS_LOST,
    faults.COUNTERS_UNSTORED,
    faults.GATE_STUCK,
    faults.DIVERTER_STUCK,
    faults.GATE_NOT_CLOSED,
    faults.HATCH_LIMIT,
)
"""Faults with which the gate stays shut."""

CLOSE_BREAKS = (faults.CURTAIN_STUCK, faults.MOTOR_SILENT, faults.HATCH_LIMIT)
"""Faults with which no closing begins: what watches over it cannot be trusted."""


class Bay:
    """One bay.

    Args:
        config: Its figures.
        stored: The counter block from FRAM, b"" where there is none.
        learned: The hatch's learned profile from FRAM, b"" where there is none.
    """

    def __init__(self, config, stored=b"", learned=b""):
        self.senses = Senses(config)
        self.curtain = Curtain(config)
        self.cell = LoadCell(config)
        self.hatch = Hatch(config, learned)
        self.gate = Gate(config)
        self.counters = Counters(stored)
        self.faults = KnownFaults()
        self.restart = Restart(config)
        self.orders = Orders(self, config)
        self.said = []
        self.lease = False
        self.lock_on = False
        self.light_on = False
        self.cleared = False
        self.is_open = False
        self.is_shut = False
        self.store_failed = False
        self.burning = False  # there is or was a fire that staff have not cleared
        self.not_lockable = "presence"
        self._inside = Lasting(config.inside_ms, 0)
        self._limits = [Chatter(config.chatter_ms, config.chatter_changes) for _ in range(2)]
        if self.counters.damaged:
            self.faults.raise_once(faults.COUNTERS_LOST)

    @property
    def gate_shut(self):
        """Whether the gate rests with both leaves home."""
        return self.gate.resting and self.gate.was_home

    @property
    def gate_broken(self):
        """Whether a fault keeps the gate shut."""
        return any(self.faults.has(code) for code in GATE_BREAKS)

    @property
    def close_broken(self):
        """Whether a fault keeps the hatch from closing."""
        return any(self.faults.has(code) for code in CLOSE_BREAKS)

    @property
    def wake_in_ms(self):
        """When the next scan is due, unless something happens before."""
        if not self.hatch.quiet or not self.gate.still or self.restart.pending:
            return MOVING_MS
        return STREAMING_MS if self.cell.fast else RESTING_MS

    @property
    def calm(self):
        """Whether the bay is sound, shut and empty of people, and no patience is running.

        Only then may the node sleep for longer than `RESTING_MS`.
        """
        return (
            self.hatch.state == h.CLOSED
            and self.hatch.quiet
            and self.hatch.motor.at_rest
            and not self.restart.pending
            and self.lock_on
            and not self.faults.bits
            and not self.senses.presence
            and not self.senses.hand
            and self.gate_shut
            and self.cell.settled
            and self.senses.settled
        )

    def say(self, name, **fields):
        """Add an event to `said`, which whoever carries it empties."""
        self.said.append((name, fields))

    def step(self, dt_ms, inputs, commands, lease):
        """Take in one scan.

        Args:
            dt_ms: Milliseconds since the last scan.
            inputs: What the board reads; its time and received bytes are not looked at.
            commands: New commands, each (kind, name, fields, milliseconds left to its deadline).
            lease: Whether the controller's loop was heard of late.
        """
        self.lease = lease
        self._sense(dt_ms, inputs)
        for kind, name, fields, left_ms in commands:
            self.orders.take(kind, name, fields, left_ms)
        self._move_gate(dt_ms, inputs)
        self._move_hatch(dt_ms, inputs)
        against = self._keeps_on() if self.restart.pending else ""
        self.orders.refuse_restart(self.restart.step(dt_ms, against))
        for code, active in self.faults.changes():
            self.say("fault", code=code, active=int(active))

    def drive(self, outputs):
        """Set what the motors, the lock and the lamps are to do until the next scan."""
        hatch, gate = self.hatch, self.gate
        stopped = self.senses.emergency_stop
        outputs.hatch_permille = hatch.motor.permille
        outputs.bridge_on = hatch.motor.permille != 0 or hatch.brakes
        outputs.lock_on = self.lock_on
        outputs.gate_permille = 0 if stopped else gate.permille
        outputs.diverter_to = gate.diverter_to
        outputs.diverter_on = gate.turning and not stopped
        outputs.light_on = self.light_on
        outputs.warn_on = hatch.closes_soon
        outputs.curtain_test = self.curtain.testing
        outputs.fram = self.counters.to_store()
        outputs.learned = hatch.profile.to_store()
        outputs.restarts = self.restart.due

    def _sense(self, dt_ms, inputs):
        hatch = self.hatch
        self.cell.step(dt_ms, inputs.samples)
        self.counters.keep_time(dt_ms, inputs.store_failed)
        shut = hatch.state == h.CLOSED and inputs.limit_closed
        announced = hatch.closes_soon and not inputs.limit_closed
        self.curtain.step(dt_ms, inputs.curtain_blocked, announced, shut)
        self.senses.step(dt_ms, inputs, self.curtain.hand)
        for chatter, on in zip(self._limits, (inputs.limit_closed, inputs.limit_open)):
            chatter.step(dt_ms, on)
        self._see_faults(inputs)
        self.not_lockable = interlock.not_safe_to_lock(self.senses, self.cell)
        self.is_open, self.is_shut = inputs.limit_open, inputs.limit_closed
        self.store_failed = inputs.store_failed

    def _see_faults(self, inputs):
        """What is wrong by the sensors, and by where hatch and gate stand since the last scan."""
        shut = self.hatch.state in (h.CLOSED, h.FIRE)
        self.faults.see(
            self.senses.causes
            | (shut and self.senses.somebody) << faults.PERSON_INSIDE
            | self.gate.overdue << faults.GATE_NOT_CLOSED
            | self.cell.silent << faults.LOAD_CELL_SILENT
            | self.cell.stuck << faults.LOAD_CELL_STUCK
            | inputs.store_failed << faults.COUNTERS_UNSTORED
            | self.curtain.never_free << faults.CURTAIN_STUCK
            | (self._limits[0].heard or self._limits[1].heard) << faults.LIMIT_BOUNCING
        )
        self.burning = self.faults.has(faults.FIRE)

    def _move_gate(self, dt_ms, inputs):
        locked = self.hatch.state == h.CLOSED and inputs.limit_closed and self.lock_on
        forbidden = interlock.not_fit(self.senses, self.burning, False)
        forbidden = forbidden or interlock.not_safe_to_drop(self.senses, locked)
        if not forbidden and inputs.gate_closed:
            forbidden = self.not_lockable
        said = self.gate.step(dt_ms, inputs, forbidden, self.lease)
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
        hatch = self.hatch
        said = hatch.step(dt_ms, self._seen(dt_ms, inputs), inputs, self.lock_on)
        self.cleared = False
        if hatch.opens:
            self.counters.hatch_opens()
        for code in hatch.found:
            self.faults.raise_once(code)
        if said in h.EVENTS:
            self.say(h.EVENTS[said])
        elif said == h.LAPSED:
            self.orders.refuse_motion(self._lapse())
        elif said:
            self.faults.raise_once(said)
            if said == faults.CURTAIN_STUCK:
                self.orders.refuse_motion("curtain")
        if said:
            self.orders.end_motion()
        if hatch.take_wanted_open():
            self.say("hatch_opened")
        holds = hatch.state in (h.CLOSED, h.FIRE) and inputs.limit_closed
        self.lock_on = holds and not self.not_lockable

    def _keeps_on(self):
        """Why a restart must not be, with all that this scan has shown."""
        return forbidden(self) if self.lease else "no-lease"

    def _lapse(self):
        """Why an accepted motion was given up before anything moved."""
        if self.senses.weak:
            return "undervoltage"
        return "no-lease" if not self.lease else "gate-not-closed"

    def _seen(self, dt_ms, inputs):
        """What the hatch's table asks for, as bits."""
        senses = self.senses
        closed = self.hatch.state == h.CLOSED
        inside = self._inside.step(dt_ms, closed and senses.somebody)
        must_open = (inside or senses.inner_release) and self.gate_shut and not senses.weak
        not_safe = interlock.not_safe_to_close(senses, self.not_lockable, self.gate_shut)
        holds = (
            (h.STOPPED, senses.emergency_stop),
            (h.BOTH_LIMITS, inputs.limit_closed and inputs.limit_open),
            (h.BURNING, self.burning),
            (h.AT_CLOSED, inputs.limit_closed),
            (h.AT_OPEN, inputs.limit_open),
            (h.OBSTRUCTED, not_safe),
            (h.NO_LEASE, not self.lease),
            (h.WEAK, senses.weak),
            (h.MUST_OPEN, must_open),
            (h.CLEARED, self.cleared),
            (h.READY, senses.judged and self.cell.judged),
            (h.PROVED, self.curtain.proved),
            (h.PRESSED, senses.edge),
            (h.GATE_AWAY, not self.gate_shut),
            (h.UNPROVED, self.curtain.failed),
        )
        bits = 0
        for bit, is_so in holds:
            if is_so:
                bits |= bit
        return bits
