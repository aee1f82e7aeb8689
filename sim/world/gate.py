"""The gate below the pan: two leaves that drop the load, and the diverter that aims it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.figures import GateFigures

HOME = 0.02
"""Within this share of their way the leaves (or a diverter step) count as arrived."""


@dataclass(slots=True)
class Gate:
    """`leaves` is how far they are down, 0 to 1; `diverter` where it stands, in positions."""

    figures: GateFigures
    leaves: float = 0.0
    diverter: float = 0.0
    drive_permille: int = 0
    diverter_to: int = 0
    diverter_on: bool = False
    leaves_jammed: bool = False
    diverter_jammed: bool = False

    @property
    def moving(self) -> bool:
        """Whether leaves or diverter are on their way."""
        return self._leaves_move or self._diverter_moves

    @property
    def closed(self) -> bool:
        """Both leaves home."""
        return self.leaves <= HOME

    @property
    def open(self) -> bool:
        """Both leaves fully down."""
        return self.leaves >= 1 - HOME

    @property
    def diverter_at(self) -> int:
        """The position the diverter stands at, -1 between two."""
        nearest = round(self.diverter)
        return nearest if -HOME <= self.diverter - nearest <= HOME else -1

    @property
    def shows(self) -> tuple[bool, bool, int]:
        """What its pins say: home, fully down, the diverter's position."""
        return self.leaves <= HOME, self.leaves >= 1 - HOME, self.diverter_at

    def step(self, dt_s: float) -> None:
        """Move for `dt_s`; undriven leaves are closed by their spring."""
        if self._leaves_move:
            way = dt_s / self.figures.leaves_s
            opening = self.drive_permille > 0
            way *= self.drive_permille / 1000 if opening else -1.0
            self.leaves = max(0.0, min(1.0, self.leaves + way))
        if self._diverter_moves:
            way = dt_s / self.figures.diverter_step_s
            left = self.diverter_to - self.diverter
            self.diverter += max(-way, min(way, left))

    @property
    def _leaves_move(self) -> bool:
        if self.leaves_jammed:
            return False
        return self.leaves < 1.0 if self.drive_permille > 0 else self.leaves > 0.0

    @property
    def _diverter_moves(self) -> bool:
        if self.diverter_jammed or not self.diverter_on:
            return False
        return self.diverter != self.diverter_to
