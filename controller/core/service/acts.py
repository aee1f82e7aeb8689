"""Which role may do what in service, as one literal table."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from contract.badge import Role

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Act(StrEnum):
    """Something that staff do in service; the value is the word for screens and the API."""

    LOOK = "look"
    CHECK = "check"
    MOVE = "move"
    MEND = "mend"
    OPEN_BAY = "open-bay"
    EMPTY_BIN = "empty-bin"
    VERIFY = "verify"
    TEACH = "teach"


TECHNICIAN, COLLECTOR, INSPECTOR = Role.SERVICE, Role.COLLECTION, Role.CALIBRATION
"""What staff are called, by the role on their badge."""

MAY = MappingProxyType(
    {
        Act.LOOK: frozenset({TECHNICIAN, COLLECTOR, INSPECTOR}),
        Act.CHECK: frozenset({TECHNICIAN, INSPECTOR}),
        Act.MOVE: frozenset({TECHNICIAN, INSPECTOR}),
        Act.MEND: frozenset({TECHNICIAN}),
        Act.OPEN_BAY: frozenset({TECHNICIAN}),
        Act.EMPTY_BIN: frozenset({COLLECTOR}),
        Act.VERIFY: frozenset({INSPECTOR}),
        Act.TEACH: frozenset({TECHNICIAN, INSPECTOR}),
    }
)
"""Act → roles, one of which is needed."""


def may(roles: AbstractSet[Role], act: Act) -> bool:
    """Whether somebody with these roles may do this."""
    return bool(roles & MAY[act])
