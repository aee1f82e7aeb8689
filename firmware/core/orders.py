"""What the controller asks for: judged, begun or refused with a reason.

Whatever moves needs a lease and a deadline in the node's own ticks; a late command is refused
and starts nothing.
"""

from firmware.core import hatch_table as h
from firmware.core import interlock, ticks
from wire import messages

LATEST_MS = 5000
"""A deadline further ahead than this is not believed."""

_MOTIONS = ("open_hatch", "close_hatch", "drop_load")


class Orders:
    """Takes one node's commands and remembers what the answers need."""

    def __init__(self, node, config):
        self._node = node
        self._bins = config.bins
        self._motion = None
        self._drop = None
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
        }

    def take(self, kind, name, fields, now_ms):
        """Obey one new command, or say why not."""
        reason = self._untimely(fields, now_ms) if name in _MOTIONS else ""
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
            counters = self._node.counters
            self._node.link.say(
                "gate_cycled", bin_index=counters.bin_index, gate_cycles=counters.gate_cycles
            )
        self.drop_counted = False
        self._drop = None

    def _refuse(self, command, reason):
        kind, number = command
        self._node.link.say(
            "command_refused", command=number, kind=kind, reason=messages.REFUSALS.index(reason)
        )

    def _untimely(self, fields, now_ms):
        left_ms = ticks.diff(fields["expires_ms"], now_ms)
        if not 0 <= left_ms <= LATEST_MS:
            return "expired"
        return "" if self._node.link.lease else "no-lease"

    def _open_hatch(self, kind, fields):
        node = self._node
        broken = node.hatch.state == h.FAULT
        reason = interlock.not_fit(node.senses, node.burning, broken)
        if not reason and not node.gate_shut:
            reason = "gate-not-closed"
        if reason:
            return reason
        if node.hatch.ask_open(node.is_open):
            node.link.say("hatch_opened")
        else:
            self._motion = (kind, fields["command"])
        return ""

    def _close_hatch(self, kind, fields):
        node = self._node
        state = node.hatch.state
        if state == h.CLOSED:
            node.link.say("hatch_closed")
            return ""
        if state in (h.CLOSE_WARN, h.CLOSING):
            return ""
        broken = state in (h.FAULT, h.FAULT_OPEN)
        reason = interlock.not_fit(node.senses, node.burning, broken)
        reason = reason or interlock.not_safe_to_close(
            node.senses, node.not_lockable, node.gate_shut
        )
        if not reason and state != h.OPEN:
            reason = "busy"
        if not reason:
            self._motion = (kind, fields["command"])
            node.hatch.ask_close()
        return reason

    def _drop_load(self, kind, fields):
        node = self._node
        if not 0 <= fields["bin_index"] < self._bins:
            return "no-such-bin"
        if not node.gate.resting:
            return "gate-not-closed" if self._drop is None else "busy"
        locked = node.hatch.state == h.CLOSED and node.lock_on
        reason = interlock.not_fit(node.senses, node.burning, node.gate_broken)
        # The lock goes for the same reasons; the reason says more than an open lock.
        reason = reason or interlock.not_safe_to_drop(node.senses, True)
        reason = reason or node.not_lockable
        if not reason and not locked:
            reason = "hatch-not-closed"
        if not reason and not node.gate_shut:
            reason = "gate-not-closed"
        if not reason:
            self._drop = (kind, fields["command"])
            self.drop = (fields["session"], fields["command"], fields["bin_index"])
            self.drop_counted = False
            node.gate.ask(fields["bin_index"])
        return reason

    def _sample_fast(self, kind, fields):
        self._node.cell.fast = fields["on"] != 0
        return ""

    def _light(self, kind, fields):
        self._node.light_on = fields["on"] != 0
        return ""

    def _set_load_limit(self, kind, fields):
        self._node.cell.limit_raw = fields["raw"]
        return ""

    def _clear_faults(self, kind, fields):
        node = self._node
        node.cleared = True
        node.faults.clear()
        return ""
