"""One board exchange as bytes: what the board senses one way, what the node drives the other.

Both node hosts use it, so that a run's bytes do not depend on the interpreter. Runs under
CPython and under MicroPython.
"""

import struct

from firmware.hal.board import Inputs, Outputs

_INPUTS = "<IHIihhHhHb4HBH"
_SAMPLE = "<Ii"
_OUTPUTS = "<BhhbHBBH"
_START = "<IBBBB"
_LENGTH = "<H"

HEAD = 2
"""Bytes of the length that leads a frame in a pipe."""

_SENSED = (
    "limit_closed",
    "limit_open",
    "curtain_blocked",
    "inner_release",
    "emergency_stop",
    "smoke",
    "tamper",
    "gate_closed",
    "gate_open",
    "edge_touched",
    "store_failed",
)
_DRIVEN = ("bridge_on", "lock_on", "light_on", "warn_on", "diverter_on", "curtain_test")
_SENSED_AT = tuple([(name, 1 << at) for at, name in enumerate(_SENSED)])
_DRIVEN_AT = tuple([(name, 1 << at) for at, name in enumerate(_DRIVEN)])
_INPUTS_SIZE = struct.calcsize(_INPUTS)
_OUTPUTS_SIZE = struct.calcsize(_OUTPUTS)
_SAMPLE_SIZE = struct.calcsize(_SAMPLE)


def pack_inputs(inputs: Inputs) -> bytes:
    """The bytes of one `Inputs`."""
    fixed = struct.pack(
        _INPUTS,
        inputs.now_ms,
        _bits(inputs, _SENSED_AT),
        inputs.edge_ohm,
        inputs.motor_ma,
        inputs.warm_dc,
        inputs.thermal_sum,
        inputs.tof_mm,
        inputs.temperature_dc,
        inputs.supply_mv,
        inputs.diverter_at,
        *inputs.levels_mm,
        len(inputs.samples),
        len(inputs.rx),
    )
    samples = b"".join([struct.pack(_SAMPLE, *sample) for sample in inputs.samples])
    return fixed + samples + inputs.rx


def unpack_inputs(data: bytes) -> Inputs:
    """The `Inputs` that these bytes are."""
    inputs = Inputs()
    size = _INPUTS_SIZE
    (
        inputs.now_ms,
        bits,
        inputs.edge_ohm,
        inputs.motor_ma,
        inputs.warm_dc,
        inputs.thermal_sum,
        inputs.tof_mm,
        inputs.temperature_dc,
        inputs.supply_mv,
        inputs.diverter_at,
        bin_0,
        bin_1,
        bin_2,
        bin_3,
        samples,
        received,
    ) = struct.unpack(_INPUTS, data[:size])
    _set_bits(inputs, _SENSED_AT, bits)
    inputs.levels_mm = (bin_0, bin_1, bin_2, bin_3)
    end = len(data) - received
    starts = range(size, size + samples * _SAMPLE_SIZE, _SAMPLE_SIZE)
    taken = [struct.unpack_from(_SAMPLE, data, start) for start in starts]
    inputs.samples = tuple(taken)
    inputs.rx = data[end:]
    return inputs


def pack_outputs(outputs: Outputs) -> bytes:
    """The bytes of one `Outputs`."""
    fixed = struct.pack(
        _OUTPUTS,
        _bits(outputs, _DRIVEN_AT),
        outputs.hatch_permille,
        outputs.gate_permille,
        outputs.diverter_to,
        outputs.wake_in_ms,
        len(outputs.fram),
        len(outputs.learned),
        len(outputs.tx),
    )
    return fixed + outputs.fram + outputs.learned + outputs.tx


def unpack_outputs(data: bytes) -> Outputs:
    """The `Outputs` that these bytes are."""
    outputs = Outputs()
    size = _OUTPUTS_SIZE
    (
        bits,
        outputs.hatch_permille,
        outputs.gate_permille,
        outputs.diverter_to,
        outputs.wake_in_ms,
        stored,
        learned,
        sent,
    ) = struct.unpack(_OUTPUTS, data[:size])
    _set_bits(outputs, _DRIVEN_AT, bits)
    outputs.fram = data[size : size + stored]
    outputs.learned = data[size + stored : size + stored + learned]
    outputs.tx = data[len(data) - sent :]
    return outputs


def pack_start(
    bay: bytes,
    boot_id: int,
    reset_cause: int,
    stored: bytes,
    learned: bytes,
    figures: dict[str, int],
) -> bytes:
    """What a node is told when it starts: who it is, its FRAM's two blocks, its odd figures.

    `figures` maps names of `firmware.core.config.Config` to integers.
    """
    text = "\n".join([f"{name} {figures[name]}" for name in sorted(figures)]).encode()
    head = struct.pack(_START, boot_id, reset_cause, len(bay), len(stored), len(learned))
    return head + bay + stored + learned + text


def unpack_start(data: bytes) -> tuple[bytes, int, int, bytes, bytes, dict[str, int]]:
    """(bay, boot id, reset cause, counters, learned profile, figures) of a start's bytes."""
    size = struct.calcsize(_START)
    boot_id, reset_cause, name, stored, learned = struct.unpack(_START, data[:size])
    bay, rest = data[size : size + name], data[size + name :]
    figures = {}
    for line in rest[stored + learned :].decode().split("\n"):
        if line:
            key, value = line.split(" ")
            figures[key] = int(value)
    profile = rest[stored : stored + learned]
    return bay, boot_id, reset_cause, rest[:stored], profile, figures


def framed(data: bytes) -> bytes:
    """Bytes with their length before them, as they go through a pipe."""
    return struct.pack(_LENGTH, len(data)) + data


def length(head: bytes) -> int:
    """How many bytes follow a frame's first `HEAD` bytes."""
    count: int = struct.unpack(_LENGTH, head)[0]
    return count


def _bits(thing: Inputs | Outputs, places: tuple[tuple[str, int], ...]) -> int:
    bits = 0
    for name, place in places:
        if getattr(thing, name):
            bits |= place
    return bits


def _set_bits(thing: Inputs | Outputs, places: tuple[tuple[str, int], ...], bits: int) -> None:
    for name, place in places:
        setattr(thing, name, bits & place != 0)
