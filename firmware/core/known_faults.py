"""Which faults are active; a latching one stays until staff clear it."""

from wire import faults

LATCHING = sum([1 << code for code, row in faults.TABLE.items() if row[2]])
"""Bits of the faults that stay."""


class KnownFaults:
    """The active faults as bits (1 << code), and what changed since it was last asked."""

    def __init__(self):
        self.bits = 0
        self._causes = 0
        self._told = 0

    def see(self, causes):
        """Say whose causes are there now, as bits; all others' are not."""
        self._causes = causes
        self.bits = self.bits & LATCHING | causes

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
        if not changed:
            return ()
        self._told = self.bits
        codes = [code for code in sorted(faults.TABLE) if changed & (1 << code)]
        return [(code, bool(self.bits & (1 << code))) for code in codes]
