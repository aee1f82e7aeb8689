"""What the load cell's signal can show to be wrong with cell, converter or pan, and the way out.

No mass may be declared while any of them is found. A symptom leaves when its cause does; only
counts that were halved look like any others once the load is another, and `OUT_OF_STEP` then ends
with a new `Symptoms`, made when staff have looked.
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
    """What is to be done about a symptom.

    Attributes:
        passes: It goes away by itself, for people and weather make it too: the pan is waited for
            and the bay stays open. Else somebody has to come.
        do: What staff do about it; of one that passes, where it does not.
    """

    passes: bool
    do: str


TABLE = {
    Symptom.SILENT: Remedy(
        False, "no conversions arrive: check the HX711, its cable and the node's link"
    ),
    Symptom.STUCK: Remedy(
        False, "one value repeats, which noise never lets it: check the HX711 and its cable"
    ),
    Symptom.SATURATED: Remedy(
        False, "the converter is at its end: unload the pan, then check the cell's four wires"
    ),
    Symptom.WRAPPED: Remedy(
        False, "counts run over from one end to the other: check the cell, restart the node"
    ),
    Symptom.OUT_OF_STEP: Remedy(
        False, "counts are doubled or halved: cycle the HX711's power, check its clock line"
    ),
    Symptom.ROUGH: Remedy(
        False, "readings scatter without sense: check the cell's shield and the supply"
    ),
    Symptom.SHAKEN: Remedy(
        True, "the pan does not come to rest: find what shakes it, close doors to the wind"
    ),
    Symptom.LEANED_ON: Remedy(
        True, "something presses on the pan: ask for hands off, then look what touches it"
    ),
    Symptom.REVERSED: Remedy(
        False,
        "the load reads negative: lay the pan back in its place; if it lies there, "
        "swap the cell's two signal wires",
    ),
    Symptom.DRIFTING: Remedy(
        True, "the level wanders: see that the pan is free and dry, else replace the cell"
    ),
}
