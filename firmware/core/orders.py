"""What the controller asks for: judged, begun or refused with a reason.

Whatever moves, and a restart, needs a lease and a deadline in the node's own ticks; a late command
is refused and starts nothing.
"""

from firmware.core import hatch_table as h
from firmware.core import interlock
from wire import messages

LATEST_MS = 5000
"""A deadline further ahead than this is not believed."""


class Orders:
    """Takes one bay's commands and remembers what the answers need."""

    def __init__(self, bay, config):
        self._bay = bay
        self._bins = config.bins
        self._motion = None
        self._drop = None
        self._restart = None
        self.drop_counted = False
        self.drop = (0, 0, 0)
        self._table = {
            "open_hatch": self._open_hatch,
            "close_hatch": self._close_hatch,
            "drop_load": self._drop_load,
            "sample_fast": self._sample_fast,
            "light": self._light,
            "set_load_limit": self._set_load_limit,
            "clear_faults": self._clear_faults,
            "learn_hatch": self._learn_hatch,
            "restart": self._ask_restart,
        }

    def take(self, kind, name, fields, left_ms):
        """Obey one new command, or say why not; `left_ms` is the time to its deadline."""
        reason = self._untimely(left_ms) if name in messages.TIMED else ""
        if not reason:
            reason = self._table[name](kind, fields)
        if reason:
            self._refuse((kind, fields["command"]), reason)

    def refuse_motion(self, reason):
        """The hatch gave up an accepted command before anything moved."""
        if self._motion is not None:
            self._refuse(self._motion, reason)

    def end_motion(self):
        """The hatch arrived somewhere; nothing of an accepted command is left to refuse."""
        self._motion = None

    def refuse_drop(self, reason, nothing_fell):
        """The gate gave up a drop; said only where it is certain that nothing fell."""
        if self._drop is not None and nothing_fell and not self.drop_counted:
            self._refuse(self._drop, reason)
            self._drop = None

    def end_drop(self):
        """The leaves are home again; told as a cycle where they had been open."""
        if self.drop_counted:
            counters = self._bay.counters
            self._bay.say(
                "gate_cycled", bin_index=counters.bin_index, gate_cycles=counters.gate_cycles
            )
        self.drop_counted = False
        self._drop = None

    def refuse_restart(self, reason):
        """Something speaks against a restart that was asked for; nothing does where it is ""."""
        if reason and self._restart is not None:
            self._refuse(self._restart, reason)
            self._restart = None

    def _refuse(self, command, reason):
        kind, number = command
        self._bay.say(
            "command_refused", command=number, kind=kind, reason=messages.REFUSALS.index(reason)
        )

    def _untimely(self, left_ms):
        if not 0 <= left_ms <= LATEST_MS:
            return "expired"
        return "" if self._bay.lease else "no-lease"

    def _open_hatch(self, kind, fields):
        bay = self._bay
        broken = bay.hatch.state == h.FAULT
        reason = interlock.not_fit(bay.senses, bay.burning, broken)
        if not reason and not bay.hatch.tested:
            reason = "not-ready"
        if not reason and not bay.gate_shut:
            reason = "gate-not-closed"
        if reason:
            return reason
        if bay.hatch.ask_open(bay.is_open):
            bay.say("hatch_opened")
        else:
            self._motion = (kind, fields["command"])
        return ""

    def _close_hatch(self, kind, fields):
        bay = self._bay
        state = bay.hatch.state
        if state == h.CLOSED:
            bay.say("hatch_closed")
            return ""
        if state in (h.CLOSE_WARN, h.CLOSING):
            return ""
        broken = state in (h.FAULT, h.FAULT_OPEN) or bay.close_broken
        reason = interlock.not_fit(bay.senses, bay.burning, broken)
        reason = reason or interlock.not_safe_to_close(bay.senses, bay.not_lockable, bay.gate_shut)
        if not reason and state != h.OPEN:
            reason = "busy"
        if not reason:
            self._motion = (kind, fields["command"])
            bay.hatch.ask_close()
        return reason

    def _drop_load(self, kind, fields):
        bay = self._bay
        if not 0 <= fields["bin_index"] < self._bins:
            return "no-such-bin"
        if not bay.gate.resting:
            return "gate-not-closed" if self._drop is None else "busy"
        locked = bay.hatch.state == h.CLOSED and bay.lock_on
        reason = interlock.not_fit(bay.senses, bay.burning, bay.gate_broken)
        # The lock goes for the same reasons; the reason says more than an open lock.
        reason = reason or interlock.not_safe_to_drop(bay.senses, True)
        reason = reason or bay.not_lockable
        if not reason and not locked:
            reason = "hatch-not-closed"
        if not reason and not bay.gate_shut:
            reason = "gate-not-closed"
        if not reason:
            self._drop = (kind, fields["command"])
            self.drop = (fields["session"], fields["command"], fields["bin_index"])
            self.drop_counted = False
            bay.gate.ask(fields["bin_index"])
        return reason

    def _sample_fast(self, kind, fields):
        self._bay.cell.fast = fields["on"] != 0
        return ""

    def _light(self, kind, fields):
        self._bay.light_on = fields["on"] != 0
        return ""

    def _set_load_limit(self, kind, fields):
        self._bay.cell.limit_raw = fields["raw"]
        self._bay.cell.low_raw = fields["low_raw"]
        return ""

    def _clear_faults(self, kind, fields):
        bay = self._bay
        bay.cleared = True
        bay.faults.clear()
        return ""

    def _learn_hatch(self, kind, fields):
        self._bay.hatch.profile.forget()
        return ""

    def _ask_restart(self, kind, fields):
        if self._bay.restart.pending:
            return "busy"  # else whoever asks again and again puts it off for ever
        self._restart = (kind, fields["command"])
        self._bay.restart.ask()  # judged at the end of this scan, with all that it shows
        return ""
