"""What every verb of a scenario has: a time, a name, and the stage on which it is performed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.bay import SimBay
    from sim.broker import Broker
    from sim.clock import SimClock


class Stage(Protocol):
    """Everything that verbs can reach."""

    @property
    def bays(self) -> Mapping[str, SimBay]:
        """The bays by name."""

    @property
    def broker(self) -> Broker:
        """The broker."""

    @property
    def clock(self) -> SimClock:
        """The kiosk's wall clock."""


class StageVerb(BaseModel):
    """Something that happens at `at_s`, in seconds from the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_s: Annotated[float, Field(ge=0)]


class BayVerb(StageVerb):
    """Something that happens to one bay."""

    bay: str
