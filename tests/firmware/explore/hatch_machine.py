"""The hatch by itself: every reachable state under every combination of what it can see.

A combination is not counted out beforehand. Each bit is decided when the hatch looks at it, both
ways in turn, and a bit that it does not look at cannot matter; so all of them are covered, and
hardly any twice. Only the current and the lock are counted out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

from tests.firmware.explore import figures as f
from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.guess import Guess, Seen
from tests.firmware.explore.snapshot import Snapshot
from tests.firmware.explore.walk import Move
from wire import faults
from wire.messages import HATCH_STATES

SLOW_SCANS = f.LONGEST_DRIVE_MS // f.SCAN_MS


class Memory(NamedTuple):
    """What the hatch's properties remember between scans."""

    drive: int = 0
    way: int = 0
    rest: int = 0
    pinches: int = 0
    by_command: bool = False
    stray: int = 0


class Step:
    """One scan of the hatch, for the properties to look at."""

    def __init__(self, hatch: Any, table: Any, guess: Guess, pinches: int) -> None:
        self.pinches = pinches
        self.hatch = hatch
        self.t = table
        self.guess = guess
        self.memory = Memory()
        self.was = self.before = 0
        self.said: Any = ""

    def sees(self, bit: int) -> bool:
        """Whether that is so in this scan."""
        return self.guess(bit)

    @property
    def drive(self) -> int:
        """What drives the hatch from now on."""
        return int(self.hatch.motor.permille)

    @property
    def state(self) -> int:
        """The hatch's state after the scan."""
        return int(self.hatch.state)


def p1_no_drive_begins_without_a_lease(s: Step) -> bool:
    if s.drive == 0 or s.before or not s.sees(s.t.NO_LEASE):
        return True
    own = s.state in (s.t.REVERSE, s.t.SAFE_STOP, s.t.FIRE)
    return own or (s.state == s.t.OPENING and not s.memory.by_command)


def p2_no_drive_under_emergency_stop(s: Step) -> bool:
    return s.drive == 0 or not s.sees(s.t.STOPPED)


def p6_no_closing_drive_on_what_is_in_the_way(s: Step) -> bool:
    return s.drive >= 0 or not s.sees(s.t.OBSTRUCTED)


def p7_the_direction_changes_only_after_rest(s: Step) -> bool:
    way = (s.drive > 0) - (s.drive < 0)
    return way in (0, s.memory.way) or s.memory.way == 0 or s.memory.rest >= 2


def p8_every_drive_has_an_end(s: Step) -> bool:
    return s.drive == 0 or s.memory.drive <= SLOW_SCANS


def p9_both_limits_are_a_fault(s: Step) -> bool:
    if not s.sees(s.t.BOTH_LIMITS):
        return True
    known = s.state in (s.t.FAULT, s.t.ESTOP) or s.was in (s.t.FAULT, s.t.ESTOP)
    return s.drive == 0 and known


def p10_silence_stops_a_closing_hatch(s: Step) -> bool:
    if s.state == s.t.SAFE_STOP and s.drive not in (0, f.FIGURES["slow_permille"]):
        return False
    closing = s.was == s.t.CLOSING and s.before < 0
    return not (closing and s.drive) or not s.sees(s.t.NO_LEASE)


def p12_three_pinches_leave_it_open(s: Step) -> bool:
    told = s.said == faults.HATCH_BLOCKED or s.state != s.t.FAULT_OPEN or s.was == s.t.FAULT_OPEN
    closes = s.drive < 0 and s.state != s.t.FIRE  # a fire's own closing has rules of its own
    return told and not (closes and s.memory.pinches >= s.pinches)


def stray_current_is_a_fault(s: Step) -> bool:
    out_of_use = (s.t.FAULT, s.t.ESTOP, s.t.FIRE, s.t.FAULT_OPEN)
    return s.memory.stray < f.STRAY_SCANS or s.state in out_of_use or s.was in out_of_use


PROPERTIES: tuple[Callable[[Step], bool], ...] = (
    p1_no_drive_begins_without_a_lease,
    p2_no_drive_under_emergency_stop,
    p6_no_closing_drive_on_what_is_in_the_way,
    p7_the_direction_changes_only_after_rest,
    p8_every_drive_has_an_end,
    p9_both_limits_are_a_fault,
    p10_silence_stops_a_closing_hatch,
    p12_three_pinches_leave_it_open,
    stray_current_is_a_fault,
)


class _Readings:
    motor_ma = 0
    supply_mv = 24_000


