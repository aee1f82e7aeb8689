"""What is laid on the pan to verify it: which loads, and of weights how good."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from controller.core.metrology.class_iii import LIMITS, WEIGHTS
from controller.core.metrology.procedure import PlanError

if TYPE_CHECKING:
    from controller.core.metrology.class_iii import ClassIII

MAX_LOADS = 10
NEAR_MAX = 0.9
"""The heaviest load is at least this part of Max."""

WEIGHTS_OFF = {"E2": 1.6e-6, "F1": 5e-6, "F2": 1.6e-5, "M1": 5e-5, "M2": 1.6e-4, "M3": 5e-4}
"""What a weight of 100 g or more may be off, as a part of its mass (OIML R 111-1, table 1)."""


def usual_loads(class_iii: ClassIII) -> tuple[int, ...]:
    """Min, every load where a limit changes, the change of range, and Max (A.4.4.1)."""
    turns = {
        upto * e_g
        for e_g in (class_iii.e_g, class_iii.e_high_g)
        for upto, _ in LIMITS
        if class_iii.interval_g(upto * e_g) == e_g and upto * e_g < class_iii.max_g
    }
    return tuple(sorted(turns | {class_iii.min_g, class_iii.change_g, class_iii.max_g}))


def check_loads(loads_g: tuple[int, ...], class_iii: ClassIII) -> None:
    """Refuse loads that do not rise, are too many, or leave out what must be among them.

    Raises:
        PlanError: The message names what is wrong or missing.
    """
    if len(loads_g) > MAX_LOADS or any(later <= before for before, later in pairwise(loads_g)):
        raise PlanError(f"loads {loads_g} must rise, and be {MAX_LOADS} at most")
    missing = {class_iii.min_g, class_iii.change_g} - set(loads_g)
    if missing:
        raise PlanError(f"loads {loads_g} lack Min or the change of range: {sorted(missing)} g")
    least_g = NEAR_MAX * class_iii.max_g
    if not least_g <= loads_g[-1] <= class_iii.max_g:
        raise PlanError(
            f"the heaviest load is {loads_g[-1]} g: take {least_g:g} g to Max {class_iii.max_g} g"
        )


def check_weights(weights_class: str, load_g: int, limit_g: float) -> None:
    """Refuse weights that may be off by more than a third of the limit (OIML R 76-1, 3.7.1).

    Raises:
        PlanError: The class is unknown, or too coarse for this load and limit.
    """
    if weights_class not in WEIGHTS_OFF:
        known = ", ".join(WEIGHTS_OFF)
        raise PlanError(f"weights of class {weights_class!r} are unknown: {known}")
    off_g, allowed_g = WEIGHTS_OFF[weights_class] * load_g, WEIGHTS * limit_g
    if off_g > allowed_g:
        raise PlanError(
            f"{load_g} g of class {weights_class} may be {off_g:.2f} g off, "
            f"{allowed_g:.2f} g are allowed: take a better class"
        )
