"""Which faults are active; a latching one stays until staff clear it."""

from wire import faults


class KnownFaults:
    """The set of active faults as bits, and what changed since it was last asked."""

    def __init__(self):
        self.bits = 0
        self._causes = 0
        self._told = 0

    def put(self, code, cause):
        """Say whether the cause of a fault is there now."""
        bit = 1 << code
        if cause:
            self._causes |= bit
            self.bits |= bit
        else:
            self._causes &= ~bit
            if not faults.TABLE[code][2]:
                self.bits &= ~bit

    def raise_once(self, code):
        """Note a latching fault whose cause is a moment, not a condition."""
        self.bits |= 1 << code

    def has(self, code):
        """Whether the fault is active."""
        return bool(self.bits & (1 << code))

    def clear(self):
        """Staff have looked: latched faults go, those whose cause is still there stay."""
        self.bits &= self._causes

    def changes(self):
        """(code, active) of every fault that changed since the last call, by code."""
        changed = self.bits ^ self._told
        self._told = self.bits
        if not changed:
            return ()
        return [
            (code, bool(self.bits & (1 << code)))
            for code in sorted(faults.TABLE)
            if changed & (1 << code)
        ]
