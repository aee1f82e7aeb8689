"""Every message between controller and node, as one literal table.

A row is `id: (name, struct format, field names)`. A `*` at the end of a format gives the last
field whatever is left of the body, as bytes. Numbers are little endian. Both sides compare
`VERSION` and `TABLE_HASH` in their first message and refuse each other where they differ.
"""

import binascii
import struct

from wire import faults
from wire.errors import WireError
from wire.frame import MAX_BODY

VERSION = 1

TABLE = {
    # The handshake. `version` and `table_hash` lead both bodies in every version there will be.
    0x01: ("hello", "<BII", ("version", "table_hash", "nonce")),
    0x02: (
        "welcome",
        "<BIIIIBIB*",
        (
            "version",
            "table_hash",
            "nonce",
            "boot_id",
            "session",
            "reset_cause",
            "node_ms",
            "firmware",
            "bay",
        ),
    ),
    0x03: ("stranger", "<I", ("boot_id",)),
    # The link.
    0x08: ("ack", "<", ()),
    0x09: ("heartbeat", "<IH", ("session", "number")),
    # Commands: numbered frames from the controller.
    0x10: ("open_hatch", "<IHI", ("session", "command", "expires_ms")),
    0x11: ("close_hatch", "<IHI", ("session", "command", "expires_ms")),
    0x12: ("drop_load", "<IHIB", ("session", "command", "expires_ms", "bin_index")),
    0x18: ("sample_fast", "<IHB", ("session", "command", "on")),
    0x19: ("light", "<IHB", ("session", "command", "on")),
    0x1A: ("set_load_limit", "<IHii", ("session", "command", "raw", "low_raw")),
    0x1B: ("clear_faults", "<IH", ("session", "command")),
    0x1C: ("learn_hatch", "<IH", ("session", "command")),
    0x1D: ("restart", "<IHI", ("session", "command", "expires_ms")),
    # Events: numbered frames from the node; `number` counts them since its start.
    0x20: ("hatch_opened", "<H", ("number",)),
    0x21: ("hatch_closed", "<H", ("number",)),
    0x22: ("hatch_obstructed", "<H", ("number",)),
    0x23: ("hand_moved", "<HB", ("number", "inside")),
    0x24: ("gate_cycled", "<HBI", ("number", "bin_index", "gate_cycles")),
    0x25: ("command_refused", "<HHBB", ("number", "command", "kind", "reason")),
    0x26: ("fault", "<HBB", ("number", "code", "active")),
    # What may be lost, because the next one says it all again.
    0x30: (
        "report",
        "<IBBBIIHHIIHHHHIh",
        (
            "node_ms",
            "hatch",
            "gate",
            "flags",
            "gate_cycles",
            "hatch_openings",
            "motor_ma",
            "position_mm",
            "faults",
            "last_drop_session",
            "last_drop_command",
            "bad_frames",
            "lost_events",
            "beat",
            "beat_ms",
            "temperature_dc",
        ),
    ),
    0x31: ("samples", "<HI*", ("number", "node_ms", "raw")),
    0x32: ("levels", "<IHHHH", ("node_ms", "bin_0", "bin_1", "bin_2", "bin_3")),
}
"""Message id: (name, format, fields)."""

KINDS = {row[0]: kind for kind, row in TABLE.items()}
"""Message name: id."""

TIMED = tuple([name for name, _, fields in TABLE.values() if "expires_ms" in fields])
"""Commands that carry a deadline in node ticks: a late one is refused, and starts nothing."""


class _Layout:
    """How a row of the table lies in a body: computed once, as each message asks for it."""

    def __init__(self, kind: int, name: str, layout: str, fields: tuple[str, ...]) -> None:
        self.kind = kind
        self.name = name
        self.has_tail = layout.endswith("*")
        self.fixed = layout[:-1] if self.has_tail else layout
        self.numbers = fields[:-1] if self.has_tail else fields
        self.size = struct.calcsize(self.fixed)


_LAYOUTS = {kind: _Layout(kind, *row) for kind, row in TABLE.items()}
_BY_NAME = {one.name: one for one in _LAYOUTS.values()}

HATCH_STATES = (
    "INIT",
    "CLOSED",
    "UNLOCK",
    "OPENING",
    "OPEN",
    "CLOSE_WARN",
    "CLOSING",
    "PINCH",
    "REVERSE",
    "HOLD",
    "FAULT_OPEN",
    "ESTOP",
    "FAULT",
    "FIRE",
    "SAFE_STOP",
)
GATE_STATES = ("CLOSED", "MOVING", "OPEN")
RESET_CAUSES = ("unknown", "power", "hard-reset", "watchdog", "deep-sleep", "soft-reset", "asked")
"""As MicroPython's `machine.reset_cause()` numbers them; `asked` is a `restart` that was obeyed."""

