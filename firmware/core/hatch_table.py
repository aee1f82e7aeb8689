"""What leads from state to state of the hatch: one literal table, and the words it is made of."""

from wire import faults
from wire.messages import HATCH_STATES

(
    INIT,
    CLOSED,
    UNLOCK,
    OPENING,
    OPEN,
    CLOSE_WARN,
    CLOSING,
    PINCH,
    REVERSE,
    HOLD,
    FAULT_OPEN,
    ESTOP,
    FAULT,
    FIRE,
    SAFE_STOP,
) = range(len(HATCH_STATES))

# What the node sees ...
STOPPED = 1  # emergency stop
BOTH_LIMITS = 2
BURNING = 4
AT_CLOSED = 8
AT_OPEN = 16
OBSTRUCTED = 32
NO_LEASE = 64
WEAK = 128
MUST_OPEN = 256  # inner release, or somebody behind the closed hatch
CLEARED = 512  # staff cleared the faults
# ... and what the hatch itself adds.
OPEN_ASKED = 1024
CLOSE_ASKED = 2048
MET = 4096  # obstructed while it was closing by itself
TIME_UP = 8192
AT_REST = 16384
STUCK = 32768  # driven for longer than any good run takes, or blocked for long while opening
GATE_AWAY = 65536  # the gate moves, or its leaves are not home
THIRD = 131072  # fully open after as many pinches as are allowed
FORCED = 262144  # moved although it was locked
AJAR = 524288  # moved while it was free
SAFE = 1048576  # the button has come out again
FOUND_CLOSED = 2097152  # at the closed limit, and the self-test at start is over
FOUND_OPEN = 4194304  # at the open limit, likewise
READY = 134217728  # the sensors are judged, as the bay sees it
PROVED = 268435456  # the light curtain has passed its test before this closing
PRESSED = 536870912  # the soft edge is pressed, or its line is open
STRAY = 8388608  # current flows though the bridge is off
TOO_EARLY = 16777216  # the closed limit reports far from where the leaf can be
UNWATCHED = 33554432  # closing, and the motor's current cannot be seen
UNPROVED = 67108864  # the light curtain failed its test

OPENED = "opened"
CLOSED_NOW = "closed"
OBSTRUCTION = "obstructed"
LAPSED = "lapsed"
EVENTS = {
    OPENED: "hatch_opened",
    CLOSED_NOW: "hatch_closed",
    OBSTRUCTION: "hatch_obstructed",
}
"""What is said as an event of the wire; the other words are refusals and faults."""

_STOP = (STOPPED, ESTOP, "")
_LIMITS = (BOTH_LIMITS, FAULT, faults.BOTH_LIMITS)
_FIRE = (BURNING, FIRE, "")
_STRAY = (STRAY, FAULT, faults.MOTOR_CURRENT)
_ALWAYS = (_STOP, _LIMITS, _FIRE, _STRAY)

# state: (what happens, next state, what is said of it); the first that holds is taken.
# Ways out: ESTOP when the button is pulled out on site; FAULT, FAULT_OPEN and FIRE when staff
# have looked and clear the fault in service; every other state by itself or by command.
TABLE = {
    # Somewhere, free to be moved, until the self-test is over and a limit or a command says more.
    INIT: _ALWAYS
    + (
        (FOUND_CLOSED, CLOSED, ""),
        (FOUND_OPEN, OPEN, ""),
        (OPEN_ASKED, UNLOCK, ""),
    ),
    # Shut, and locked while nobody can be inside.
    CLOSED: _ALWAYS
    + (
        (FORCED, INIT, faults.HATCH_FORCED),
        (AJAR, INIT, ""),
        (MUST_OPEN, UNLOCK, ""),
        (OPEN_ASKED, UNLOCK, ""),
    ),
    UNLOCK: _ALWAYS
    + (
        (NO_LEASE, CLOSED, LAPSED),
        (WEAK, CLOSED, LAPSED),
        (GATE_AWAY, CLOSED, LAPSED),
        (TIME_UP, OPENING, ""),
    ),
    # Opening is the safe way, so it goes on without a lease.
    OPENING: _ALWAYS
    + (
        (WEAK, SAFE_STOP, ""),
        (AT_OPEN, OPEN, OPENED),
        (STUCK, FAULT, faults.HATCH_STUCK),
    ),
    OPEN: _ALWAYS
    + (
        (THIRD, FAULT_OPEN, faults.HATCH_BLOCKED),  # the reversal ended otherwise than in HOLD
        (AT_CLOSED, CLOSED, CLOSED_NOW),  # pushed shut by hand
        (OPEN_ASKED, UNLOCK, ""),  # pushed half shut by hand
        (CLOSE_ASKED, CLOSE_WARN, ""),
    ),
    # Lamp and buzzer, and the curtain is tested; nothing moves yet.
    CLOSE_WARN: _ALWAYS
    + (
        (AT_CLOSED, CLOSED, CLOSED_NOW),  # pushed shut by hand: there no curtain is tested
        (UNPROVED, OPEN, faults.CURTAIN_STUCK),
        (OPEN_ASKED, OPEN, OPENED),
        (OBSTRUCTED, OPEN, OBSTRUCTION),
        (NO_LEASE, OPEN, LAPSED),
        (WEAK, OPEN, LAPSED),
        (TIME_UP, CLOSING, ""),
    ),
    CLOSING: _ALWAYS
    + (
        (OBSTRUCTED, PINCH, ""),
        (NO_LEASE, SAFE_STOP, ""),
        (WEAK, SAFE_STOP, ""),
        (OPEN_ASKED, SAFE_STOP, ""),
        (UNWATCHED, SAFE_STOP, faults.MOTOR_SILENT),
        (TOO_EARLY, FAULT, faults.HATCH_LIMIT),
        (AT_CLOSED, CLOSED, CLOSED_NOW),
        (STUCK, FAULT, faults.HATCH_STUCK),
    ),
    # Bridge off; then up again as soon as the motor is at rest. Fire waits for that.
    PINCH: (
        _STOP,
        _LIMITS,
        (AT_REST, REVERSE, ""),
        (TIME_UP, FAULT, faults.MOTOR_CURRENT),
    ),
    REVERSE: (
        _STOP,
        _LIMITS,
        (THIRD, FAULT_OPEN, faults.HATCH_BLOCKED),
        (AT_OPEN, HOLD, OBSTRUCTION),
        (WEAK, SAFE_STOP, ""),
        (STUCK, FAULT, faults.HATCH_STUCK),
    ),
    HOLD: _ALWAYS + ((TIME_UP, OPEN, ""),),
    # Three closings met something: stays open, out of use.
    FAULT_OPEN: (_STOP, _LIMITS, (CLEARED, OPEN, "")),
    # Bridge and lock off: where it is, free to be pushed up.
    ESTOP: ((SAFE, INIT, ""),),
    FAULT: (_STOP, (CLEARED, INIT, "")),
    # Closes by itself while the way is free and nobody is inside; stays open once it met something.
    FIRE: (
        _STOP,
        _LIMITS,
        (MET, PINCH, ""),
        (TOO_EARLY, FAULT, faults.HATCH_LIMIT),
        (STUCK, FAULT, faults.HATCH_STUCK),
        (CLEARED, INIT, ""),
    ),
    # Stands still, then opens slowly.
    SAFE_STOP: _ALWAYS
    + (
        (AT_OPEN, OPEN, OPENED),
        (STUCK, FAULT, faults.HATCH_STUCK),
    ),
}
