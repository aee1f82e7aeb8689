"""The protocol's page, `docs/protocol.md`, made from the tables: `python -m wire.document`.

A test holds the page to the tables, so a change of the protocol shows in its documentation.
"""

import sys

from wire import faults, messages
from wire.frame import CRC, HEAD, MAX_BODY, MAX_FRAME

MEANINGS = {
    "hello": "controller: let us talk; `nonce` is fresh for each attempt at a session",
    "welcome": "node: here I am; begins a session where version and hash are alike; `firmware` is "
    "its release",
    "stranger": "node: this heartbeat is of no session of mine; say hello",
    "ack": "either: nothing to say, but this is what I have heard",
    "heartbeat": "controller, every 100 ms, or 1.02 s at rest: renews the lease of 250 ms, "
    "once for each `number`",
    "open_hatch": "unlock and open",
    "close_hatch": "warn for a second, close and lock",
    "drop_load": "turn the diverter to `bin_index`, open the gate, close it again",
    "sample_fast": "send every conversion (`on` = 1) or one a second",
    "light": "chamber light",
    "set_load_limit": "raw counts above and below which neither hatch nor gate may move",
    "clear_faults": "service: latched faults go, as far as their cause is gone",
    "learn_hatch": "service: forget how hard the hatch runs and learn it anew, after a repair",
    "restart": "start anew, if the bay rests and nobody is near; the next `welcome` says `asked`",
    "hatch_opened": "the hatch stands fully open",
    "hatch_closed": "the hatch is closed and locked",
    "hatch_obstructed": "something was in the way; the hatch is open again",
    "hand_moved": "the light curtain was entered (1) or left (0); reports say it too",
    "gate_cycled": "the gate was open over that bin and is home again",
    "command_refused": "nothing moved because of this command; `reason` counts in the list below",
    "fault": "a fault became active (1) or went (0)",
    "report": "the whole state, at every change and five times a second, at rest for each "
    "heartbeat; `beat` is the last heartbeat taken, at `beat_ms`",
    "samples": "conversions, 32 bits each; `number` and `node_ms` are the last one's",
    "levels": "every five seconds while the gate is shut: millimetres from each bin's sensor down "
    "to what lies in it, 0 where it does not answer",
}


def markdown() -> str:
    """The page's text."""
    lines = [_HEAD % (messages.VERSION, messages.TABLE_HASH, MAX_FRAME, HEAD + CRC, MAX_BODY)]
    lines += [
        "## Messages",
        "",
        "| id | message | body | fields | meaning |",
        "|---|---|---|---|---|",
    ]
    for kind in sorted(messages.TABLE):
        name, layout, fields = messages.TABLE[kind]
        row = (kind, name, layout, ", ".join(fields) or "none", MEANINGS[name])
        lines.append("| 0x%02x | `%s` | `%s` | %s | %s |" % row)
    lines += ["", _FLAGS, ""]
    for title, words in (
        ("Hatch states", messages.HATCH_STATES),
        ("Gate states", messages.GATE_STATES),
        ("Reset causes", messages.RESET_CAUSES),
        ("Refusals", messages.REFUSALS),
    ):
        counted = ["%d %s" % (at, word) for at, word in enumerate(words)]
        lines += ["%s: %s." % (title, ", ".join(counted)), ""]
    lines += ["## Faults", "", "| code | fault | severity | latches | what to do |"]
    lines.append("|---|---|---|---|---|")
    for code in sorted(faults.TABLE):
        name, severity, latching, hint = faults.TABLE[code]
        row = (code, name, severity, "yes" if latching else "no", hint)
        lines.append("| %d | `%s` | %s | %s | %s |" % row)
    return "\n".join(lines) + "\n"


_HEAD = """# The wire between controller and node

Made from `wire/` by `python -m wire.document > docs/protocol.md`; do not edit it by hand.
Version %d, table hash `%08x`.

## Frames

A frame is `seq | ack | kind | body | CRC32`, COBS-stuffed and closed by a zero byte: at most %d
bytes on the line, %d of them numbers and CRC, a body of at most %d. Whatever is no frame is
counted and left out; after noise the second whole frame at the latest is understood. What is
sent in one go begins with one more zero byte, so that noise in a pause costs nothing.

`seq` 0 marks a frame that may be lost. Commands and events are numbered 1 to 255 and begin again
at 1; each side takes the other's in order, acknowledges the last one it took in the `ack` of
every frame, and repeats up to four that are not acknowledged (after 100 ms the controller, after
200 ms the node).

## Session and lease

The controller says `hello` until the node answers `welcome`. Both compare `version` and
`table_hash`, which lead both bodies in every version; where they differ, or the bay's name is
another, nothing begins and the controller says what to do. The session's number comes from
nonce, boot id and a count of the node, and every heartbeat and command quotes it. So nothing
that was recorded from another session, controller or boot is obeyed, and within a session each
`command` number is taken once.

A motion command carries `expires_ms`, in node ticks (milliseconds, 30 bits); a late one is
refused, and so is a late `restart`. Without a valid lease no command starts anything. Events carry
their own `number` and are kept until acknowledged, over any number of sessions.

A `restart` is acknowledged like any command, and follows a tenth of a second later, so that the
acknowledgement has left by then; where anything speaks against it meanwhile, it is refused after
all. Of a session before it the node obeys nothing any more.

Where 10 s have passed without a command, an event or fast samples, and hatch and gate are shut,
nobody is there and no fault stands, the controller rests: heartbeats come every 1.02 s and no
lease holds in between. A node that is asked so seldom answers each heartbeat with a report and
sleeps until the next. A command ends the rest and brings its heartbeat in the same piece, before
itself ([0027](adr/0027-node-and-controller-rest-together.md)).
"""

_FLAGS = (
    "Bits of a report's `flags`: %d hand in the light curtain, %d presence, %d lease valid."
    % (
        messages.HAND,
        messages.PRESENCE,
        messages.LEASE,
    )
)


if __name__ == "__main__":
    sys.stdout.write(markdown())
