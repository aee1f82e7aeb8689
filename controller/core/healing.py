"""How often a bay whose faults latch is tried again."""

from __future__ import annotations

import math
from dataclasses import dataclass

from controller.core.patience import Patience


@dataclass(slots=True)
class Healing(Patience):
    """The tries with one bay, and what is known of them.

    `since_s` is when it latched or was tried last. `near_s` is when somebody was last near, or
    something else wrong, or nobody looked. `is_blocked` says that its hatch was blocked and was not
    seen open or closed since. `cycles` is how often the gate had opened when it was last tried;
    None where it was not of late.
    """

    since_s: float = math.inf
    near_s: float = -math.inf
    is_blocked: bool = False
    cycles: int | None = None
