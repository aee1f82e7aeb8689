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

LARGE = 1_000
"""Constants of more values than this are kept in 16 bits."""


def halved(data: bytes) -> bytes:
    """A model with its large constants in 16 bits, and a cast behind each.

    The runtime folds the casts when it loads the model, and computes in 32 bits as before.
    """
    model = onnx.load_from_string(data)
    _halve(model.graph)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def whole_number_onnx(model: bytes, pictures: Sequence[NDArray[np.uint8]]) -> bytes:
    """The same model with convolutions in 8 bits, a step a channel.

    `pictures` (SIDE × SIDE × 3 each) show what levels occur. One step a layer instead of one a
    channel destroys this kind of network.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready, done = Path(folder, "ready.onnx"), Path(folder, "done.onnx")
        source = onnx.load_from_string(model)
        _unhalve(source.graph)
        quant_pre_process(source, ready, skip_symbolic_shape=True)
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
        )
        return done.read_bytes()


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