class HatchMachine:
    """The hatch over everything that it can be told.

    Args:
        core: The node's core, or a mutant of it.
        watched: Which properties are looked at.
        driven_ma: What the motor may draw while it is driven, and
        undriven_ma: while it is not.
        figures: What differs from `FIGURES`.
    """

    def __init__(
        self,
        core: CoreCopy,
        watched: tuple[Callable[[Step], bool], ...] = PROPERTIES,
        driven_ma: tuple[int, ...] = (f.RUN_MA, f.STALL_MA),
        undriven_ma: tuple[int, ...] = (0,),
        figures: dict[str, int] | None = None,
    ) -> None:
        t = self.table = core["hatch_table"]
        config = core["config"].Config().change(f.FIGURES | {"pinches": 3} | (figures or {}))
        self.hatch = core["hatch"].Hatch(config)
        self.snapshot = Snapshot(self.hatch, f.HATCH_LEFT_OUT, f.hatch_at_most(config))
        self._watched = watched
        self._driven = driven_ma
        self._undriven = undriven_ma
        self._begin = self.snapshot.take()
        self._guess = Guess(self._derived())
        named = {
            name: value
            for name, value in vars(t).items()
            if isinstance(value, int) and name.isupper() and name not in HATCH_STATES
        }
        told = ("OPEN_ASKED", "CLOSE_ASKED", *core["bay"].Bay._seen.__code__.co_names)
        bits = sum(value for name, value in named.items() if name in told)
        self._others = (1 << 30) - 1 & ~bits  # what the hatch adds to what it is told
        self._names = {value: name for name, value in named.items()}
        self._step = Step(self.hatch, t, self._guess, config.pinches)

    def _derived(self) -> dict[int, Callable[[Guess], bool]]:
        """What the bay never says otherwise, and bits that change nothing where they are asked."""
        t, hatch = self.table, self.hatch
        met = (t.CLOSING, t.FIRE, t.PINCH, t.SAFE_STOP)
        return {
            t.BOTH_LIMITS: lambda sees: sees(t.AT_CLOSED) and sees(t.AT_OPEN),
            t.UNPROVED: lambda sees: not sees(t.PROVED) and sees(-t.UNPROVED),
            t.OPEN_ASKED: lambda sees: hatch.tested and sees(-t.OPEN_ASKED),
            # Only these states ask what an edge does, which is always an obstruction, too.
            t.PRESSED: lambda sees: hatch.state in met and sees(t.OBSTRUCTED) and sees(-t.PRESSED),
            # It only ever makes `tested` true.
            t.READY: lambda sees: hatch.tested or sees(-t.READY),
        }

    def starts(self) -> list[Any]:
        return [(Memory(), self._begin)]

    def moves(self, state: Any) -> Iterator[Move]:
        memory, hatch = state
        self.snapshot.put(hatch)
        locks = (False, True) if self.hatch.state == self.table.CLOSED else (False,)
        currents = self._driven if self.hatch.motor.permille else self._undriven
        for motor_ma, locked in product(currents, locks):
            while True:
                self._guess.begin()
                wrong = self._scan(memory, hatch, motor_ma, locked)
                following = (self._remember(), self._settled())
                yield self._happening(motor_ma, locked), following, wrong
                if not self._guess.next():
                    break

    def _scan(self, memory: Memory, state: tuple[Any, ...], motor_ma: int, locked: bool) -> str:
        s, hatch = self._step, self.hatch
        self.snapshot.put(state)
        s.was, s.before = hatch.state, s.drive
        still = s.before == 0 and motor_ma < 100
        s.memory = memory._replace(
            drive=min(memory.drive + 1, SLOW_SCANS + 1) if s.before else 0,
            rest=min(memory.rest + 1, 2) if still else 0,
            stray=min(memory.stray + 1, f.STRAY_SCANS) if s.before == 0 and not still else 0,
        )
        _Readings.motor_ma = motor_ma
        try:
            s.said = hatch.step(f.SCAN_MS, Seen(self._guess, 0, self._others), _Readings, locked)
        except Exception as error:  # noqa: BLE001 - any exception breaks p15
            return f"p15_no_exception: {error!r}"
        return next((rule.__name__ for rule in self._watched if not rule(s)), "")

    def _happening(self, motor_ma: int, locked: bool) -> tuple[str, ...]:
        seen = (self._names[abs(bit)] for bit in self._guess.true)
        return (f"{motor_ma} mA", "locked" if locked else "free", *seen)

    def _remember(self) -> Memory:
        s, memory, t = self._step, self._step.memory, self.table
        pinches = min(memory.pinches + (s.state == t.PINCH != s.was), s.pinches)
        out_of_use = s.was in (t.FAULT_OPEN, t.FIRE, t.FAULT)
        cleared = s.state != s.was and out_of_use and s.sees(t.CLEARED)
        begins = s.state == t.UNLOCK != s.was
        own = begins and (s.sees(t.MUST_OPEN) or not s.sees(t.OPEN_ASKED))
        opens = s.state in (t.UNLOCK, t.OPENING)
        return memory._replace(
            way=(s.drive > 0) - (s.drive < 0) or memory.way,
            drive=memory.drive if s.drive else 0,
            rest=0 if s.drive else memory.rest,
            stray=0 if s.drive else memory.stray,
            pinches=0 if cleared or s.state == t.CLOSED else pinches,
            by_command=opens and (not own if begins else memory.by_command),
        )

    def _settled(self) -> tuple[Any, ...]:
        f.settle_hatch(self.hatch, self.table)
        return self.snapshot.take()

    def tell(self, state: Any) -> str:
        """A state in words."""
        values = dict(zip(self.snapshot.paths, state[1], strict=False))
        name = HATCH_STATES[values["state"]]
        return f"{name} driven {values['motor.permille']}, {state[0]}"
