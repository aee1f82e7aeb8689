"""MobileNetV2 as an ONNX graph, built from its weights, with pooled features as its output.

The graph takes pictures as they come (uint8, N × 224 × 224 × 3, RGB) and keeps its weights as
8-bit steps, which is what they were trained as; the runtime turns them back into floats when it
loads the model. Its features are the pooled outputs of several late layers side by side: the
last alone knows ImageNet's classes, the earlier ones know more of material and surface.
Architecture: Sandler et al., MobileNetV2, 2018, table 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from vision.errors import TrainingError
from vision.train.features import TAPS, WIDTH, Floats, Head

Weights = list[tuple[Floats, Floats]]
"""(weight, bias) of each convolution in the order of the network."""

PIXELS = 224
LAYERS = 53
_BLOCKS = ((16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1))
"""Channels, repetitions and first stride of each group of inverted residual blocks."""


def load_weights(path: Path) -> Weights:
    """Read the 53 pairs `wN`, `bN` of an NPZ file.

    Raises:
        TrainingError: The file is missing, is no NPZ, or holds another network.
    """
    try:
        with np.load(path) as archive:
            numbers = sorted(int(name[1:]) for name in archive.files if name.startswith("w"))
            pairs = [(archive[f"w{n}"], archive[f"b{n}"]) for n in numbers]
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"backbone {path}: {error}; give an NPZ of wN, bN pairs") from error
    if len(pairs) != LAYERS:
        raise TrainingError(f"backbone {path}: {len(pairs)} layers, MobileNetV2 has {LAYERS}")
    return pairs


@dataclass
class _Graph:
    """The graph while it is built: nodes and constants in order."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node and return its output's name."""
        self.nodes.append(helper.make_node(kind, list(inputs), [output], output, **attributes))
        return output


def _scalar(value: float) -> Floats:
    return np.asarray(value, np.float32)


def _steps(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], int, float] | None:
    """Write a weight as (uint8 - zero) × step where that gives exactly the same floats."""
    levels = np.unique(weight)
    if len(levels) < 2:
        return None
    low, high = float(levels[0]), float(levels[-1])
    count = round((high - low) / float(np.diff(levels).min()))
    step = (high - low) / count
    zero = round(-low / step)
    whole = np.round(weight / step) + zero
    exact = np.array_equal((whole - zero).astype(np.float32) * np.float32(step), weight)
    if not exact or whole.min() < 0 or whole.max() > 255:
        return None
    return whole.astype(np.uint8), zero, step


def _weight(graph: _Graph, name: str, weight: NDArray[np.float32]) -> str:
    """Add a weight, as 8-bit steps where it is made of them: a quarter of the size, no loss."""
    steps = _steps(weight)
    if steps is None:
        return graph.constant(name, weight)
    whole, zero, step = steps
    stored = graph.constant(f"{name}.steps", whole)
    number = graph.node("Cast", [stored], f"{name}.cast", to=TensorProto.FLOAT)
    offset = graph.constant(f"{name}.zero", _scalar(zero))
    around = graph.node("Sub", [number, offset], f"{name}.around")
    return graph.node("Mul", [around, graph.constant(f"{name}.step", _scalar(step))], name)


class _Layers:
    """Takes the weights one convolution after the other."""

    def __init__(self, graph: _Graph, weights: Weights) -> None:
        self._graph = graph
        self._weights = weights
        self._used = 0

    def width(self) -> int:
        """Output channels of the convolution that comes next."""
        return int(self._weights[self._used][0].shape[0])

    def conv(self, source: str, stride: int = 1, *, clip: bool = True) -> str:
        """Add the next convolution, with ReLU6 unless `clip` is off; returns its output."""
        weight, bias = self._weights[self._used]
        name = f"conv{self._used}"
        self._used += 1
        kernel = int(weight.shape[2])
        inputs = [source, _weight(self._graph, f"{name}.w", weight)]
        inputs.append(self._graph.constant(f"{name}.b", bias))
        # TensorFlow's SAME: at stride 2 and an even side all padding is below and to the right.
        before = 0 if kernel == 1 or stride == 2 else 1
        after = 0 if kernel == 1 else 1
        output = self._graph.node(
            "Conv",
            inputs,
            name,
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=int(weight.shape[0]) if weight.shape[1] == 1 and kernel > 1 else 1,
        )
        return (
            self._graph.node("Clip", [output, "zero", "six"], f"{name}.relu6") if clip else output
        )


