"""One measured figure and what it is held against."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its peer's, measured in the same run.

    `goal` is the ratio to reach, or where `is_limit` the value itself; `at_least` says from
    which side.
    """

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float
    goal: float
    at_least: bool = True
    is_limit: bool = False

    @property
    def ratio(self) -> float:
        """The figure over its peer's; infinite where the peer's is zero."""
        return self.value / self.peer_value if self.peer_value else float("inf")

    @property
    def met(self) -> bool:
        """Whether the ratio, or the value where the goal is a limit, reaches the goal."""
        reached = self.value if self.is_limit else self.ratio
        return reached >= self.goal if self.at_least else reached <= self.goal

    def as_dict(self) -> dict[str, Any]:
        """The row as `kiosk bench --json` prints it."""
        return asdict(self) | {"ratio": round(self.ratio, 3), "met": self.met}


def rate(work: Callable[[], object], count: int) -> float:
    """Calls per second of `work` over `count` calls after one warm-up call."""
    work()
    start_s = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - start_s)
