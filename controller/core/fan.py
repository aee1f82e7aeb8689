"""When the fan runs that keeps the computer cool."""

from __future__ import annotations

ON_C, OFF_C = 65.0, 55.0
"""Degrees C of the processor. A Pi slows itself down from 80 °C on, and at 85 °C for good
(Raspberry Pi documentation, "Frequency management and thermal control")."""


class Fan:
    """Runs from `ON_C` until it is below `OFF_C`, so it does not switch at every sample."""

    def __init__(self) -> None:
        self.runs = True  # until a temperature is known

    def feel(self, processor_c: float | None) -> bool:
        """Take a temperature, None where it cannot be read; return whether the fan shall run."""
        if processor_c is None or processor_c >= ON_C:
            self.runs = True
        elif processor_c < OFF_C:
            self.runs = False
        return self.runs
