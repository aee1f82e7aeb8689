"""What a check measures: motions that arrive, and conversions that are counted."""

from __future__ import annotations

from dataclasses import dataclass

from controller.core import commands

Motion = commands.OpenHatch | commands.CloseHatch | commands.DropLoad

CONVERSIONS = 160
"""Conversions of which noise and level are taken: two seconds, some 6 % sure of the noise."""


@dataclass(frozen=True, slots=True)
class Took:
    """One motion that arrived: which, in how many seconds, and its highest current in mA."""

    motion: str
    seconds: float
    peak_ma: int
