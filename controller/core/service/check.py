"""The shape of a row in the table of checks, and of what a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from controller.core.service.acts import Act

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from controller.core.bay import Bay
    from controller.core.service.finding import Finding, Seen
    from controller.core.service.measured import Motion

Of = Literal["bay", "kiosk"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    `of` says whether it is run for each bay, `part` what it is of (a key of words for staff).
    `motions` are carried out in order before it is judged, `samples` says that conversions are
    counted, `picture` that one is taken. What fails a `guard` keeps its bay closed after
    service; what the node itself complains of does so anyway. What `asks` waits for a person's
    answer.
    """

    name: str
    of: Of
    part: str
    judge: Callable[[Seen], Finding]
    motions: Callable[[Bay], list[Motion]] | None = None
    samples: bool = False
    picture: bool = False
    guard: bool = False
    asks: bool = False
    act: Act = Act.CHECK

    def places(self, bays: Iterable[str]) -> tuple[str, ...]:
        """Where it is run: each of these bays, or ("") the kiosk."""
        return tuple(bays) if self.of == "bay" else ("",)

    @property
    def at_once(self) -> bool:
        """Whether it is judged by what is known: nothing moves, is counted, pictured or asked."""
        return self.motions is None and not (self.samples or self.picture or self.asks)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found at `at_s` of loop time.

    `day` is the day in China by the kiosk's clock (ISO 8601), empty where none was told. What
    `is_kept` was found before the controller started, and `at_s` says nothing of it.
    """

    finding: Finding
    at_s: float
    day: str = ""
    is_kept: bool = False
