"""What a resident touches on the screen, as frozen data; a screen posts nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BayPicked:
    """The resident chose this bay for the next load."""

    bay: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The resident answered the question on the screen with this `Choice.answer`."""

    answer: str


@dataclass(frozen=True, slots=True)
class ResidentLeft:
    """The resident said that they are done."""


@dataclass(frozen=True, slots=True)
class BinEmptied:
    """Staff, whose badge was shown, chose a bin and confirmed that it was emptied.

    `weighed_g` is what they weighed, in grams; None where nobody did.
    """

    bay: str
    bin_index: int
    weighed_g: int | None = None


@dataclass(frozen=True, slots=True)
class BayChecked:
    """Staff, whose badge was shown, have looked at a closed bay and say that it may go on."""

    bay: str


Touch = BayPicked | Answered | ResidentLeft | BinEmptied | BayChecked
