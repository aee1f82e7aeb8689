"""That a bay's node is asked to start anew: since when, by whom, and when the kiosk asks again."""

from __future__ import annotations

import math
from dataclasses import dataclass

FIRST_S = 60.0
"""A sense that has been gone for so long does not come back by itself."""

BACK_S = 10.0
"""A node that starts is heard within two seconds; one that has not been by then did not start."""


@dataclass(slots=True)
class Restarting:
    """The restarts of one bay's node.

    `asked_s` is when the last one was asked for, of the start `boot_id`, while nothing has come of
    it; else None. `order` is the id of the command from afar that asked, empty where the kiosk did
    by itself. `due_s` is when the kiosk asks by itself, never while no sense is gone; `pause_s`
    how long it waits then, and `gone_s` when a sense was last seen to be gone.
    """

    asked_s: float | None = None
    boot_id: int | None = None
    order: str = ""
    due_s: float = math.inf
    pause_s: float = FIRST_S
    gone_s: float = -math.inf

    def is_under_way(self, now_s: float) -> bool:
        """Whether the node may be away because it was asked to."""
        return self.asked_s is not None and now_s - self.asked_s < BACK_S
