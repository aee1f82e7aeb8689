"""What a kiosk was taught: how far scores, temperature and gate are moved, bound to one model."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.card import Card, gate_of, number_of
from vision.errors import ModelError
from vision.openset import Gate

Floats = NDArray[np.float32]


def unit(features: NDArray[np.floating]) -> Floats:
    """N × D features at length one, so that a darker picture is no smaller."""
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-12), np.float32)


@dataclass(frozen=True, slots=True)
class Taught:
    """What is added to a model's answers in one kiosk.

    `weight` (D × classes) and `bias` (classes) turn features of length one into what is added to
    the class scores; `temperature` and `gate` stand in place of the card's. `model_sha256` says
    which model it was taught with, `sha256` names the file itself.
    """

    weight: Floats
    bias: Floats
    temperature: float
    gate: Gate
    model_sha256: str
    sha256: str = ""

    def added(self, features: Floats) -> Floats:
        """What N × D features add to N × classes scores.

        Raises:
            ModelError: The features are not as wide as those it was taught with.
        """
        if features.shape[1] != len(self.weight):
            raise ModelError(
                f"taught file: {len(self.weight)} features, the model has {features.shape[1]}; "
                "teach this kiosk anew"
            )
        return np.asarray(unit(features) @ self.weight + self.bias, np.float32)

    def adapted(self, card: Card) -> Card:
        """The card with this kiosk's temperature and gate.

        Raises:
            ModelError: It was taught with another model.
        """
        if self.model_sha256 != card.model_sha256:
            raise ModelError(
                f"taught file (for model {self.model_sha256[:12]}) and model "
                f"{card.model_sha256[:12]} differ; teach this kiosk anew: kiosk vision teach"
            )
        if (
            self.weight.shape[1:] != (len(card.classes),)
            or self.bias.shape != self.weight.shape[1:]
        ):
            raise ModelError("taught file: other classes than the card's; teach this kiosk anew")
        return replace(card, temperature=self.temperature, gate=self.gate)

    def content(self) -> dict[str, Any]:
        """What a taught file holds of it, for `of` to read."""
        return {
            "model_sha256": self.model_sha256,
            "temperature": self.temperature,
            "openset": asdict(self.gate),
            "weight": _packed(self.weight),
            "bias": _packed(self.bias),
        }

    @classmethod
    def load(cls, path: Path) -> Taught:
        """Read a taught file as `kiosk vision teach` writes it.

        Raises:
            ModelError: It is missing, not JSON, or lacks something; the message names it.
        """
        way_out = "teach this kiosk anew: kiosk vision teach"
        try:
            data = path.read_bytes()
            return cls.of(json.loads(data), hashlib.sha256(data).hexdigest())
        except OSError as error:
            raise ModelError(f"taught file {path}: {error.strerror}; {way_out}") from error
        except KeyError as error:
            raise ModelError(f"taught file {path}: {error} is missing; {way_out}") from error
        except (ValueError, TypeError, OverflowError) as error:
            raise ModelError(f"taught file {path}: {error}; {way_out}") from error

    @classmethod
    def of(cls, content: Mapping[str, Any], sha256: str) -> Taught:
        """Take a taught file's content; `sha256` is the file's.

        Raises:
            KeyError: A key is missing.
            TypeError: A value is of another type.
            ValueError: A figure is none, or weights and their shape differ.
            OverflowError: A figure is too large for any use.
        """
        temperature = number_of(content, "temperature")
        if temperature <= 0:
            raise ValueError(f"temperature: {temperature:g} must be above 0")
        return cls(
            weight=_unpacked(content["weight"], dimensions=2),
            bias=_unpacked(content["bias"], dimensions=1),
            temperature=temperature,
            gate=gate_of(content["openset"]),
            model_sha256=str(content["model_sha256"]),
            sha256=sha256,
        )


def _packed(values: Floats) -> dict[str, Any]:
    """An array as JSON: its shape and its float32, lowest byte first, in base64."""
    data = np.ascontiguousarray(values, "<f4").tobytes()
    return {"shape": list(values.shape), "float32": base64.b64encode(data).decode("ascii")}


def _unpacked(packed: Mapping[str, Any], dimensions: int) -> Floats:
    data = base64.b64decode(packed["float32"], validate=True)
    values = np.frombuffer(data, "<f4").reshape(packed["shape"])
    if values.ndim != dimensions or not np.isfinite(values).all():
        raise ValueError("weights are no finite numbers in the right shape")
    return np.asarray(values, np.float32)
