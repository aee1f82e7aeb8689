"""An intent that nothing has closed yet, and what is known of its load since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from controller.core.recovery import LOST, Camera, Doors, Gate, Hatch, Pan
from controller.core.scale import SOMETHING_G
from controller.core.trigger import Glance

if TYPE_CHECKING:
    from controller.core.bay import Bay

FREE = frozenset({"power", "asked"})
"""Reset causes of a node that was without power, and with it the hatch without its lock; or that
somebody asked to start anew, which frees the lock for a moment that somebody may have chosen."""

COUNTERS_LOST = "counters-lost"
"""The node's fault when it could not read its FRAM."""


@dataclass(slots=True)
class Unclosed:
    """One open intent.

    `promised_s` is when it was written, in loop time; None where nobody knows. The load was last
    known to lie there at `seen_s`, when the hatch had opened `hatch_openings` times: at the
    promise, until a recovery sees it there again.

    `dropping` from a drop that was asked for until the gate was heard of, whose counter stood at
    `gate_before`.
    `spent_s` is how long it has been seen to, and nobody served: restarts of its node do not start
    that anew. `begun_s` is since when it is seen to now.
    """

    seq: int
    body: dict[str, Any]
    promised_s: float | None
    seen_s: float | None = field(init=False)
    hatch_openings: int = field(init=False)
    drops: int = 0
    dropping: bool = False
    gate_before: int = 0
    spent_s: float = 0.0
    begun_s: float | None = None
    glance: Glance | None = None
    first_asked_s: float | None = None
    asked_s: float = 0.0

    def __post_init__(self) -> None:
        self.seen_s = self.promised_s
        self.hatch_openings = self.body["hatch_openings"]

    @property
    def bay(self) -> str:
        """The name of its bay."""
        name: str = self.body["bay"]
        return name

    def begin(self, now_s: float) -> None:
        """Its node is there, or there again: nothing moves, and nothing was seen yet."""
        self.pause(now_s)
        self.begun_s = now_s
        self.dropping = False
        self.forget_picture()

    def pause(self, now_s: float) -> None:
        """Nobody sees to it any more: the kiosk serves others."""
        self.spent_s = self.spent_for_s(now_s)
        self.begun_s = None

    def spent_for_s(self, now_s: float) -> float:
        """Seconds that it was seen to, all starts of its node together."""
        return self.spent_s + (0.0 if self.begun_s is None else now_s - self.begun_s)

    def forget_picture(self) -> None:
        """What the camera said is over: something has moved."""
        self.glance = self.first_asked_s = None

    def lies_there(self, bay: Bay, now_s: float) -> None:
        """The load was seen on the pan: from here on its node watches it."""
        self.seen_s, self.hatch_openings = now_s, bay.hatch_openings

    def doors(self, bay: Bay) -> Doors:
        """What has become of gate and hatch."""
        gate_cycles: int = self.body["gate_cycles"]
        backwards = bay.gate_cycles < gate_cycles or bay.hatch_openings < self.hatch_openings
        if backwards or COUNTERS_LOST in bay.faults:
            return LOST
        gate, hatch = self.counted(bay)
        is_free = hatch is Hatch.SHUT and self._was_free(bay)
        return gate, Hatch.FREE if is_free else hatch

    def counted(self, bay: Bay) -> tuple[Gate, Hatch]:
        """What has become of them by a node that has counted all the while."""
        gate = Gate.STILL if bay.gate_cycles == self.body["gate_cycles"] else Gate.CYCLED
        opened = bay.hatch_openings != self.hatch_openings
        return gate, Hatch.OPENED if opened else Hatch.SHUT

    def pan(self, bay: Bay) -> Pan:
        """What the pan bears. A cold cell may have drifted as far as `SOMETHING_G`."""
        gross_g, mass_g = bay.scale.gross_g or 0.0, self.body["mass_g"]
        if gross_g < min(bay.config.scale.min_g / 2, mass_g / 2):  # as `Load.empty_below_g`
            return Pan.EMPTY
        off_g = SOMETHING_G + bay.scale.class_iii.in_service_limit_g(mass_g)
        return Pan.PROMISED if abs(gross_g - mass_g) <= off_g else Pan.OTHER

    @property
    def camera(self) -> Camera | None:
        """What the camera sees; None while it was not heard."""
        if self.glance is None:
            return None
        return {Glance.EMPTY: Camera.EMPTY, Glance.BLIND: Camera.BLIND}.get(
            self.glance, Camera.SOMETHING
        )

    def _was_free(self, bay: Bay) -> bool:
        """Whether the lock may have been off since the load was last known to lie there.

        Its node was without power, or was asked to start anew, which somebody may have timed. Any
        other restart is over in a second, and nobody outside can bring it about.
        """
        if bay.reset_cause not in FREE:
            return False
        return self.seen_s is None or bay.up_since_s > self.seen_s
