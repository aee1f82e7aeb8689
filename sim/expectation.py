"""What must have come of a scenario; what is not named is not asked, but loss always is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from controller.core.states import State
from wire import faults, messages

if TYPE_CHECKING:
    from collections.abc import Sequence

STATES = tuple(State.__members__)
NODE_STATES = tuple(dict.fromkeys((*messages.HATCH_STATES, *messages.GATE_STATES)))
FAULTS = tuple(name for name, *_ in faults.TABLE.values())


class Expectation(BaseModel):
    """What must have come of one kiosk, or of a run; what is not named is not asked.

    `commands` says of each command from afar, in the order in which they were given, its verb, its
    end and its code. `flags` are the codes of what the ledger asks staff to look at
    (`cloud.ledger.plausible`), no others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accepted: Annotated[int, Field(ge=0)] | None = None
    returned: Annotated[int, Field(ge=0)] | None = None
    points_at_least: Annotated[int, Field(ge=0)] | None = None
    credited: Annotated[int, Field(ge=0)] | None = None
    lost: Annotated[int, Field(ge=0)] | None = None
    doubled: Annotated[int, Field(ge=0)] | None = None
    uncertain: Annotated[int, Field(ge=0)] | None = None
    refuse_bin: Annotated[int, Field(ge=0)] | None = None
    gave_up: Annotated[int, Field(ge=0)] | None = None
    states: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    node: tuple[str, ...] = ()
    faults: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    commands: tuple[str, ...] | None = None

    @field_validator("states")
    @classmethod
    def _are_states(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        return _known(states, STATES, "state")

    @field_validator("node")
    @classmethod
    def _are_states_of_the_node(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        return _known(states, NODE_STATES, "state of hatch or gate")

    @field_validator("faults")
    @classmethod
    def _are_faults(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else _known(names, FAULTS, "fault")


class RunExpectation(Expectation):
    """What must have come of a run as a whole, where loss is always asked, and of its `kiosks`."""

    lost: Annotated[int, Field(ge=0)] = 0
    doubled: Annotated[int, Field(ge=0)] = 0
    kiosks: Mapping[str, Expectation] = {}


def _known(names: tuple[str, ...], there_are: Sequence[str], what: str) -> tuple[str, ...]:
    for name in names:
        if name not in there_are:
            raise ValueError(f"no {what} {name!r}; there are {', '.join(there_are)}")
    return names
