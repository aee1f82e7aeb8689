"""The node's states, `docs/states.md`, drawn from the tables: `python -m firmware.document`.

A test holds the page to the tables, so that a transition shows in its documentation.
"""

import sys

from firmware.core import gate, hatch_table
from wire import faults
from wire.messages import HATCH_STATES

GATE_NAMES = ("REST", "TURN", "LEAVES", "DWELL", "RETURN")

HATCH_WORDS = {
    "STOPPED": "emergency stop",
    "BOTH_LIMITS": "both limits at once",
    "BURNING": "smoke or heat",
    "STRAY": "current flows with the bridge off",
    "AT_CLOSED": "at the closed limit",
    "AT_OPEN": "at the open limit",
    "FOUND_CLOSED": "self-test over, at the closed limit",
    "FOUND_OPEN": "self-test over, at the open limit",
    "OBSTRUCTED": "hand, edge, current, presence, load or open gate",
    "NO_LEASE": "no lease",
    "WEAK": "supply too low",
    "MUST_OPEN": "inner release, or somebody inside",
    "CLEARED": "staff clear the faults",
    "OPEN_ASKED": "command to open",
    "CLOSE_ASKED": "command to close",
    "MET": "obstructed while closing",
    "TIME_UP": "time is up",
    "AT_REST": "at rest",
    "STUCK": "driven or blocked for too long",
    "GATE_AWAY": "the gate is not shut",
    "THIRD": "open, after the third pinch",
    "FORCED": "moved though locked",
    "AJAR": "moved while free",
    "SAFE": "button released",
    "TOO_EARLY": "closed limit where the leaf cannot be",
    "UNWATCHED": "driven, and no current to be seen",
    "UNPROVED": "the curtain failed its test",
}

GATE_WORDS = {
    "ASKED": "command to drop",
    "FORBIDDEN": "something forbids it",
    "AIMED": "diverter at its bin, leaves home",
    "OPEN": "leaves fully down",
    "HOME": "leaves home",
    "AWAY": "leaves pushed down",
    "TIME_UP": "time is up",
}


def markdown():
    """The page's text."""
    lines = [_HEAD, "## Hatch", ""]
    lines += _drawn(hatch_table, hatch_table.TABLE, HATCH_STATES, HATCH_WORDS)
    lines += ["", _ALWAYS, ""]
    lines += _listed(hatch_table, hatch_table.TABLE, HATCH_STATES, HATCH_WORDS)
    lines += ["", "## Gate", ""]
    lines += _drawn(gate, gate.TABLE, GATE_NAMES, GATE_WORDS)
    lines.append("")
    lines += _listed(gate, gate.TABLE, GATE_NAMES, GATE_WORDS)
    return "\n".join(lines) + "\n"


def _drawn(module, table, names, words):
    """A state diagram; what leads away from nearly everywhere stands once, in words."""
    always = _shared(table)
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> %s" % names[0]]
    for state in sorted(table):
        for row in table[state]:
            if row not in always:
                label = _word(module, row[0], words)
                lines.append("    %s --> %s: %s" % (names[state], names[row[1]], label))
    return lines + ["```"]


def _listed(module, table, names, words):
    """Every transition in the order in which it is looked for."""
    lines = ["| in | what happens | leads to | what is said |", "|---|---|---|---|"]
    for state in sorted(table):
        for happening, following, said in table[state]:
            row = (names[state], _word(module, happening, words), names[following], _said(said))
            lines.append("| %s | %s | %s | %s |" % row)
    return lines


def _shared(table):
    """Transitions that at least five states share."""
    counts = {}
    for state in table:
        for row in table[state]:
            counts[row] = counts.get(row, 0) + 1
    return [row for row in counts if counts[row] >= 5 and row[2] != "opened"]


def _word(module, bit, words):
    for name in words:
        if getattr(module, name) == bit:
            return words[name]
    raise KeyError("no words for the happening %d: add them in firmware/document.py" % bit)


def _said(said):
    if said in faults.TABLE:
        return "fault `%s`" % faults.TABLE[said][0]
    return said


_HEAD = """# What leads where

Drawn from `firmware/core/hatch_table.py` and `firmware/core/gate.py` by
`python -m firmware.document > docs/states.md`; do not edit it by hand. In each state the first
row that holds is taken. What the states do stands in [node.md](node.md).
"""

_ALWAYS = """Not drawn, since nearly every state knows it: the emergency stop leads to ESTOP; both
limits at once, stray current and a drive that lasts too long to FAULT; smoke or heat to FIRE.
The list below is complete."""


if __name__ == "__main__":
    sys.stdout.write(markdown())
