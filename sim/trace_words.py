"""A line of a trace in words: the bytes of boards and wires as the fields they stand for."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from sim import exchange
from wire import messages
from wire.errors import WireError
from wire.frame import Decoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORT = 100
"""So many characters of a line are shown where it is only context."""


def words_of(event: Mapping[str, Any]) -> dict[str, object]:
    """The fields of a line by name, the time among them.

    Args:
        event: A line of a trace; bytes that are no such thing stay hex.
    """
    words: dict[str, object] = {key: event[key] for key in ("t_us", "kiosk") if key in event}
    if "record" in event:
        return words | dict(_flat("", event["record"]))
    data = bytes.fromhex(event["hex"])
    try:
        return words | _fields(event["channel"], data)
    except (struct.error, UnicodeDecodeError, ValueError, IndexError):
        return words | {"hex": data.hex()}


def in_short(event: Mapping[str, Any]) -> str:
    """A line on one line: time in seconds, channel, and the beginning of what passed."""
    what = json.dumps(event["record"]) if "record" in event else str(event.get("hex", ""))
    more = "…" if len(what) > SHORT else ""
    return f"{event['t_us'] / 1e6:14.6f} s  {channel_of(event)}  {what[:SHORT]}{more}"


def channel_of(event: Mapping[str, Any]) -> str:
    """Where a line passed: its channel, behind its kiosk where the trace is of several."""
    return f"{event['kiosk']} {event['channel']}" if "kiosk" in event else str(event["channel"])


def _fields(channel: str, data: bytes) -> dict[str, object]:
    kind = channel.rpartition(".")[2]
    if kind == "sensed":
        inputs = vars(exchange.unpack_inputs(data))
        return inputs | {"rx": _said(inputs["rx"])}
    if kind == "driven":
        outputs = vars(exchange.unpack_outputs(data))
        stored = {name: outputs[name].hex() for name in ("fram", "learned")}
        return outputs | stored | {"tx": _said(outputs["tx"])}
    if channel.startswith("uplink."):
        topic, _, payload = data.partition(b" ")
        return {"topic": topic.decode(), "payload": payload.decode()}
    return {"said": _said(data)}


def _said(data: bytes) -> str:
    """The whole frames in `data` by name; hex where there is none, for lines are cut anywhere."""
    said = []
    for frame in Decoder().feed(data):
        try:
            name, numbers, tail = messages.unpack(frame.kind, frame.body)
        except WireError:
            return data.hex()
        fields = numbers | ({"tail": tail.hex()} if tail else {})
        said.append(" ".join([name, *(f"{key}={value}" for key, value in fields.items())]))
    return "; ".join(said) or data.hex()


def _flat(path: str, thing: object) -> Iterator[tuple[str, object]]:
    """Each leaf of a record with its dotted name."""
    if not isinstance(thing, dict):
        yield path, thing
        return
    for key, value in thing.items():
        yield from _flat(f"{path}.{key}".removeprefix("."), value)
