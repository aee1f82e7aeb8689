"""What a bay node can sense and drive: one `Inputs` read and one `Outputs` written each scan.

Everything is an integer, a bool or bytes, so that every host gives identical traces.
"""


class Inputs:
    """What one scan reads; the defaults are a healthy bay at rest, hatch closed and locked."""

    def __init__(self):
        self.now_ms = 0  # node ticks, 30 bit, wrap
        self.rx = b""  # bytes received since the last scan
        # (node ticks ms, signed 24-bit raw) of the conversions since the last scan
        self.samples: tuple[tuple[int, int], ...] = ()
        self.limit_closed = True
        self.limit_open = False
        self.edge_ohm = 8200  # supervised soft edge: 8200 idle, < 1000 pressed, > 50000 broken wire
        # the edge was pressed at some moment since the last scan; while the hatch was closing, the
        # board's interrupt has switched the bridge off at that moment
        self.edge_touched = False
        self.curtain_blocked = False  # light curtain across the hatch opening
        self.motor_ma = 0  # hatch motor current
        self.warm_dc = 220  # hottest pixel of the thermal array, tenths of a degree C
        # sum of its 64 pixels, quarter degrees C: noise never lets a live array repeat it for long
        self.thermal_sum = 5632
        self.tof_mm = 350  # time-of-flight distance, chamber ceiling to what is below
        # from each bin's sensor down to what lies in it, 0 where it does not answer
        self.levels_mm: tuple[int, ...] = (1100, 1100, 1100, 1100)
        self.inner_release = False  # mechanical handle inside the chamber was pulled
        self.emergency_stop = False
        self.smoke = False
        self.temperature_dc = 220  # tenths of a degree C
        self.tamper = False
        self.supply_mv = 24000
        self.gate_closed = True  # both leaves home
        self.gate_open = False  # both leaves fully down
        self.diverter_at = 0  # bin index the diverter stands at, -1 while it turns
        self.store_failed = False  # FRAM did not take the last block, or reads back another


class Outputs:
    """What one scan drives; the defaults are the safe state, as after a reset."""

    def __init__(self):
        self.bridge_on = False  # hatch H-bridge enable; on without drive it brakes
        self.hatch_permille = 0  # drive: -1000 closing .. +1000 opening
        self.lock_on = False  # the lock holds only while powered, so a dead node locks nobody in
        self.gate_permille = 0  # drive: +1000 opens the leaves; spring and negative close them
        self.diverter_to = 0  # wanted bin index
        self.diverter_on = False  # the diverter turns towards it only while this is on
        self.light_on = False  # in the chamber
        self.warn_on = False  # lamp and buzzer at the hatch: it is about to close
        self.curtain_test = False  # the curtain's sender is off: a sound curtain then says blocked
        self.tx = b""  # bytes to send to the Pi
        self.fram = b""  # when not empty: the counter block to store, before the next scan
        self.learned = b""  # when not empty: the hatch's learned profile, to store likewise
        self.restarts = False  # once this is driven, stored and sent, the node is to start anew
        self.wake_in_ms = 50  # the node needs no scan before this, unless an input or byte comes


class Board:
    """A board: read once, write once, each scan."""

    def read(self):
        """Wait until the node's next deadline, an input edge or a byte; return `Inputs`.

        A deadline more than 50 ms away is a sleep: then whatever reads clearly otherwise than
        the node was told (switches, edge, current, supply, warmth, distance, load) is an edge too,
        within 50 ms; and no sleep lasts longer than two seconds.
        """
        raise NotImplementedError

    def write(self, outputs):
        """Drive everything from `Outputs`, the safety outputs first."""
        raise NotImplementedError

    def stepped(self):
        """The node has decided on this scan: one of the parts that the watchdog asks for."""

    def feed(self):
        """Tell the watchdog that a scan was completed; a board without one needs nothing."""

    def restart(self):
        """Start the node anew, as `Outputs.restarts` asks, once what was sent has left.

        That is waited for a tenth of a second at most. Real hardware does not return from it.
        """
        raise NotImplementedError

    def stored_counters(self):
        """The counter block last stored in FRAM, b"" where none was ever stored."""
        raise NotImplementedError

    def stored_profile(self):
        """The hatch's learned profile last stored in FRAM, b"" where none was ever stored."""
        raise NotImplementedError

    def identity(self):
        """(bay name as bytes, boot id of 32 random bits, reset cause as `machine` numbers it)."""
        raise NotImplementedError
