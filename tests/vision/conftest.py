"""Training's tests run where its extra is installed; the other tests never need it."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("onnx") else ["test_train.py"]
