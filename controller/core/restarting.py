"""That a bay's node is asked to start anew: since when, by whom, and when the kiosk asks again."""

from __future__ import annotations

from dataclasses import dataclass

from controller.core.patience import Patience

BACK_S = 10.0
"""A node that starts is heard within two seconds; one that has not been by then did not start."""


@dataclass(slots=True)
class Restarting(Patience):
    """The restarts of one bay's node; the kiosk's own are tried while a sense is gone.

    `asked_s` is when the last one was asked for, of the start `boot_id`, while nothing has come of
    it; else None. `order` is the id of the command from afar that asked, empty where the kiosk did
    by itself.
    """

    asked_s: float | None = None
    boot_id: int | None = None
    order: str = ""

    def is_under_way(self, now_s: float) -> bool:
        """Whether the node may be away because it was asked to."""
        return self.asked_s is not None and now_s - self.asked_s < BACK_S
