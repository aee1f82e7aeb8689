"""What the core would do wrong to people and by its sensors: gate, closing, pinching, locking."""

from __future__ import annotations

from tests.firmware.explore.core_copy import Edit
from tests.firmware.explore.mutants import GATE, HATCH, Mutant, one

_IDLE = "        elif self.phase == IDLE and not blocked:\n            self._enter(%s)\n"
_LOCK = "self.lock_on = holds and not self.not_lockable"
_PRESENCE = "self.presence = self.somebody or not self.judged"

MUTANTS = {
    # p4: the gate never opens on anybody, or on a doubtful load
    "the edge does not stop a drop": one(
        "p4",
        ("edge pressed",),
        "interlock.py",
        'if senses.edge:\n        return "edge"\n    if senses.presence:',
        "if senses.presence:",
    ),
    "somebody does not stop a drop": Mutant(
        "p4",
        ("warm body",),
        (
            Edit("bay.py", "forbidden = self.not_lockable", "forbidden = ''"),
            Edit(
                "interlock.py",
                'return "edge"\n    if senses.presence:',
                'return "edge"\n    if False:',
            ),
        ),
    ),
    "a hand does not stop a drop": one(
        "p4",
        ("hand",),
        "interlock.py",
        '"""Why the gate must not open, nor stay open."""\n    if senses.hand:',
        "if False:",
    ),
    "the handle does not stop a drop": one(
        "p4",
        ("handle pulled",),
        "interlock.py",
        'if senses.inner_release:\n        return "inner-release"\n    return "" if',
        'return "" if',
    ),
    "a load that grows does not stop a drop": one(
        "p4", ("heavy",), "bay.py", "forbidden = self.not_lockable", "forbidden = ''"
    ),
    "a saturated cell knows its load": one(
        "p4",
        ("cell saturated",),
        "adc.py",
        "self.unknown = not -SATURATED <= middle < SATURATED",
        "self.unknown = False; middle = min(middle, 0)",
    ),
    "a drop that FRAM does not count": one(
        "p4_no_drop", ("FRAM fails",), "bay.py", "    faults.COUNTERS_UNSTORED,\n", ""
    ),
    "the leaves go down while the diverter passes by": one(
        "leaves_go_down", GATE, "gate.py", "if aimed and self._aimed_before and", "if aimed and"
    ),
    # p5: closes only while edge and curtain are sound, clear and proved
    "closes on an edge": one(
        "p5",
        ("edge pressed",),
        "interlock.py",
        'if senses.edge:\n        return "edge"\n    return not_lockable',
        "return not_lockable",
    ),
    "closes with a broken edge": one(
        "p5", ("edge broken",), "senses.py", "pressed or broken or inputs", "pressed or inputs"
    ),
    "closes on a hand": one(
        "p5",
        ("hand",),
        "interlock.py",
        'nor go on closing; `not_lockable` as `not_safe_to_lock`."""\n    if senses.hand:',
        'x"""\n    if False:',
    ),
    "closes behind an untested curtain": one(
        "p5", (), "curtain.py", _IDLE % "DARK", _IDLE % "PROVED"
    ),
    "closes behind a dead curtain": one(
        "p5", ("curtain dead",), "hatch.py", "t.CLOSE_WARN and not seen & t.PROVED", "-1"
    ),
    "a fire closes behind an untested curtain": one(
        "p5", ("smoke", "push up"), "hatch.py", "return bool(seen & t.PROVED) and", "return"
    ),
    # p6: what is in the way takes the drive off
    "a touch between two scans is lost": one(
        "p6",
        ("edge touched",),
        "senses.py",
        "pressed or broken or inputs.edge_touched",
        "pressed or broken",
    ),
    "a pressed edge is braked against": Mutant(
        "p6_the",
        ("edge pressed",),
        (
            Edit("hatch.py", "        if seen & t.PRESSED:\n            return False\n", ""),
            Edit("hatch.py", "and not self._presses", ""),
        ),
    ),
    "an opening leaf is braked": one(
        "p6_a_brake",
        ("supply low",),
        "motor.py",
        "self.permille == 0 and self._direction < 0 and",
        "self.permille == 0 and",
    ),
    "a pinch is no reason to stop": one(
        "p6", HATCH, "hatch_table.py", '(OBSTRUCTED, PINCH, "")', '(SAFE, CLOSING, "")'
    ),
    "a pinch shows in no current": one(
        "p6_what",
        ("obstacle",),
        "hatch.py",
        "bits |= t.OBSTRUCTED  # at the closed",
        "bits |= 0  # at the closed",
    ),
    "what it has learned tells it nothing": one(
        "p6_what",
        ("light obstacle",),
        "profile.py",
        "return min(config.pinch_ma, usual_ma + config.pinch_above_ma)",
        "return config.pinch_ma",
    ),
    # p13: nobody is locked in
    "locks whoever is there": one("p13", ("warm body",), "bay.py", _LOCK, "self.lock_on = holds"),
    "the handle does not unlock": one(
        "p13",
        ("handle pulled",),
        "interlock.py",
        'if senses.inner_release:\n        return "inner-release"\n    if cell.unknown:',
        "if cell.unknown:",
    ),
    "a frozen sensor sees nobody": one(
        "p13", ("thermal stuck",), "senses.py", " or self._thermal.stuck\n", "\n"
    ),
    "a silent cell carries nothing": one(
        "p13",
        ("cell silent",),
        "adc.py",
        "self.unknown = self.silent or self.stuck or len",
        "self.unknown = self.stuck or len",
    ),
    "too much is not too much": one(
        "p13", ("heavy",), "interlock.py", 'return "overload" if cell.overload else ""', 'return ""'
    ),
    "locks where it is not shut": one(
        "locks_only",
        ("closed limit off",),
        "bay.py",
        "holds = hatch.state in (h.CLOSED, h.FIRE) and inputs.limit_closed",
        "holds = hatch.state in (h.CLOSED, h.FIRE)",
    ),
    # what stands beside them
    "ready before anything is known": Mutant(
        "not_before",
        (),
        (
            Edit("senses.py", _PRESENCE, "self.presence = self.somebody"),
            Edit("hatch.py", "if seen & t.READY and self.motor.at_rest:", "if True:"),
        ),
    ),
    "a limit is believed wherever it reports": one(
        "a_limit", ("closed limit on",), "hatch.py", "bits |= t.TOO_EARLY", "bits |= 0"
    ),
    "stray current is nobody's business": one(
        "stray", HATCH, "hatch.py", "bits |= t.STRAY", "bits |= 0"
    ),
}
