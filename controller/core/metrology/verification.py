"""What a verification found: each judgement, the verdict, and what to do where it failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal

    from controller.core.metrology.calibration import Calibration

REMEDY = {
    "load": "calibrate again, and replace the cell if it fails again",
    "corner": "see that the pan sits level and free on its cell; else replace the cell",
    "repeatability": "look for what rubs or touches: cable, dirt, the gate's leaves",
    "creep": "let the scale warm up and repeat; else replace the cell",
    "late-creep": "let the scale warm up and repeat; else replace the cell",
    "zero-return": "look for what rubs or sticks below the pan; else replace the cell",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One judgement, in grams; `error_g` of a spread is the largest difference, never negative."""

    test: str
    load_g: int
    where: str
    reading_g: float
    error_g: float
    limit_g: float

    @property
    def passed(self) -> bool:
        """Whether the error is within its limit."""
        return abs(self.error_g) <= self.limit_g

    @property
    def strain(self) -> float:
        """The error as a part of its limit."""
        return abs(self.error_g) / self.limit_g


@dataclass(frozen=True, slots=True)
class Verification:
    """How a calibration fared; `rows` are all judgements in the order they were made."""

    calibration: Calibration
    limits: Literal["initial", "in-service"]
    weights_class: str
    procedure: str
    rows: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """Whether every row passed."""
        return all(row.passed for row in self.rows)

    @property
    def worst(self) -> Row:
        """The row nearest to its limit, or furthest beyond it."""
        return max(self.rows, key=lambda row: row.strain)

    @property
    def summary(self) -> str:
        """Pass or fail, the worst row and, where it failed, what to do."""
        row = self.worst
        found = (
            f"{row.test} of {row.load_g} g, {row.where}: {row.error_g:+.2f} g, "
            f"limit {row.limit_g:g} g"
        )
        if self.passed:
            return f"passed; worst: {found}"
        # An empty pan that does not read zero is the same complaint, whenever it is read.
        return f"failed: {found}; {REMEDY[row.test if row.load_g else 'zero-return']}"
