"""The scale as class III wants it: limits, calibration, verification, and how long they hold."""
