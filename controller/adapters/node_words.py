"""Between the controller's words for a node (events, commands) and those of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from wire import faults, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent, NodeReport

EVERY_COMMAND = {
    "open_hatch": "OpenHatch",
    "close_hatch": "CloseHatch",
    "drop_load": "DropLoad",
    "sample_fast": "SampleFast",
    "light": "Light",
    "set_load_limit": "SetLoadLimit",
    "clear_faults": "ClearFaults",
    "learn_hatch": "LearnHatch",
    "restart": "RestartNode",
}
"""Name on the wire → name in `controller.core.commands`."""

_NAMES = {core: name for name, core in EVERY_COMMAND.items()}


def command_words(command: NodeCommand) -> tuple[str, dict[str, int]]:
    """The name and the own fields of a command on the wire."""
    fields: dict[str, int] = {}
    match command:
        case commands.DropLoad():
            fields["bin_index"] = command.bin_index
        case commands.SampleFast() | commands.Light():
            fields["on"] = int(command.on)
        case commands.SetLoadLimit():
            fields |= {"raw": command.raw, "low_raw": command.low_raw}
    return _NAMES[type(command).__name__], fields


def report_of(bay: str, fields: dict[str, int]) -> NodeReport:
    """A node's report as the controller's event."""
    bits, temperature_dc = fields["faults"], fields["temperature_dc"]
    return events.NodeReport(
        bay=bay,
        node_ms=fields["node_ms"],
        hatch=_word(messages.HATCH_STATES, fields["hatch"]),
        gate=_word(messages.GATE_STATES, fields["gate"]),
        hand=bool(fields["flags"] & messages.HAND),
        presence=bool(fields["flags"] & messages.PRESENCE),
        gate_cycles=fields["gate_cycles"],
        hatch_openings=fields["hatch_openings"],
        motor_ma=fields["motor_ma"],
        position_mm=fields["position_mm"],
        faults=tuple(faults.TABLE[code][0] for code in sorted(faults.TABLE) if bits >> code & 1),
        temperature_dc=None if temperature_dc == messages.NO_TEMPERATURE_DC else temperature_dc,
    )


def _samples(bay: str, fields: dict[str, int], tail: bytes) -> NodeEvent:
    return events.Samples(bay, fields["node_ms"], messages.unpack_raw(tail))


def _levels(bay: str, fields: dict[str, int], _tail: bytes) -> NodeEvent:
    told = (fields[f"bin_{index}"] for index in range(messages.BINS))
    mm = tuple(None if one == messages.NO_LEVEL_MM else one for one in told)
    return events.LevelsRead(bay, fields["node_ms"], mm)


READINGS: dict[str, Callable[[str, dict[str, int], bytes], NodeEvent]] = {
    "samples": _samples,
    "levels": _levels,
}
"""What may be lost, for the next one says it again: name → the event that it is, from the bay's
name, the fields and the tail."""


def event_of(bay: str, name: str, fields: dict[str, int]) -> NodeEvent:
    """A node's numbered event as the controller's.

    Raises:
        KeyError: `name` is no event.
    """
    return _EVENTS[name](bay, fields)


def reset_cause(number: int) -> str:
    """A reset cause in words."""
    return _word(messages.RESET_CAUSES, number)


def _word(words: tuple[str, ...], number: int) -> str:
    return words[number] if number < len(words) else f"unknown-{number}"


def _refused(bay: str, fields: dict[str, int]) -> NodeEvent:
    row = messages.TABLE.get(fields["kind"])
    name = row[0] if row else ""
    reason = _word(messages.REFUSALS, fields["reason"])
    return events.CommandRefused(bay, EVERY_COMMAND.get(name, name), reason)


def _fault(bay: str, fields: dict[str, int]) -> NodeEvent:
    row = faults.TABLE.get(fields["code"])
    name = row[0] if row else f"unknown-{fields['code']}"
    return events.NodeFault(bay, name, bool(fields["active"]))


_EVENTS: dict[str, Callable[[str, dict[str, int]], NodeEvent]] = {
    "hatch_opened": lambda bay, _: events.HatchOpened(bay),
    "hatch_closed": lambda bay, _: events.HatchClosed(bay),
    "hatch_obstructed": lambda bay, _: events.HatchObstructed(bay),
    "hand_moved": lambda bay, fields: events.HandMoved(bay, bool(fields["inside"])),
    "gate_cycled": lambda bay, fields: events.GateCycled(
        bay, fields["bin_index"], fields["gate_cycles"]
    ),
    "command_refused": _refused,
    "fault": _fault,
}


def at_rest(fields: dict[str, int]) -> bool:
    """Whether a report says that the bay is sound, shut and empty."""
    shut = fields["hatch"] == messages.HATCH_STATES.index("CLOSED") and fields["gate"] == 0
    disturbed = fields["flags"] & (messages.HAND | messages.PRESENCE)
    return shut and not disturbed and not fields["faults"]
