"""What the core would do wrong when it moves: leases, stops, directions, ends, commands."""

from __future__ import annotations

from tests.firmware.explore.core_copy import Edit
from tests.firmware.explore.mutants import GATE, HATCH, LINK, Mutant, one

_ANY_LEASE = Edit("orders.py", 'return "" if self._bay.lease else "no-lease"', 'return ""')
_NOT_REFUSED = Edit(
    "orders.py", 'reason = "gate-not-closed"\n        if reason:', 'reason = ""\n        if reason:'
)
_AWAY = Edit("hatch_table.py", "        (GATE_AWAY, CLOSED, LAPSED),\n", "")
_UNLOCKS = Edit("hatch_table.py", "        (NO_LEASE, CLOSED, LAPSED),\n", "")
_TURNS = Edit("motor.py", "if self._direction and not self.at_rest:", "if False:")
_NO_PINCH_TURN = Edit("hatch_table.py", "(AT_REST, REVERSE, ", "(SAFE, REVERSE, ")
_SAFE_STOP = "return config.slow_permille if self.motor.opening or self.motor.at_rest else 0"
_SLOW_END = "        (STUCK, FAULT, faults.HATCH_STUCK),\n    ),\n}"

MUTANTS = {
    # p1: no host command moves anything without a lease
    "orders and unlocking ask for no lease": Mutant("p1", (), (_ANY_LEASE, _UNLOCKS)),
    "orders and gate ask for no lease": Mutant(
        "p1",
        (),
        (
            _ANY_LEASE,
            Edit("gate.py", 'self.forbidden = "no-lease"', "self.forbidden = forbidden"),
        ),
    ),
    "unlocking goes on in silence": Mutant("p1", HATCH, (_UNLOCKS,)),
    "the warning goes on in silence": one(
        "p1", HATCH, "hatch_table.py", "        (NO_LEASE, OPEN, LAPSED),\n", ""
    ),
    "every opening is the node's own": one(
        "p1",
        HATCH,
        "hatch.py",
        "begins_alone = following == t.UNLOCK and",
        "begins_alone = True or",
    ),
    "silence does not stop the diverter": one(
        "p1", GATE, "gate.py", 'self.forbidden = "no-lease"', "self.forbidden = forbidden"
    ),
    # p2: nothing at all moves under emergency stop
    "the gate closes under the red button": one(
        "p2", ("button in",), "bay.py", "0 if stopped else gate.permille", "gate.permille"
    ),
    "the red button is taken for a bounce": one(
        "p2", ("button in",), "senses.py", "self._stop = Lasting(0,", "self._stop = Lasting(600,"
    ),
    "a reversal goes on under the red button": one(
        "p2", HATCH, "hatch_table.py", "    REVERSE: (\n        _STOP,\n", "    REVERSE: (\n"
    ),
    # p3: hatch and gate never open together
    "the hatch opens over an open gate": Mutant("p3", (), (_AWAY, _NOT_REFUSED)),
    "whoever pulls the handle gets an open gate": Mutant(
        "p3",
        ("handle pulled", "gate held"),
        (_AWAY, Edit("bay.py", "_release) and self.gate_shut", "_release)")),
    ),
    "the gate opens under an open hatch": Mutant(
        "p3",
        (),
        (
            Edit(
                "orders.py", "locked = bay.hatch.state == h.CLOSED and bay.lock_on", "locked = True"
            ),
            Edit("bay.py", "locked = self.hatch.state == h.CLOSED and", "locked = True or"),
        ),
    ),
    "the hatch opens over a gate that was pushed open meanwhile": Mutant(
        "p3", ("push leaves", "gate held"), (_AWAY,)
    ),
    # p7: the direction changes only after rest
    "turns round at once after silence": Mutant(
        "p7", HATCH, (_TURNS, Edit("hatch.py", _SAFE_STOP, "return config.slow_permille"))
    ),
    "turns round at once after a pinch": Mutant("p7", HATCH, (_TURNS, _NO_PINCH_TURN)),
    "current is rest": one(
        "p7",
        ("stray current",),
        "motor.py",
        "still = self.permille == 0 and motor_ma < config.rest_ma",
        "still = self.permille == 0",
    ),
    # p8: every drive has an end
    "no drive is ever overdue": one(
        "p8", ("hatch slips",), "hatch.py", "bits |= t.STUCK", "bits |= 0"
    ),
    "slow opening has no end": one(
        "p8",
        HATCH,
        "hatch_table.py",
        _SLOW_END,
        "    ),\n}",
    ),
    "a gate that does not come down is driven on": one(
        "p8", GATE, "gate.py", "(TIME_UP, RETURN, faults.GATE_STUCK),", ""
    ),
    # p9: both limits at once are a fault
    "both limits are believed": one(
        "p9",
        ("open limit on",),
        "bay.py",
        "(h.BOTH_LIMITS, inputs.limit_closed and inputs.limit_open)",
        "(h.BOTH_LIMITS, False)",
    ),
    "a reversal believes both limits": one(
        "p9", HATCH, "hatch_table.py", "        _LIMITS,\n        (THIRD,", "        (THIRD,"
    ),
    # p10: silence stops a closing hatch, and only slow opening follows
    "closing goes on in silence": one(
        "p10", HATCH, "hatch_table.py", '        (NO_LEASE, SAFE_STOP, ""),\n', ""
    ),
    "after silence it opens fast": one(
        "p10", HATCH, "hatch.py", _SAFE_STOP, _SAFE_STOP.replace("slow_", "open_")
    ),
    # p11: a late, replayed or foreign command starts nothing
    "a late command is obeyed": one(
        "p11", (), "orders.py", "if not 0 <= left_ms <= LATEST_MS:", "if not left_ms <= LATEST_MS:"
    ),
    "a deadline may be as far as it likes": one(
        "p11", (), "orders.py", "if not 0 <= left_ms <= LATEST_MS:", "if not 0 <= left_ms:"
    ),
    "a late drop is obeyed": one(
        "p11",
        (),
        "orders.py",
        "in messages.TIMED else",
        'in messages.TIMED and name != "drop_load" else',
    ),
    "a command is obeyed twice": one(
        "p11_no",
        LINK,
        "link.py",
        'if not _follows(fields["command"], self._last_command):',
        "if False:",
    ),
    "another session's command is obeyed": one(
        "p11_a_command",
        LINK,
        "link.py",
        'if fields["session"] != self.session:',
        "if False:",
    ),
    "an old heartbeat renews the lease": one(
        "p11_a_replayed", LINK, "link.py", 'elif _follows(fields["number"], self.beat):', "else:"
    ),
    # p12: so many pinches leave it open and call service
    "pinches are forgotten when it is open": one(
        "p12",
        HATCH,
        "hatch.py",
        "elif following == t.CLOSED:",
        "elif following in (t.CLOSED, t.OPEN):",
    ),
    "nobody is called": one(
        "p12",
        HATCH,
        "hatch_table.py",
        "(THIRD, FAULT_OPEN, faults.HATCH_BLOCKED),\n        (AT_OPEN",
        '(THIRD, FAULT_OPEN, ""),\n        (AT_OPEN',
    ),
    # p15: no exception
    "a refusal without a word": one(
        "p15",
        (),
        "orders.py",
        'self._refuse((kind, fields["command"]), reason)',
        'self._refuse((kind, fields["command"]), "!")',
    ),
    "a state without a limit": one(
        "p15",
        HATCH,
        "hatch.py",
        "self._limits_ms.get(self.state, FOREVER_MS + 1)",
        "self._limits_ms[self.state]",
    ),
}

# p14: every state has its way out; what can go wrong, and the edit that closes the way
DEAD_ENDS = {
    "staff cannot clear a fault": (
        ("open limit on",),
        Edit(
            "hatch_table.py", '    FAULT: (_STOP, (CLEARED, INIT, "")),\n', "    FAULT: (_STOP,),\n"
        ),
    ),
    "the red button is for ever": (
        ("button in",),
        Edit("hatch_table.py", '((SAFE, INIT, ""),)', '((STRAY, INIT, ""),)'),
    ),
    "a cleared fault stays": (
        ("diverter held",),
        Edit("known_faults.py", "self.bits &= self._causes", "self.bits |= 0"),
    ),
}
