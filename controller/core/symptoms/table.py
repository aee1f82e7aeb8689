"""What the load cell's signal can show to be wrong with cell, converter or pan, and the way out.

`stop` means that no mass may be declared meanwhile; every row here does, but the table says so
row by row, as that of the node's faults does. Symptoms leave by themselves when their cause
goes; one that can `stay` (counts that were halved look like any other once the load is another)
ends with a new `Symptoms`, made when staff have looked.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from contract.errors import KioskError


class ScaleSignalError(KioskError, ValueError):
    """A conversion or its time cannot be; it was not taken, and what was known still holds."""


class Symptom(StrEnum):
    """Something that the signal shows; the value is the word for records and screens."""

    SILENT = "cell-silent"
    STUCK = "cell-stuck"
    SATURATED = "cell-saturated"
    WRAPPED = "counts-wrapped"
    OUT_OF_STEP = "converter-out-of-step"
    ROUGH = "readings-rough"
    SHAKEN = "pan-shaken"
    LEANED_ON = "pan-leaned-on"
    REVERSED = "load-negative"
    DRIFTING = "level-drifting"


class Remedy(NamedTuple):
    """Whether weighing must `stop`, whether it can `stay` after its cause, and what to `do`."""

    stop: bool
    stay: bool
    do: str


TABLE = {
    Symptom.SILENT: Remedy(
        True, False, "no conversions arrive: check the HX711, its cable and the node's link"
    ),
    Symptom.STUCK: Remedy(
        True, False, "one value repeats, which noise never lets it: check the HX711 and its cable"
    ),
    Symptom.SATURATED: Remedy(
        True, False, "the converter is at its end: unload the pan, then check the cell's four wires"
    ),
    Symptom.WRAPPED: Remedy(
        True, False, "counts run over from one end to the other: check the cell, restart the node"
    ),
    Symptom.OUT_OF_STEP: Remedy(
        True, True, "counts are doubled or halved: cycle the HX711's power, check its clock line"
    ),
    Symptom.ROUGH: Remedy(
        True, False, "readings scatter without sense: check the cell's shield and the supply"
    ),
    Symptom.SHAKEN: Remedy(
        True, False, "the pan does not come to rest: find what shakes it, close doors to the wind"
    ),
    Symptom.LEANED_ON: Remedy(
        True, False, "something presses on the pan: ask for hands off, then look what touches it"
    ),
    Symptom.REVERSED: Remedy(
        True,
        False,
        "the load reads negative: lay the pan back in its place; if it lies there, "
        "swap the cell's two signal wires",
    ),
    Symptom.DRIFTING: Remedy(
        True, False, "the level wanders: see that the pan is free and dry, else replace the cell"
    ),
}