def _input(graph: _Graph) -> str:
    """Turn uint8 pictures into what the network was trained on: NCHW, -1 to 1."""
    graph.constant("zero", _scalar(0))
    graph.constant("six", _scalar(6))
    number = graph.node("Cast", ["images"], "images.float", to=TensorProto.FLOAT)
    planes = graph.node("Transpose", [number], "images.planes", perm=[0, 3, 1, 2])
    scaled = graph.node("Mul", [planes, graph.constant("scale", _scalar(1 / 127.5))], "scaled")
    return graph.node("Sub", [scaled, graph.constant("one", _scalar(1))], "centred")


def _body(graph: _Graph, weights: Weights) -> None:
    """Add the network; afterwards each layer's output is there under its name."""
    layers = _Layers(graph, weights)
    flow = layers.conv(_input(graph), 2)
    width = 32
    for channels, repetitions, first_stride in _BLOCKS:
        for repetition in range(repetitions):
            stride = first_stride if repetition == 0 else 1
            entry = flow
            if channels != 16:
                flow = layers.conv(flow)
            flow = layers.conv(layers.conv(flow, stride), clip=False)
            if stride == 1 and width == channels:
                flow = graph.node("Add", [entry, flow], f"{flow}.sum")
            width = channels
    layers.conv(flow)


def _features(graph: _Graph) -> str:
    """Pool the tapped layers and lay them side by side; N × WIDTH."""
    made = {node.output[0] for node in graph.nodes}
    parts = []
    for layer, _ in TAPS:
        source = f"{layer}.relu6" if f"{layer}.relu6" in made else layer
        pooled = graph.node("GlobalAveragePool", [source], f"{layer}.pooled")
        parts.append(graph.node("Flatten", [pooled], f"{layer}.flat"))
    return graph.node("Concat", parts, "features", axis=1)


def _end(graph: _Graph, head: Head) -> None:
    """Add class scores and strangeness."""
    weight, bias = graph.constant("head.w", head.weight), graph.constant("head.b", head.bias)
    graph.node("Gemm", ["features", weight, bias], "logits")
    unit = graph.node("LpNormalization", [f"{TAPS[0][0]}.flat"], "unit", axis=1, p=2)
    near = graph.node("MatMul", [unit, graph.constant("near.w", head.near)], "near")
    axis = graph.constant("axis", np.array([1], np.int64))
    row = graph.node("Unsqueeze", [near, axis], "near.row")
    centres = graph.constant("near.centres", head.centres[None])
    apart = graph.node("Sub", [row, centres], "near.apart")
    last = graph.constant("last", np.array([2], np.int64))
    squares = graph.node("Mul", [apart, apart], "near.squares")
    each = graph.node("ReduceSum", [squares, last], "near.each", keepdims=0)
    nearest = graph.node("ReduceMin", [each], "nearest", axes=[1], keepdims=0)
    far = graph.node("MatMul", [unit, graph.constant("far.w", head.far)], "far")
    off = graph.node("Sub", [far, graph.constant("far.middle", head.middle)], "far.apart")
    wide = graph.node("Mul", [off, off], "far.squares")
    anywhere = graph.node("ReduceSum", [wide, axis], "anywhere", keepdims=0)
    graph.node("Sub", [nearest, anywhere], "strangeness")


def build(weights: Weights, head: Head | None) -> bytes:
    """Build the model: `images` in, `features` (N × WIDTH) out.

    With a head also `logits` (N × classes) and `strangeness` (N).
    """
    graph = _Graph()
    _body(graph, weights)
    outputs = [helper.make_tensor_value_info(_features(graph), TensorProto.FLOAT, ["n", WIDTH])]
    if head is not None:
        _end(graph, head)
        shape = ["n", int(head.bias.shape[0])]
        outputs.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape))
        outputs.append(helper.make_tensor_value_info("strangeness", TensorProto.FLOAT, ["n"]))
    image = helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", PIXELS, PIXELS, 3])
    made = helper.make_graph(graph.nodes, "kiosk", [image], outputs, graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))
