"""Who is in service at the kiosk, what they have changed, and what they have done.

One person at a time. Nobody who is being served is sent away: whoever wants to begin waits until
the resident's session has ended.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from controller.core.bounds import Attempts
from controller.core.service.acts import TECHNICIAN, may
from controller.core.staff import Staff

if TYPE_CHECKING:
    from contract.badge import Role
    from controller.core.events import NodeReport
    from controller.core.service.acceptance import Acceptance
    from controller.core.service.acts import Act
    from controller.core.service.check import Result
    from controller.core.service.procedure import Procedure
    from controller.core.service.running import Running

KEY = "key"
"""Who turned the key switch: nobody whom a record could name, and no more than a technician."""

BEGUN = "service begun as "
"""How the record begins of somebody who has come in; the roles on their badge follow."""

MOST_WRONG, WITHIN_S, CLOSED_S = 5, 300.0, 300.0
"""After so many wrong badges within so many seconds, none is read for so long."""

REMEMBERED = 100
"""So many acts of a service are shown; the journal has them all."""


@dataclass(slots=True, eq=False)
class Duty:
    """One person's service: since when, touched when last, and what must be put back.

    `staff` is None for whoever turned the key. `taken` once a screen speaks for it. `moved`,
    `lit` and `fast` are bays whose hatch was moved, whose light was switched on, and whose cell is
    sampled fast.
    """

    by: str
    roles: frozenset[Role]
    staff: Staff | None
    touched_s: float
    began_s: float = 0.0
    taken: bool = False
    moved: set[str] = field(default_factory=set)
    lit: set[str] = field(default_factory=set)
    fast: set[str] = field(default_factory=set)
    closing: set[str] | None = None
    """Bays whose hatch must shut before the service is over; None while it goes on."""

    @classmethod
    def of_badge(cls, staff: Staff, now_s: float) -> Duty:
        """Of whoever showed a badge."""
        return cls(staff.badge.staff, staff.badge.roles, staff, now_s)

    @classmethod
    def of_key(cls, now_s: float) -> Duty:
        """Of whoever turned the key switch."""
        return cls(KEY, frozenset({TECHNICIAN}), None, now_s)

    @property
    def leaves(self) -> bool:
        """Whether it is ending: hatches shut, and nothing else is done any more."""
        return self.closing is not None

    def may(self, act: Act) -> bool:
        """Whether this person may do that."""
        return not self.leaves and may(self.roles, act)

    def spoken_for(self, now_s: float) -> Staff | None:
        """The badge, as if it were shown now: in service it is shown once."""
        if self.staff is None:
            return None
        elapsed_s = int(now_s - self.staff.shown_s)
        self.staff = replace(self.staff, utc_s=self.staff.utc_s + elapsed_s, shown_s=now_s)
        return self.staff


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the last touch: `code` is empty where it was done, else why it was not.

    Of whoever named themself it says what that opened: `duty`, or `looks` alone.
    """

    code: str = ""
    message: str = ""
    duty: Duty | None = None
    looks: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """One act: who did what at which loop time, and how it ended."""

    at_s: float
    by: str
    what: str
    result: str


@dataclass(slots=True)
class Service:
    """Service at one kiosk: who is in it or waits for it, and what was found.

    `results` are each check's last result, by check and bay ("" for the whole kiosk), of this
    start of the controller; `failed` are those that found a bay bad, until the same check finds it
    good. `lost` are the loop times at which a bay's node fell silent, `reports`
    its last report. `scanned` is the tag of a bin that was read at the front, `unrecorded` how many
    acts the journal did not take. `history` are the bodies of the faults that were recorded last.
    """

    duty: Duty | None = None
    wanted: Duty | None = None
    answer: Answer = Answer()
    running: Running | None = None
    procedure: Procedure | None = None
    acceptance: Acceptance | None = None
    results: dict[tuple[str, str], Result] = field(default_factory=dict)
    failed: dict[tuple[str, str], Result] = field(default_factory=dict)
    acts: deque[Done] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    unrecorded: int = 0
    looks: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Badge id → when a record last said that it looks on, and how often it has since."""
    scanned: str = ""
    code_seen_s: float | None = None
    key_seen_s: float | None = None
    mains_lost_s: float | None = None
    mains_back_s: float | None = None
    lost: dict[str, deque[float]] = field(default_factory=dict)
    reports: dict[str, NodeReport] = field(default_factory=dict)
    history: deque[tuple[float, dict[str, Any]]] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED)
    )
    attempts: Attempts = field(
        default_factory=lambda: Attempts(MOST_WRONG, within_s=WITHIN_S, closed_s=CLOSED_S)
    )

    def refuse(self, code: str, message: str) -> None:
        """Say why the last touch was not followed."""
        self.answer = Answer(code, message)
