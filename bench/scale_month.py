"""Thirty days of weighings on cells inside and outside the machine's specification."""

from __future__ import annotations

from bench.row import Row
from sim.trials.many import many
from sim.trials.month import Month, damaged_month, inside_month, outside_month

INSIDE, OUTSIDE, DAMAGED = 4, 8, 2
MOST_REFUSED = 0.5


def rows(inside: int = INSIDE, outside: int = OUTSIDE, damaged: int = DAMAGED) -> list[Row]:
    """Accepted weighings beyond class III in service: none. Refusals of a good cell: few.

    Args:
        inside: How many months of cells inside the specification, each another cell.
        outside: How many of cells that are outside, or break.
        damaged: How many of cells that lose or gain span in service; see `docs/weighing.md`.
    """
    good = many(inside_month, range(inside))
    bad = many(outside_month, range(outside))
    hurt = many(damaged_month, range(damaged))
    return [
        *_of(good, f"{inside} cells inside"),
        _refused(good),
        *_of(bad, f"{outside} cells outside"),
        *_of(hurt, f"{damaged} cells damaged in service"),
    ]


def _of(months: list[Month], what: str) -> list[Row]:
    """What was accepted wrongly, and the largest error as a part of the limit in service."""
    accepted = sum(one.accepted for one in months)
    wrong = sum(one.wrong for one in months)
    worst = max(one.worst_share for one in months)
    name = f"30 days, {what}"
    return [
        Row(f"{name}, accepted wrongly", wrong, "", "accepted", accepted, 0.0, False, True),
        Row(f"{name}, largest error", worst, "", "class III in service", 1.0, 1.0, False),
    ]


def _refused(months: list[Month]) -> Row:
    """In percent of all loads; a cell that never came into service refused all of them."""
    loads = sum(one.weighings for one in months if not one.not_in_service)
    idle = sum(bool(one.not_in_service) for one in months)
    refused = loads - sum(one.accepted for one in months)
    share = 100 * (refused / loads if loads else 1.0)
    name = f"30 days, cells inside, refused; {idle} of {len(months)} not in service"
    return Row(name, share, "%", "allowed", MOST_REFUSED, MOST_REFUSED, False, True)
