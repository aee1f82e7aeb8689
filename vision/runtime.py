"""The one place that runs a model: ONNX Runtime, one thread, the same result every time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from vision.errors import ModelError

SIDE = 200
Batch = NDArray[np.uint8]
"""Pictures as the model takes them: N × SIDE × SIDE × 3, RGB."""

Floats = NDArray[np.float32]


OUTPUTS = ("features", "logits", "strangeness")


class Outputs(NamedTuple):
    """What the model says of N pictures.

    `features` (N × D) is what it saw, `logits` (N × classes) the unscaled class scores,
    `strangeness` (N) how much farther a picture is from every known class than pictures in
    general are from the middle (relative Mahalanobis distance).
    """

    features: Floats
    logits: Floats
    strangeness: Floats


class Model:
    """A loaded model: pictures in, `Outputs` out."""

    def __init__(self, session: onnxruntime.InferenceSession, sha256: str) -> None:
        """Take a session that has the outputs the kiosk needs; `sha256` names the model."""
        self.sha256 = sha256
        self._session = session

    @classmethod
    def load(cls, path: Path) -> Model:
        """Load an ONNX file.

        Raises:
            ModelError: It is missing, no ONNX model, or has other inputs and outputs.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelError(f"model {path}: {error.strerror}; train one or reinstall") from error
        return cls.of_bytes(data, str(path))

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> Model:
        """Load a model from the bytes of an ONNX file; `name` is what errors call it.

        Raises:
            ModelError: As `load` does.
        """
        session = _opened(data, name)
        names = tuple(output.name for output in session.get_outputs())
        if names != OUTPUTS:
            raise ModelError(f"model {name}: outputs {names}, not {OUTPUTS}; train a new one")
        _, *shape = session.get_inputs()[0].shape
        if shape != [SIDE, SIDE, 3]:
            raise ModelError(
                f"model {name}: takes {shape}, not {SIDE} × {SIDE} × 3; train a new one"
            )
        return cls(session, hashlib.sha256(data).hexdigest())

    def run(self, batch: Batch) -> Outputs:
        """Run N pictures (N × SIDE × SIDE × 3, RGB, uint8) through the model."""
        features, logits, strangeness = self._session.run(list(OUTPUTS), {"images": batch})
        return Outputs(
            np.asarray(features, np.float32),
            np.asarray(logits, np.float32),
            np.asarray(strangeness, np.float32),
        )


class Network:
    """A part of a network, as training runs it: pictures in, its first output back."""

    def __init__(self, data: bytes, name: str) -> None:
        """Load the bytes of an ONNX file with the input `images`; `name` is for errors.

        Raises:
            ModelError: They are no ONNX model.
        """
        self._session = _opened(data, name)

    def run(self, batch: Batch) -> Floats:
        """What the network says of N pictures (N × SIDE × SIDE × 3, RGB, uint8)."""
        first, *_ = self._session.run(None, {"images": batch})
        return np.asarray(first, np.float32)


def _opened(data: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no public root
        raise ModelError(f"model {name}: {error}; train one or reinstall") from error
