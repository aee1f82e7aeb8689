"""The acceptance of a new site: every check in its order, what it found, and who ran it when.

It may be interrupted at any point, by a resident, a night or a power cut, and is gone on with.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core.service.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.accepted_row import AcceptedRow
    from controller.core.service.finding import Finding

BEGUN = ""
"""In place of a check: the row that says who began it, and when."""

ACCEPTANCE = "acceptance of "
"""How a record of one begins; the kiosk's id follows."""

Step = tuple[str, str]
"""A check, and its bay or ("") the kiosk."""


def plan(bays: Iterable[str]) -> tuple[Step, ...]:
    """Every check that this kiosk has, in the order in which they are best run."""
    names = tuple(bays)
    return tuple((name, bay) for name, check in CHECKS.items() for bay in check.places(names))


@dataclass(slots=True)
class Acceptance:
    """One acceptance on its way: begun by whom and when (Unix s), and its rows so far."""

    by: str
    began_s: int
    rows: dict[Step, AcceptedRow] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[AcceptedRow]) -> Acceptance | None:
        """What was kept; None where nothing was begun. A check that is gone has no row."""
        found = {(row[0], row[1]): row for row in rows}
        begun = found.pop((BEGUN, ""), None)
        if begun is None:
            return None
        known = {step: row for step, row in found.items() if step[0] in CHECKS}
        return cls(begun[7], begun[8], known)

    def take(self, step: Step, finding: Finding, by: str, at_s: int) -> None:
        """A check was run, perhaps again: its last result counts."""
        told = finding.verdict, finding.figure, finding.limit, finding.do or "", finding.detail
        self.rows[step] = (*step, *told, by, at_s)

    def kept(self) -> tuple[AcceptedRow, ...]:
        """How it is kept over a restart."""
        begun = (BEGUN, "", "", "", "", "", "", self.by, self.began_s)
        return (begun, *self.rows.values())

    def open_steps(self, bays: Iterable[str]) -> tuple[Step, ...]:
        """What has not been run yet."""
        return tuple(step for step in plan(bays) if step not in self.rows)

    def summary(self, bays: Iterable[str]) -> str:
        """How many checks were good, bad, unknown, and are open; of those that there are now."""
        counts = Counter(self.rows[step][2] for step in plan(bays) if step in self.rows)
        told = [f"{counts[verdict]} {verdict}" for verdict in ("good", "bad", "unknown")]
        return ", ".join([*told, f"{len(self.open_steps(bays))} open"])
