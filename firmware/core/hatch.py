"""The hatch: finds out what holds, follows its table, and says what its motor is to do.

The bay lets no closing begin that `interlock` forbids and hands in `OBSTRUCTED` while one runs.
"""

from firmware.core import hatch_table as t
from firmware.core.motor import FOREVER_MS, Motor
from firmware.core.profile import CLOSING, OPENING, Profile
from wire import faults

_QUIET = (t.INIT, t.CLOSED, t.OPEN, t.HOLD, t.FAULT_OPEN, t.ESTOP, t.FAULT)
_OPENS_AGAIN = (t.PINCH, t.REVERSE, t.HOLD, t.SAFE_STOP, t.OPEN, t.FAULT_OPEN)
_NOT_MOVED = (t.INIT, t.CLOSED, t.ESTOP, t.FAULT, t.FIRE)


class Hatch:
    """The hatch's state and what it wants of its motor. `step` each scan, then read them.

    Args:
        config: The bay's figures.
        learned: What FRAM keeps of its profile, b"" for nothing.
    """

    def __init__(self, config, learned=b""):
        self._config = config
        self._limits_ms = {
            t.UNLOCK: config.unlock_ms,
            t.CLOSE_WARN: config.warn_ms,
            t.PINCH: config.rest_limit_ms,
            t.HOLD: config.hold_ms,
        }
        self.motor = Motor(config)
        self.profile = Profile(config, learned)
        self.state = t.INIT
        self.tested = False  # the self-test at start is over
        self.opens = False
        self.own = False
        self.brakes = False  # the bridge is to short the motor
        self.found = []  # faults that this scan showed and no transition says
        self._presses = False
        self._pinches = 0
        self._asked = 0
        self._open_wanted = False
        self._shut = True
        self._was_locked = False
        self._fire_met = False
        self._age_ms = 0
        self._ajar_ms = 0

    @property
    def quiet(self):
        """Whether nothing moves nor is about to."""
        return self.state in _QUIET and not self._asked

    @property
    def closes_soon(self):
        """Whether it closes or is about to, by command or for a fire: lamp, buzzer, a test."""
        may_close = self.state == t.FIRE and not self._fire_met
        return may_close or self.state in (t.CLOSE_WARN, t.CLOSING)

    @property
    def met(self):
        """Whether a closing met something, and it has not closed since nor was cleared."""
        return self._pinches > 0

    def ask_open(self, at_open):
        """Open for the controller; True where it stands open already."""
        if at_open and self.state in (t.OPEN, t.HOLD, t.FAULT_OPEN):
            return True
        if self.state in (t.PINCH, t.REVERSE):
            self._open_wanted = True
        else:
            self._asked = t.OPEN_ASKED
        return False

    def ask_close(self):
        """Close for the controller, which `interlock` allows; nothing new where it does."""
        self._asked = t.CLOSE_ASKED

    def take_wanted_open(self):
        """Whether an opening that was asked for during a reversal is done now; says so once."""
        done = self._open_wanted and self.state in (t.HOLD, t.FAULT_OPEN, t.OPEN)
        if done:
            self._open_wanted = False
        return done

    def step(self, dt_ms, seen, inputs, locked):
        """Take in one scan; return what is said of it: "", a word above or a fault's code.

        Args:
            dt_ms: Milliseconds since the last scan.
            seen: What the bay sees, as bits.
            inputs: Motor current and supply are read from them.
            locked: Whether the lock was powered until now.
        """
        self._age_ms = min(self._age_ms + dt_ms, FOREVER_MS)
        self._ajar_ms = 0 if seen & t.AT_CLOSED else min(self._ajar_ms + dt_ms, FOREVER_MS)
        self._follow_motor(dt_ms, seen, inputs)
        if seen & t.AT_CLOSED:
            self._was_locked = locked
        bits = self._happenings(seen)
        self._asked = 0
        said = self._move(bits)
        self._count_opening(seen)
        self.motor.drive(self._wanted(seen))
        self.brakes = self._may_brake(seen) and self.motor.runs_down
        return said

    def _follow_motor(self, dt_ms, seen, inputs):
        motor, profile = self.motor, self.profile
        self.found = []
        profile.take(dt_ms, motor.position_mm, inputs.motor_ma, inputs.supply_mv)
        way = CLOSING if motor.closing else OPENING
        motor.limit_ma = profile.limit_ma(way, motor.position_mm)
        motor.keep_time(dt_ms, seen & t.AT_OPEN, seen & t.AT_CLOSED, inputs.motor_ma)
        if motor.silent:
            self.found.append(faults.MOTOR_SILENT)
        if motor.sticks:
            self.found.append(faults.HATCH_LIMIT)

    def _happenings(self, seen):
        bits = seen | self._asked | self._motor_bits(seen)
        if seen & t.READY and self.motor.at_rest:
            self.tested = True
        if self.tested and seen & t.AT_CLOSED:
            bits |= t.FOUND_CLOSED
        if self.tested and seen & t.AT_OPEN:
            bits |= t.FOUND_OPEN
        if not seen & t.STOPPED:
            bits |= t.SAFE
        if self.own:
            bits &= ~t.NO_LEASE
        if self.motor.closing and bits & t.OBSTRUCTED:
            bits |= t.MET
        if self._is_time_up(seen):
            bits |= t.TIME_UP
        third = self._pinches >= self._config.pinches
        if third and (seen & t.AT_OPEN or self.state == t.OPEN):
            bits |= t.THIRD
        if self._ajar_ms >= self._config.ajar_ms:
            bits |= t.FORCED if self._was_locked else t.AJAR
        return bits

    def _motor_bits(self, seen):
        """What the motor shows."""
        motor = self.motor
        bits = 0
        if motor.closing and motor.blocked and not seen & t.AT_CLOSED:
            bits |= t.OBSTRUCTED  # at the closed limit the leaf may press its frame
        if motor.overdue or (motor.opening and motor.jammed):
            bits |= t.STUCK
        if motor.at_rest:
            bits |= t.AT_REST
        if motor.stray:
            bits |= t.STRAY
        if motor.closing and motor.silent:
            bits |= t.UNWATCHED
        if motor.early:
            bits |= t.TOO_EARLY
        return bits

    def _is_time_up(self, seen):
        if self.state == t.CLOSE_WARN and not seen & t.PROVED:
            return False  # no closing behind a curtain that has not passed its test
        if self.state == t.UNLOCK and not self.motor.at_rest:
            return False  # else the drive would begin later, perhaps when the lease is gone
        return self._age_ms >= self._limits_ms.get(self.state, FOREVER_MS + 1)

    def _move(self, bits):
        for happening, following, said in t.TABLE[self.state]:
            if bits & happening:
                self._enter(following, bits)
                return said
        return ""

    def _enter(self, following, bits):
        self._follow_run(following, bits)
        # An opening of the node's own needs no lease; whatever follows it does.
        begins_alone = following == t.UNLOCK and not bits & t.OPEN_ASKED
        self.own = begins_alone or (self.own and following == t.OPENING)
        if following == t.PINCH:
            self._presses = bool(bits & t.PRESSED or self.motor.blocked)
            self._pinches += 1
            self._fire_met = self._fire_met or self.state == t.FIRE
        elif following == t.CLOSED:
            self._pinches = 0
        elif bits & t.CLEARED and self.state in (t.FIRE, t.FAULT_OPEN, t.FAULT):
            self._pinches = 0
            self._fire_met = False
        if following not in _OPENS_AGAIN:
            self._open_wanted = False
        self.state = following
        self._age_ms = 0

    def _follow_run(self, following, bits):
        """A run from limit to limit teaches the profile, or shows what has changed."""
        if following == t.OPENING and bits & t.AT_CLOSED:
            self.profile.begin(OPENING)
        elif following == t.CLOSING and bits & t.AT_OPEN:
            self.profile.begin(CLOSING)
        elif (self.state, following) in ((t.OPENING, t.OPEN), (t.CLOSING, t.CLOSED)):
            code = self.profile.end()
            if code:
                self.found.append(code)
        else:
            self.profile.drop()

    def _count_opening(self, seen):
        """Say in `opens` when the hatch leaves its closed place, whatever moves it."""
        self.opens = False
        if self._shut:
            self.opens = self._ajar_ms >= self._config.ajar_ms or self.state not in _NOT_MOVED
            self._shut = not self.opens
        else:
            self._shut = bool(seen & t.AT_CLOSED) and self.state in _NOT_MOVED

    def _wanted(self, seen):
        """Which drive this state wants, in permille of full; positive opens."""
        config = self._config
        if self.state in (t.OPENING, t.REVERSE):
            return config.open_permille
        if self.state == t.CLOSING:
            return self.motor.closing_permille()
        if self.state == t.SAFE_STOP and not seen & t.WEAK:
            return config.slow_permille if self.motor.opening or self.motor.at_rest else 0
        if self.state == t.FIRE and self._may_close_on_fire(seen):
            return self.motor.closing_permille()
        return 0

    def _may_brake(self, seen):
        """Stop the leaf short of what it does not touch; what it presses must push it back."""
        if seen & t.PRESSED:
            return False
        return self.state == t.SAFE_STOP or (self.state == t.PINCH and not self._presses)

    def _may_close_on_fire(self, seen):
        if self._fire_met or seen & (t.AT_CLOSED | t.OBSTRUCTED | t.WEAK):
            return False
        if self.motor.silent and self.motor.closing:
            return False
        return bool(seen & t.PROVED) and self._age_ms >= self._config.warn_ms
