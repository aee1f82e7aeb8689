"""What must have run before the watchdog is fed."""

READ, STEP, WRITE, CELLS, EXPANDER, SENSORS = (1, 2, 4, 8, 16, 32)
_ALL = 63
_SCAN = READ | STEP | WRITE


class Checkpoints:
    """The parts of the scan that have run since all of them last had.

    A chip that does not answer has still been asked: it is the node that says what follows from
    it. Only a part that was not even tried keeps the watchdog hungry.
    """

    def __init__(self):
        self._passed = 0
        self._awake = 0

    def passed(self, part):
        """This part has run."""
        self._passed |= part
        self._awake |= part

    def take(self):
        """Whether every part has run; then they all have to run again."""
        if self._passed != _ALL:
            return False
        self._passed = 0
        return True

    def take_asleep(self):
        """The same for a node that sleeps: the scan before its sleep was whole, the rest runs."""
        if self._awake & _SCAN != _SCAN:
            return False
        self._passed |= _SCAN
        return self.take()

    def wake(self):
        """A sleep is over: before the next one the scan has to be whole again."""
        self._awake = 0
