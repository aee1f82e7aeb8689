"""The restart that a controller asks for: judged, held back for a moment, and done once.

Nothing moves by it. But the lock lets go, nobody watches for a second, and what latched is
forgotten; so it is for a bay that rests, with nobody near and nothing wrong but what a start may
mend: senses that have gone. Whatever else is wrong stays for those who must look.
"""

from firmware.core import hatch_table as h
from firmware.core import interlock
from wire import faults

MENDS = sum([1 << code for code in faults.MENDED_BY_A_START])
"""Bits of the faults over which a restart is done."""


class Restart:
    """One bay's. `ask` when it may be, `step` each scan; then `due` says whether it is now.

    It is judged at the end of the scan that asks for it, and of every one until it is due: much
    can happen in a tenth of a second.
    """

    def __init__(self, config):
        self.pending = False
        self.due = False
        self._wait_ms = config.restart_ms
        self._age_ms = 0
        self._is_new = False

    def ask(self):
        """It is asked for, in time and under a lease; the next `step` judges it."""
        self.pending = self._is_new = True

    def step(self, dt_ms, forbidden):
        """Take in one scan; return why a restart is not to be after all, "" for nothing.

        `forbidden` is what speaks against it now.
        """
        self.due = False
        if not self.pending:
            return ""
        # What had passed before it was asked for is no time in which anything could be seen.
        self._age_ms = 0 if self._is_new else self._age_ms + dt_ms
        self._is_new = False
        if not forbidden and self._age_ms < self._wait_ms:
            return ""
        self.pending = False
        self._age_ms = 0
        self.due = not forbidden
        return forbidden


def forbidden(bay):
    """Why this bay must not be restarted now, as a refusal's word; "" for nothing."""
    senses, shut = bay.senses, bay.hatch.state == h.CLOSED
    reason = interlock.not_fit(senses, bay.burning, False)
    reason = reason or interlock.not_safe_to_restart(senses, bay.cell, shut)
    return reason or _unsound(bay) or _not_at_rest(bay)


def _unsound(bay):
    """What a restart would hide or lose, "" for nothing."""
    if not bay.hatch.tested:
        return "not-ready"
    if bay.store_failed:  # where nothing moves nothing is counted, so all else has been stored
        return "counters-unstored"
    return "fault" if bay.faults.bits & ~MENDS else ""


def _not_at_rest(bay):
    """What moves, or is not where it rests, "" for nothing."""
    hatch = bay.hatch
    if not bay.gate_shut:
        return "gate-not-closed"
    if not hatch.quiet or not hatch.motor.at_rest:
        return "busy"
    if hatch.state == h.CLOSED and bay.is_shut:
        return ""
    # How often a closing met something is no fault yet, and would be forgotten likewise.
    stands_open = hatch.state == h.OPEN and bay.is_open and not hatch.met
    return "" if stands_open else "hatch-not-closed"
