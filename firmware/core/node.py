"""The bay's node: one scan in, one scan out. The bay moves, the link speaks.

`Node.step(inputs)` reads time and received bytes from `inputs` and answers with what to drive
and what to send.
"""

from firmware.core import ticks
from firmware.core.bay import RESTING_MS, Bay
from firmware.core.config import Config
from firmware.core.levels import Levels
from firmware.core.link import Link
from firmware.hal.board import Outputs
from wire import messages

LONGEST_MS = 10000
"""A scan that comes later than this counts as this late."""

SLEEP_MS = 1500
"""While bay and controller rest. A heartbeat wakes the node sooner, and so does whatever the
board looks out for (`firmware.hal.board`); this is for a controller that has gone."""

_LIGHT = "hand_moved"
"""The event that the next report says as well."""

_SHUT = 0
"""Place of a closed gate in `messages.GATE_STATES`."""


class Node:
    """One bay's node.

    Args:
        identity: (bay name as bytes, boot id, reset cause), as `Board.identity` gives it.
        stored: The counter block from FRAM, b"" where there is none.
        learned: The hatch's learned profile from FRAM, b"" where there is none.
        config: The bay's figures; those of the design where none are given.
    """

    def __init__(self, identity, stored=b"", learned=b"", config=None):
        bay, boot_id, reset_cause = identity
        self.link = Link(bay, boot_id, reset_cause)
        self.bay = Bay(config or Config(), stored, learned)
        self._levels = Levels()
        self._outputs = Outputs()
        self._last_ms = None
        self._sleeps = False
        self._shown = None

    def step(self, inputs):
        """Take in one scan and return what to drive until the next."""
        now_ms = inputs.now_ms
        dt_ms = self._elapsed_ms(now_ms)
        heard = self.link.feed(dt_ms, now_ms, inputs.rx)
        commands = [
            (kind, name, fields, ticks.diff(fields.get("expires_ms", now_ms), now_ms))
            for kind, name, fields in heard
        ]
        bay, outputs = self.bay, self._outputs
        bay.step(self._awake_ms(dt_ms), inputs, commands, self.link.lease)
        bay.drive(outputs)
        outputs.tx = self._tx(inputs, dt_ms)
        self._sleeps = self.link.rests and bay.calm
        outputs.wake_in_ms = SLEEP_MS if self._sleeps else bay.wake_in_ms
        return outputs

    def _awake_ms(self, dt_ms):
        """What of the time since the last scan counts for the bay's patience.

        A signal that is seen to have changed after a long sleep changed at its end: the board
        wakes the node. As after a short one, it has lasted for `RESTING_MS` at most.
        """
        if not self._sleeps or dt_ms <= RESTING_MS:
            return dt_ms
        self.bay.cell.sleep(dt_ms - RESTING_MS)
        return RESTING_MS

    def _elapsed_ms(self, now_ms):
        """Milliseconds since the last scan; a clock that went back counts as standing still."""
        last_ms = now_ms if self._last_ms is None else self._last_ms
        self._last_ms = now_ms
        return max(0, min(LONGEST_MS, ticks.diff(now_ms, last_ms)))

    def _tx(self, inputs, dt_ms):
        """Report what changed, then tell the events, so that an event finds its report."""
        bay, link = self.bay, self.link
        shown = (
            bay.hatch.state,
            self._gate_state(inputs),
            self._flags(),
            bay.faults.bits,
            bay.counters.gate_cycles,
            bay.counters.hatch_openings,
        )
        if self._shown is not None and shown[2] & messages.HAND != self._shown[2] & messages.HAND:
            bay.say(_LIGHT, inside=shown[2] & messages.HAND)
        if shown != self._shown:
            self._shown = shown
            link.report_soon()
        for name, fields in bay.said:
            if name == _LIGHT:
                link.say_lightly(name, fields)
            else:
                link.say(name, fields)
        bay.said = []
        report = self._report(inputs) if link.report_due else None
        self._levels.step(dt_ms, shut=shown[1] == _SHUT)
        levels = self._levels.due(inputs) if link.talking else None
        return link.tx(report, bay.cell.due(), levels)

    def _report(self, inputs):
        bay, link = self.bay, self.link
        return {
            "node_ms": inputs.now_ms,
            "hatch": bay.hatch.state,
            "gate": self._gate_state(inputs),
            "flags": self._flags(),
            "gate_cycles": bay.counters.gate_cycles,
            "hatch_openings": bay.counters.hatch_openings,
            "motor_ma": max(0, min(0xFFFF, inputs.motor_ma)),
            "position_mm": bay.hatch.motor.position_mm,
            "faults": bay.faults.bits,
            "last_drop_session": bay.counters.session,
            "last_drop_command": bay.counters.command,
            "bad_frames": link.bad_frames & 0xFFFF,
            "lost_events": link.lost_events,
            "beat": link.beat,
            "beat_ms": link.beat_ms,
            "temperature_dc": max(-0x8000, min(0x7FFF, inputs.temperature_dc)),
        }

    def _gate_state(self, inputs):
        """Place in `messages.GATE_STATES`: closed, moving, open."""
        if self.bay.gate.resting and inputs.gate_closed:
            return _SHUT
        return 2 if inputs.gate_open else 1

    def _flags(self):
        flags = messages.HAND if self.bay.senses.hand else 0
        if self.bay.senses.presence:
            flags |= messages.PRESENCE
        return flags | (messages.LEASE if self.link.lease else 0)
