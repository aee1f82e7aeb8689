"""A model's size and speed without training: half-size constants, whole numbers of 8 bits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

WHOLE_KINDS = ("Conv", "Clip", "Add", "GlobalAveragePool")
"""What is computed in whole numbers; class scores and strangeness stay floats.

Without Clip among them, the steps would have to reach as far as a layer goes before ReLU6.
"""

FLOAT_PARTS = ("/stem/", "/blocks.0/")
"""Layers that stay floats: they see few channels of a wide range, and cost no time so."""

WIDENED_BY = 0.01
"""How much each picture widens what levels a layer is thought to reach.

One picture's glare would stretch the steps for all: a mean of what each picture reaches loses half
as many labels as the most that any did.
"""

LARGE = 1_000
"""Constants of more values than this are kept in 16 bits."""


def tidied(data: bytes) -> bytes:
    """A model whose constants are worked out, and whose convolutions pad by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        given, done = Path(folder, "given.onnx"), Path(folder, "done.onnx")
        given.write_bytes(data)
        quant_pre_process(given, done, skip_symbolic_shape=True)
        model = onnx.load(done)
    _pad_inside(model.graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def halved(data: bytes) -> bytes:
    """A model with its large constants in 16 bits, and a cast behind each.

    The runtime folds the casts when it loads the model, and computes in 32 bits as before.
    """
    model = onnx.load_from_string(data)
    _halve(model.graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def whole_number_onnx(model: bytes, pictures: Sequence[NDArray[np.uint8]]) -> bytes:
    """A `halved` model with convolutions in 8 bits, a step a channel.

    `pictures` (SIDE × SIDE × 3 each) show what levels occur. One step a layer instead of one a
    channel destroys this kind of network.
    """
    source = onnx.load_from_string(model)
    _unhalve(source.graph)
    with tempfile.TemporaryDirectory() as folder:
        ready, done = Path(folder, "ready.onnx"), Path(folder, "done.onnx")
        onnx.save(source, ready)
        quantize_static(
            ready,
            done,
            _Reader(pictures),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(WHOLE_KINDS),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[
                node.name for node in source.graph.node if node.name.startswith(FLOAT_PARTS)
            ],
            extra_options={"CalibMovingAverage": True, "CalibMovingAverageConstant": WIDENED_BY},
        )
        return done.read_bytes()


def _pad_inside(graph: onnx.GraphProto) -> None:
    """Let convolutions pad what a node before them padded.

    The runtime would copy every picture for such a node, and leave whole numbers for it.
    """
    made = {node.output[0]: node for node in graph.node}
    known = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for conv in [node for node in graph.node if node.op_type == "Conv"]:
        pad = made.get(conv.input[0])
        if pad is None or pad.op_type != "Pad":
            continue
        amounts = [int(value) for value in known[pad.input[1]]]
        rank = len(amounts) // 2
        sides = [*amounts[2:rank], *amounts[rank + 2 :]]  # heights and widths, begins before ends
        attributes = [one for one in conv.attribute if one.name != "pads"]
        del conv.attribute[:]
        conv.attribute.extend([*attributes, helper.make_attribute("pads", sides)])
        conv.input[0] = pad.input[0]
        graph.node.remove(pad)


def _halve(graph: onnx.GraphProto) -> None:
    for constant in [one for one in graph.initializer if np.prod(one.dims) > LARGE]:
        half = numpy_helper.to_array(constant).astype(np.float16)
        name = constant.name
        constant.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        cast = helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT)
        graph.node.insert(0, cast)


def _unhalve(graph: onnx.GraphProto) -> None:
    """Undo `_halve`, with the same values in 32 bits: quantisation wants plain constants."""
    halves = {one.name: one for one in graph.initializer if one.name.endswith(".half")}
    for node in [node for node in graph.node if node.input and node.input[0] in halves]:
        half = halves[node.input[0]]
        values = numpy_helper.to_array(half).astype(np.float32)
        half.CopyFrom(numpy_helper.from_array(values, node.output[0]))
        graph.node.remove(node)


class _Reader(CalibrationDataReader):
    """Hands the quantiser one picture after the other."""

    def __init__(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        self._left: Iterator[NDArray[np.uint8]] = iter(pictures)

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        picture = next(self._left, None)
        return None if picture is None else {"images": picture[None]}
