"""What every verb of a scenario has: a time, a name, and the stage on which it is performed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from controller.core.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.afar import Dispatch
    from sim.bay import SimBay
    from sim.broker import Broker, BrokerUplink
    from sim.camera import SimCamera
    from sim.clock import SimClock
    from sim.code_camera import CodeCamera
    from sim.disk import SimDisk
    from sim.identity import Identity
    from sim.panel import SimPanel
    from sim.people import Person
    from sim.pi import Pi
    from sim.platform import SimPlatform
    from sim.printer import SimPrinter
    from sim.truck import Truck


EVERY = "all"
"""What `kiosk` says of something that happens to each of several kiosks, or at each."""


class Stage(Protocol):
    """Everything that verbs can reach: one kiosk, and the broker and platform that all share."""

    @property
    def bays(self) -> Mapping[str, SimBay]:
        """The bays by name."""

    @property
    def cameras(self) -> Mapping[str, SimCamera]:
        """The chambers' cameras by bay name."""

    @property
    def broker(self) -> Broker:
        """The broker."""

    @property
    def uplink(self) -> BrokerUplink:
        """The kiosk's way to it."""

    @property
    def clock(self) -> SimClock:
        """The kiosk's wall clock."""

    @property
    def disk(self) -> SimDisk:
        """What the journal lies on."""

    @property
    def pi(self) -> Pi:
        """The kiosk's computer."""

    @property
    def panel(self) -> SimPanel:
        """The kiosk's front panel."""

    @property
    def printer(self) -> SimPrinter:
        """The kiosk's receipt printer; where its configuration names none, it is not plugged in."""

    @property
    def front(self) -> CodeCamera:
        """The camera that sees the residents' phones."""

    @property
    def people(self) -> Sequence[Person]:
        """Everybody who comes, in the order of the scenario."""

    @property
    def identity(self) -> Identity:
        """Who is who."""

    @property
    def platform(self) -> SimPlatform:
        """Ledger and issuer of codes."""

    @property
    def dispatch(self) -> Dispatch:
        """Gives the kiosk commands from afar."""

    @property
    def kiosk_id(self) -> str:
        """The kiosk's id."""

    @property
    def truck(self) -> Truck:
        """Empties the bins."""


class StageVerb(BaseModel):
    """Something that happens at `at_s`, in seconds from the start.

    With `when` it waits, from `at_s` on, for that state of the session to be shown, and
    `later_s` more. Of several kiosks it is the first that it happens to, if `kiosk` names no other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    befalls_all: ClassVar[bool] = False

    kiosk: str | None = None

    at_s: Annotated[float, Field(ge=0)] = 0.0
    when: str | None = None
    later_s: Annotated[float, Field(ge=0, le=3600)] = 0.0

    @field_validator("when")
    @classmethod
    def _is_a_state(cls, when: str | None) -> str | None:
        if when is not None and when not in State.__members__:
            raise ValueError(f"no state {when!r}; there are {', '.join(State.__members__)}")
        return when

    @model_validator(mode="after")
    def _has_a_time(self) -> Self:
        if not self.model_fields_set & {"at_s", "when"}:
            raise ValueError("it has no time: say at_s, in seconds, or when, a state")
        if self.later_s and self.when is None:
            raise ValueError("later_s is counted from a state: say which, as in when = 'LOADING'")
        return self


class BayVerb(StageVerb):
    """Something that happens to one bay."""

    bay: str


class PersonVerb(StageVerb):
    """Something that a resident does; `person` is their place in the scenario, from 1."""

    person: Annotated[int, Field(ge=1)]
