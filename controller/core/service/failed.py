"""Checks that closed a bay, as rows that outlive a restart of the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.service.check import Result
from controller.core.service.checks import CHECKS
from controller.core.service.do import Do
from controller.core.service.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from controller.core.failed_row import FailedRow


def failed_rows(failed: Mapping[tuple[str, str], Result]) -> tuple[FailedRow, ...]:
    """How what keeps a bay closed after service is kept."""
    rows = []
    for (name, bay), result in failed.items():
        found = result.finding
        told = found.figure, found.limit, found.do or "", found.detail
        rows.append((name, bay, *told, result.day))
    return tuple(rows)


def failed_results(
    rows: Iterable[FailedRow], bays: Iterable[str], now_s: float
) -> dict[tuple[str, str], Result]:
    """The results that these rows were; a check or a bay that is gone has none."""
    known = set(bays)
    found = {}
    for name, bay, figure, limit, do, detail, day in rows:
        if name in CHECKS and CHECKS[name].guard and bay in known:
            remedy = Do(do) if do in set(Do) else None
            finding = Finding("bad", figure, limit, remedy, detail)
            found[name, bay] = Result(finding, now_s, day, is_kept=True)
    return found
