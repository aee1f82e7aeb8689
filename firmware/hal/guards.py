"""An input that switches the hatch's bridge off by itself, between two scans."""


class Guard:
    """Watches one pin, and ends one drive of the hatch in the pin's interrupt.

    Args:
        name: Field of `Inputs` that it fills.
        pin: The pin; called without argument it gives its level.
        level: Level that means yes.
        ends: The drive that it ends: 1 opening, -1 closing, 0 either.
        bridge: The bridge's enable pin; called with 0 it switches off.
    """

    def __init__(self, name, pin, level, ends, bridge):
        self.name = name
        self.seen = False
        self.armed = False
        self._pin = pin
        self._level = level
        self._ends = ends
        self._bridge = bridge

    def tripped(self, pin):
        """The pin's interrupt. It runs during garbage collection too, so it allocates nothing.

        The level is looked at again: a spike that is gone after the 10 to 30 us that the
        interrupt takes was none.
        """
        if self._pin() == self._level:
            if self.armed:
                self._bridge(0)
            self.seen = True

    def arm(self, way):
        """From now on end such a drive: 1 opens, -1 closes, 0 stands still."""
        self.armed = way != 0 and self._ends in (0, way)

    def holds(self):
        """Whether the bridge must stay off because of this input."""
        return self.armed and self.on()

    def on(self):
        """Whether the input is on, or was since it was last taken."""
        return self.seen or self._pin() == self._level

    def take(self):
        """`on`, for this scan. An interrupt that comes meanwhile is kept for the next."""
        if self.seen:
            self.seen = False
            return True
        return self._pin() == self._level
