"""What the core would do wrong when it is asked to start anew: at a bad moment, or too late."""

from __future__ import annotations

from tests.firmware.explore.core_copy import Edit
from tests.firmware.explore.mutants import Mutant, one

_FAULTS = Edit("restart.py", "if bay.faults.bits & ~MENDS else", "if False else")
_PRESENCE = "if senses.warm or (hatch_shut and senses.presence):"

MUTANTS = {
    # p16: a restart never happens while anything moves, with anybody near, or out of place
    "restarts although current flows": one(
        "p16_restarts_only_while",
        ("stray current",),
        "restart.py",
        " or not hatch.motor.at_rest:",
        ":",
    ),
    "restarts over an open gate": one(
        "p16_restarts_only_with_h", (), "restart.py", "if not bay.gate_shut:", "if False:"
    ),
    "restarts wherever the hatch is": Mutant(
        "p16_restarts_only_with_h",
        (),
        (
            Edit("restart.py", "if not hatch.quiet or not hatch.motor.at_rest:", "if False:"),
            Edit("restart.py", 'else "hatch-not-closed"', 'else ""'),
        ),
    ),
    "restarts with a hand in": one(
        "p16_restarts_only_with_n",
        ("hand",),
        "interlock.py",
        'ends the doubt.\n    """\n    if senses.hand:',
        'ends the doubt.\n    """\n    if False:',
    ),
    "restarts on a pressed edge": one(
        "p16_restarts_only_with_n",
        ("edge pressed",),
        "interlock.py",
        'if senses.edge:\n        return "edge"\n    if senses.warm',
        "if senses.warm",
    ),
    "restarts with somebody in": one(
        "p16_restarts_only_with_n", ("warm body",), "interlock.py", _PRESENCE, "if False:"
    ),
    # There is a fault for it as well, so both have to go.
    "a sensor without sense sees nobody behind a shut hatch": Mutant(
        "p16_restarts_only_with_n",
        ("distance nonsense",),
        (Edit("interlock.py", _PRESENCE, "if senses.warm:"), _FAULTS),
    ),
    "restarts under too much": one(
        "p16_restarts_only_with_n",
        ("heavy",),
        "interlock.py",
        'if cell.overload:\n        return "overload"\n    return "inner',
        'return "inner',
    ),
    "is judged when it is asked for, and then no more": one(
        "p16_restarts_only_with_n",
        ("hand",),
        "bay.py",
        "if self.restart.pending else",
        "if self.restart.pending and self.restart._is_new else",
    ),
    "forgets what latched": Mutant("p16_a_restart_forgets", ("gate held",), (_FAULTS,)),
    "forgets what FRAM did not take": Mutant(
        "p16_a_restart_forgets",
        ("FRAM fails",),
        (
            Edit("restart.py", "if bay.store_failed:", "if False:"),
            _FAULTS,
        ),
    ),
    "forgets what a closing met": one(
        "p16_a_restart_forgets", ("obstacle",), "restart.py", " and not hatch.met", ""
    ),
    "restarts in silence": one(
        "p16_a_restart_forgets",
        (),
        "bay.py",
        'return forbidden(self) if self.lease else "no-lease"',
        "return forbidden(self)",
    ),
    # p11: a late command starts nothing
    "a late restart is a restart": one(
        "p11",
        (),
        "orders.py",
        "in messages.TIMED else",
        'in messages.TIMED and name != "restart" else',
    ),
}
