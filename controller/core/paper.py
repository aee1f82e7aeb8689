"""How a visit's receipt comes onto paper: offered, being printed, printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

On = Literal["", "offered", "printing", "printed"]
"""Where the paper stands; empty where there is no printer, or nothing to print."""


@dataclass(slots=True)
class Paper:
    """One visit's paper.

    `rows` deposits of the visit are printed already. `asked` is the number of the slip that is
    being printed, 0 while none is, and `taking` how many deposits there are once it is.
    """

    rows: int = 0
    asked: int = 0
    taking: int = 0

    def on(self, rows: int) -> On:
        """Where it stands in a visit of so many deposits."""
        if self.asked:
            return "printing"
        if not rows:
            return ""
        return "offered" if self.rows < rows else "printed"

    def ask(self, number: int, rows: int) -> None:
        """Slip `number` is printed, with everything up to deposit `rows`."""
        self.asked, self.taking = number, rows

    def answered(self, *, is_printed: bool) -> None:
        """The slip is out, or will not be: what was not printed may be asked for again."""
        self.rows = self.taking if is_printed else self.rows
        self.asked = 0
