"""What a check found: good, bad or unknown, with its figure, its limit and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.catalogue import Catalogue
    from controller.core.bay import Bay
    from controller.core.service.do import Do
    from controller.core.service.given import Given
    from controller.core.service.measured import Took

Verdict = Literal["good", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    `figure` and `limit` carry their units; `do` is what staff do about it, None where all is well.
    `detail` is what the part itself says, such as a fault's name.
    """

    verdict: Verdict
    figure: str = ""
    limit: str = ""
    do: Do | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a check may look at.

    `bay` is the one that is checked; for the kiosk's own checks it is None. `took` and `raw` are
    what motions and conversions gave, `refused` why a motion did not arrive. `lost` are the times
    at which the node fell silent, `code_seen_s` when a code was read last, `key_seen_s`
    when the key was turned, `mains_back_s` when the mains came back, all in loop time. `answer` is
    what the person said who was asked.
    """

    catalogue: Catalogue
    given: Given
    now_s: float
    bay: Bay | None = None
    took: Sequence[Took] = ()
    raw: Sequence[int] = ()
    refused: str = ""
    lost: Sequence[float] = ()
    code_seen_s: float | None = None
    key_seen_s: float | None = None
    mains_back_s: float | None = None
    on_battery: bool = False
    answer: bool | None = None

    @property
    def here(self) -> Bay:
        """The bay that is checked; only asked for in checks of a bay."""
        assert self.bay is not None, "a check of the kiosk looks at no bay"
        return self.bay


def within(*, is_good: bool, figure: str, limit: str, do: Do | None, detail: str = "") -> Finding:
    """Good or bad by a limit; what to do is said where it is bad."""
    if is_good:
        return Finding("good", figure, limit, detail=detail)
    return Finding("bad", figure, limit, do, detail)
