"""What the platform is told of a kiosk's bins: in steps, so that it is news only now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.payloads import BinState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.core.levels.level import Level
    from controller.core.levels.levels import Levels

STEP_PERMILLE = 50
"""Twenty messages from an empty bin to a full one; finer than its sensor is right."""


def bins_of(levels: Mapping[str, Levels]) -> tuple[BinState, ...]:
    """Every bin of a kiosk, from the levels of each bay by its name."""
    return tuple(_told(bay, one) for bay, its in levels.items() for one in its.by_bin.values())


def _told(bay: str, level: Level) -> BinState:
    return BinState(
        bay=bay,
        bin_index=level.config.index,
        stream=level.config.stream,
        permille=level.permille // STEP_PERMILLE * STEP_PERMILLE,
        due=level.due,
        full=level.full,
        by=level.by.value,
    )
