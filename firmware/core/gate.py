"""The gate: diverter first, then the leaves down, a moment for the load to fall, and back.

One literal table says what leads where. A drop that nothing began is refused with its reason;
once the leaves have left their closed place there is no refusal, only what the counters and the
pan say, for part of the load may have fallen.
"""

from wire import faults

REST, TURN, LEAVES, DWELL, RETURN = range(5)

ASKED = 1
FORBIDDEN = 2
AIMED = 4
OPEN = 8
HOME = 16
AWAY = 32
TIME_UP = 64

REFUSED = "refused"
COUNTED = "counted"
BACK = "back"

# state: (what happens, next state, what is said of it); the first that holds is taken
TABLE = {
    REST: (
        (ASKED, TURN, ""),
        (AWAY, RETURN, ""),  # pushed down by hand: the spring and the drive bring them home
    ),
    TURN: (
        (FORBIDDEN, REST, REFUSED),
        (AIMED, LEAVES, ""),
        (TIME_UP, REST, faults.DIVERTER_STUCK),
    ),
    LEAVES: (
        (FORBIDDEN, RETURN, REFUSED),
        (OPEN, DWELL, COUNTED),
        (TIME_UP, RETURN, faults.GATE_STUCK),
    ),
    DWELL: (
        (FORBIDDEN, RETURN, ""),
        (TIME_UP, RETURN, ""),
    ),
    RETURN: ((HOME, REST, BACK),),  # however long it takes: the fault says so meanwhile
}


class Gate:
    """Two leaves and the diverter below them. `step` each scan, then read what to drive."""

    def __init__(self, config):
        self._config = config
        self._limits_ms = {
            TURN: config.turn_limit_ms,
            LEAVES: config.leaves_limit_ms,
            DWELL: config.dwell_ms,
        }
        self.state = REST
        self.permille = 0
        self.diverter_to = 0
        self.forbidden = ""
        self.was_home = True
        self._age_ms = 0
        self._aimed_before = False
        self._asked_for = -1

    @property
    def resting(self):
        """Whether nothing is under way."""
        return self.state == REST

    @property
    def still(self):
        """Whether nothing is driven nor about to be: at rest, or given up on leaves not home.

        The spring may bring those home yet, or a switch says so that no drive can convince:
        whichever it is, the board's edge or the next scan at rest tells in time.
        """
        return self.state == REST or (self.state == RETURN and not self.permille)

    @property
    def overdue(self):
        """Whether the leaves should be home by now and are not."""
        if self.was_home or self.state in (LEAVES, DWELL):
            return False
        return self._age_ms >= self._config.leaves_limit_ms

    @property
    def turning(self):
        """Whether the diverter's motor is to run."""
        return self.state == TURN

    def ask(self, bin_index):
        """Drop into that bin at the next step; only while resting and allowed."""
        self._asked_for = bin_index

    def step(self, dt_ms, inputs, forbidden, lease):
        """Take in one scan; return what is said of it: "", a word above or a fault.

        `forbidden` is why the gate must not open, "" for no reason. Losing the lease stops a
        drop only while the leaves are still home; later it is finished, which says what became
        of the load.
        """
        self._age_ms = min(self._age_ms + dt_ms, 1 << 20)
        self.was_home = inputs.gate_closed
        self.forbidden = forbidden
        if not forbidden and not lease and (inputs.gate_closed or self.state == TURN):
            self.forbidden = "no-lease"
        said = self._move(self._happenings(inputs))
        self._drive(inputs)
        return said

    def _happenings(self, inputs):
        bits = HOME if inputs.gate_closed else AWAY
        if self._asked_for >= 0:
            bits |= ASKED
        if self.forbidden:
            bits |= FORBIDDEN
        if inputs.gate_open:
            bits |= OPEN
        # The leaves must not open while the diverter only passes the bin on its way.
        aimed = inputs.diverter_at == self.diverter_to
        if aimed and self._aimed_before and inputs.gate_closed:
            bits |= AIMED
        self._aimed_before = aimed
        if self._age_ms >= self._limits_ms.get(self.state, 1 << 30):
            bits |= TIME_UP
        return bits

    def _move(self, bits):
        for happening, following, said in TABLE[self.state]:
            if bits & happening:
                if following == TURN:
                    self.diverter_to = self._asked_for
                    self._aimed_before = False
                self.state = following
                self._age_ms = 0
                self._asked_for = -1
                return said
        return ""

    def _drive(self, inputs):
        if self.state in (LEAVES, DWELL):
            self.permille = 1000
        elif self.state == RETURN and self._age_ms < self._config.leaves_limit_ms:
            self.permille = -1000
        else:
            self.permille = 0
        if self.state == REST and inputs.diverter_at >= 0:
            self.diverter_to = inputs.diverter_at
