"""Writing a network as ONNX: its trunk for training, the whole of it for kiosks."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from vision.runtime import OUTPUTS, SIDE
from vision.train.net import MIDDLE, SPREAD, Net
from vision.train.strangeness import Strangeness
from vision.train.whole_numbers import halved, tidied

OPSET = 17


class _Trunk(nn.Module):
    """Pictures (N × SIDE × SIDE × 3, uint8) to what the trunk says (N × H × W × channels)."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self._net = net

    def forward(self, images: Tensor) -> Tensor:
        return self._net.trunk(_scaled(images)).permute(0, 2, 3, 1)


class _Whole(nn.Module):
    """Pictures to `vision.runtime.OUTPUTS`."""

    def __init__(self, net: Net, strange: Strangeness) -> None:
        super().__init__()
        self._net = net
        for name in ("near", "centres", "far", "middle"):
            self.register_buffer(name, torch.from_numpy(getattr(strange, name)))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        narrow, features = self._net.late(self._net.trunk(_scaled(images)))
        unit = narrow / narrow.norm(dim=1, keepdim=True)
        apart = (unit @ self.near).unsqueeze(1) - self.centres.unsqueeze(0)
        nearest = (apart * apart).sum(dim=2).amin(dim=1)
        off = unit @ self.far - self.middle
        return features, self._net.scores(features), nearest - (off * off).sum(dim=1)


def _scaled(images: Tensor) -> Tensor:
    return (images.permute(0, 3, 1, 2).float() - MIDDLE) / SPREAD


def trunk_onnx(net: Net) -> bytes:
    """The part that is not trained, as the bytes of an ONNX file."""
    return _exported(_Trunk(net), ("seen",))


def float_onnx(net: Net, strange: Strangeness) -> bytes:
    """The whole model, with the outputs that `vision.runtime.Model` wants."""
    return halved(tidied(_exported(_Whole(net, strange), OUTPUTS)))


def _exported(module: nn.Module, outputs: Sequence[str]) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        example = torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8)
        axes = {name: {0: "pictures"} for name in ("images", *outputs)}
        torch.onnx.export(
            module.eval(), (example,), file.name, dynamo=False, opset_version=OPSET,
            input_names=["images"], output_names=list(outputs), dynamic_axes=axes,
        )  # fmt: skip
        return Path(file.name).read_bytes()
