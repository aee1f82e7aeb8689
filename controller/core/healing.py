"""How often a bay whose faults latch is tried again."""

from __future__ import annotations

import math
from dataclasses import dataclass

FIRST_S = 60.0
"""The first try comes so soon after a fault latched."""


@dataclass(slots=True)
class Healing:
    """The tries with one bay: when the next is due (never while it is well), and how it waits.

    `since_s` is when it latched or was tried last, `latched_s` when it was last seen to be.
    `near_s` is when somebody was last near, or something else wrong, or nobody looked.
    `is_blocked` says that its hatch was blocked and was not seen open or closed since.
    `cycles` is how often the gate had opened when it was last tried; None where it was not of late.
    """

    due_s: float = math.inf
    pause_s: float = FIRST_S
    since_s: float = math.inf
    latched_s: float = -math.inf
    near_s: float = -math.inf
    is_blocked: bool = False
    cycles: int | None = None
