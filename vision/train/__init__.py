"""Training, off the kiosk: needs the package's `train` extra (onnx)."""