NO_TEMPERATURE_DC = -1000
"""A report's `temperature_dc` where the node's thermometer does not answer."""

BINS = 4
NO_LEVEL_MM = 0
"""A bin in a `levels` message whose sensor does not answer."""

REFUSALS = (
    "expired",
    "no-lease",
    "busy",
    "hand-inside",
    "presence",
    "edge",
    "inner-release",
    "overload",
    "load-unknown",
    "gate-not-closed",
    "hatch-not-closed",
    "gate-stuck",
    "diverter-stuck",
    "undervoltage",
    "emergency-stop",
    "fire",
    "fault",
    "no-such-bin",
    "not-ready",
    "curtain",
    "counters-unstored",
)
"""Why a node refuses a command; the number on the line is the place in this row."""

HAND = 1
PRESENCE = 2
LEASE = 4
"""Bits of a report's `flags`: curtain blocked, warm body, the controller's lease is valid."""

MAX_SAMPLES = (MAX_BODY - 6) // 4
"""Conversions that one `samples` message holds."""


_NO_FIT = (TypeError, ValueError, getattr(struct, "error", ValueError))
"""MicroPython's struct has no error of its own."""


def _table_hash() -> int:
    """CRC32 over everything that both sides must understand alike."""
    words = [",".join(row) for row in (HATCH_STATES, GATE_STATES, RESET_CAUSES, REFUSALS)]
    words += ["%d:%s" % (code, faults.TABLE[code][0]) for code in sorted(faults.TABLE)]
    for kind in sorted(TABLE):
        name, layout, fields = TABLE[kind]
        words.append("%d:%s:%s:%s" % (kind, name, layout, ",".join(fields)))
    return binascii.crc32("\n".join(words).encode())


TABLE_HASH = _table_hash()


def pack(name: str, tail: bytes = b"", **fields: int) -> tuple[int, bytes]:
    """(message id, body) of the message `name`; `tail` is its last field where that is bytes.

    Raises:
        WireError: There is no such message or field, or it does not fit a frame. A number that
            does not fit its field raises under CPython and is cut off by MicroPython.
    """
    row = _BY_NAME.get(name)
    if row is None:
        raise WireError("no message %r: see wire.messages.TABLE" % name)
    values = [fields[field] for field in row.numbers if field in fields]
    if not len(values) == len(fields) == len(row.numbers) or (tail and not row.has_tail):
        raise WireError("%s has the fields %s" % (name, ", ".join(TABLE[row.kind][2])))
    body = _packed(row.fixed, values)
    if body is None:
        raise WireError("%s cannot hold %r" % (name, fields))
    body += tail
    if len(body) > MAX_BODY:
        raise WireError("%s of %d bytes: a frame holds %d" % (name, len(body), MAX_BODY))
    return row.kind, body


def _packed(layout: str, values: list[int]) -> bytes | None:
    """The values in bytes; None where one does not fit, as far as `struct` says so."""
    try:
        return struct.pack(layout, *values)
    except _NO_FIT:
        return None


def unpack(kind: int, body: bytes) -> tuple[str, dict[str, int], bytes]:
    """(name, numbers by field, tail) of a frame's kind and body.

    Raises:
        WireError: There is no such kind, or the body is too short or too long for it.
    """
    row = _LAYOUTS.get(kind)
    if row is None:
        raise WireError("no message has the id 0x%02x: the other side is newer or older" % kind)
    size = row.size
    if len(body) < size or (len(body) > size and not row.has_tail):
        raise WireError("%s has %d bytes, not %d" % (row.name, len(body), size))
    numbers = dict(zip(row.numbers, struct.unpack(row.fixed, body[:size])))
    return row.name, numbers, body[size:]


def peer(body: bytes) -> tuple[int, int]:
    """(version, table hash) at the head of a hello or welcome of any version.

    Raises:
        WireError: The body is too short to be either.
    """
    if len(body) < 5:
        raise WireError("a handshake of %d bytes: its head alone has 5" % len(body))
    version, table_hash = struct.unpack("<BI", body[:5])
    return version, table_hash


def pack_raw(raw: list[int]) -> bytes:
    """Conversions (signed, at most 32 bits) as the tail of a `samples` message."""
    return struct.pack("<%di" % len(raw), *raw)


def unpack_raw(tail: bytes) -> tuple[int, ...]:
    """The conversions of a `samples` message.

    Raises:
        WireError: The tail holds no whole number of conversions.
    """
    if len(tail) % 4:
        raise WireError("samples of %d bytes: a conversion has 4" % len(tail))
    return struct.unpack("<%di" % (len(tail) // 4), tail)
