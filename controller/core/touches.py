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


Touch = BayPicked | Answered | ResidentLeft
