"""Staff at the kiosk: whose badge was shown, and for how long it speaks for what is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.badge import Badge, Role

STAFF_S = 120.0
"""So long a badge speaks for what is touched after it; then it is shown again."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who showed a badge last: at `utc_s` by the wall clock, `shown_s` by the loop's."""

    badge: Badge
    utc_s: int
    shown_s: float

    def may(self, role: Role, now_s: float) -> bool:
        """Whether the badge speaks for this now."""
        return role in self.badge.roles and now_s - self.shown_s <= STAFF_S
