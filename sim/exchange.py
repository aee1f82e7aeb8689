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

_INPUTS_SIZE = struct.calcsize(_INPUTS)
_OUTPUTS_SIZE = struct.calcsize(_OUTPUTS)
_SAMPLE_SIZE = struct.calcsize(_SAMPLE)


def pack_inputs(inputs: Inputs) -> bytes:
    """The bytes of one `Inputs`."""
    fixed = struct.pack(
        _INPUTS,
        inputs.now_ms,
        _sensed_bits(inputs),
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
    for sample in inputs.samples:
        fixed += struct.pack(_SAMPLE, *sample)
    return fixed + inputs.rx


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
    _set_sensed(inputs, bits)
    inputs.levels_mm = (bin_0, bin_1, bin_2, bin_3)
    end = len(data) - received
    if samples:
        starts = range(size, size + samples * _SAMPLE_SIZE, _SAMPLE_SIZE)
        inputs.samples = tuple([struct.unpack_from(_SAMPLE, data, start) for start in starts])
    inputs.rx = data[end:]
    return inputs


def pack_outputs(outputs: Outputs) -> bytes:
    """The bytes of one `Outputs`."""
    fixed = struct.pack(
        _OUTPUTS,
        _driven_bits(outputs),
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
    _set_driven(outputs, bits)
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


def _sensed_bits(inputs: Inputs) -> int:
    """The digital inputs; written out, as this is done for each scan on either side."""
    return (
        (0x001 if inputs.limit_closed else 0)
        | (0x002 if inputs.limit_open else 0)
        | (0x004 if inputs.curtain_blocked else 0)
        | (0x008 if inputs.inner_release else 0)
        | (0x010 if inputs.emergency_stop else 0)
        | (0x020 if inputs.smoke else 0)
        | (0x040 if inputs.tamper else 0)
        | (0x080 if inputs.gate_closed else 0)
        | (0x100 if inputs.gate_open else 0)
        | (0x200 if inputs.edge_touched else 0)
        | (0x400 if inputs.store_failed else 0)
    )


def _set_sensed(inputs: Inputs, bits: int) -> None:
    inputs.limit_closed = bits & 0x001 != 0
    inputs.limit_open = bits & 0x002 != 0
    inputs.curtain_blocked = bits & 0x004 != 0
    inputs.inner_release = bits & 0x008 != 0
    inputs.emergency_stop = bits & 0x010 != 0
    inputs.smoke = bits & 0x020 != 0
    inputs.tamper = bits & 0x040 != 0
    inputs.gate_closed = bits & 0x080 != 0
    inputs.gate_open = bits & 0x100 != 0
    inputs.edge_touched = bits & 0x200 != 0
    inputs.store_failed = bits & 0x400 != 0


def _driven_bits(outputs: Outputs) -> int:
    """The digital outputs."""
    return (
        (0x01 if outputs.bridge_on else 0)
        | (0x02 if outputs.lock_on else 0)
        | (0x04 if outputs.light_on else 0)
        | (0x08 if outputs.warn_on else 0)
        | (0x10 if outputs.diverter_on else 0)
        | (0x20 if outputs.curtain_test else 0)
        | (0x40 if outputs.restarts else 0)
    )


def _set_driven(outputs: Outputs, bits: int) -> None:
    outputs.bridge_on = bits & 0x01 != 0
    outputs.lock_on = bits & 0x02 != 0
    outputs.light_on = bits & 0x04 != 0
    outputs.warn_on = bits & 0x08 != 0
    outputs.diverter_on = bits & 0x10 != 0
    outputs.curtain_test = bits & 0x20 != 0
    outputs.restarts = bits & 0x40 != 0
