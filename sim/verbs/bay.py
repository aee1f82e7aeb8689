"""What may happen to a bay in a scenario: its mechanics, its sensors, its supply, its people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.board_faults import checked
from sim.verbs.stage import BayVerb, Stage
from sim.world.mishaps import (
    LEAST_SHAKE_HZ,
    MOST_CHATTER_MS,
    MOST_FRICTION,
    MOST_LEAN_G,
    MOST_SHAKE_G,
    MOST_SHAKE_HZ,
    MOST_SLIP_PERMILLE,
)
from sim.world.obstacle import HARD_N_PER_MM
from sim.world.supply import MOST_MV

Stiffness = Annotated[float, Field(gt=0, le=10_000)]


class Obstruct(BayVerb):
    """Something `height_mm` high stands in the hatch's opening; 0 takes it away."""

    verb: Literal["obstruct"]
    height_mm: Annotated[int, Field(ge=0)]
    n_per_mm: Stiffness = HARD_N_PER_MM
    in_curtain: bool = True

    def perform(self, stage: Stage) -> None:
        """Put it there."""
        bay = stage.bays[self.bay]
        bay.obstruct(self.height_mm, self.n_per_mm, in_curtain=self.in_curtain)


class HandInGap(BayVerb):
    """A hand `height_mm` thick, soft as hands are, lies in the gap; 0 takes it away."""

    verb: Literal["hand_in_gap"]
    height_mm: Annotated[int, Field(ge=0)] = 60
    n_per_mm: Annotated[float, Field(ge=10, le=50)] = 30.0
    in_curtain: bool = True

    def perform(self, stage: Stage) -> None:
        """Put it there."""
        bay = stage.bays[self.bay]
        bay.obstruct(self.height_mm, self.n_per_mm, in_curtain=self.in_curtain)


class InTheBay(BayVerb):
    """An arm, a head or a whole child gets into the bay; `nobody`: whoever is in gets out."""

    verb: Literal["person"]
    what: Literal["arm", "head", "child", "nobody"]

    def perform(self, stage: Stage) -> None:
        """Let them in, or out, where the gap allows it."""
        stage.bays[self.bay].person(None if self.what == "nobody" else self.what)


class Jam(BayVerb):
    """`part` is stuck, or free again."""

    verb: Literal["jam"]
    part: Literal["hatch", "gate", "diverter"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Jam it."""
        stage.bays[self.bay].jam(self.part, self.on)


class Slip(BayVerb):
    """The leaf lags `permille` behind what its drive turns; 0 mends the coupling."""

    verb: Literal["slip"]
    permille: Annotated[int, Field(ge=0, le=MOST_SLIP_PERMILLE)]

    def perform(self, stage: Stage) -> None:
        """Let it slip."""
        stage.bays[self.bay].slip(self.permille)


class Friction(BayVerb):
    """The hatch's rails rub `factor` times as hard as new ones."""

    verb: Literal["friction"]
    factor: Annotated[float, Field(ge=0.1, le=MOST_FRICTION)]

    def perform(self, stage: Stage) -> None:
        """Let them rub."""
        stage.bays[self.bay].friction(self.factor)


class MotorWireBroken(BayVerb):
    """The hatch's motor has no current, however it is driven."""

    verb: Literal["motor_wire_broken"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Break it, or mend it."""
        stage.bays[self.bay].motor_wire_broken(self.on)


class EdgeWireBroken(BayVerb):
    """The soft edge's line is open."""

    verb: Literal["edge_wire_broken"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Break it, or mend it."""
        stage.bays[self.bay].sensor_fault("edge", "dead" if self.on else "well")


class LimitStuck(BayVerb):
    """A limit of the hatch says `on` or off whatever the leaf does, or is `well` again."""

    verb: Literal["limit_stuck"]
    limit: Literal["closed", "open"]
    says: Literal["on", "off", "well"]

    def perform(self, stage: Stage) -> None:
        """Stick it, or mend it."""
        on = {"on": True, "off": False}.get(self.says)
        stage.bays[self.bay].limit_stuck(self.limit, on)


class LimitWorn(BayVerb):
    """A limit's contacts chatter `chatter_ms` longer each time it turns; 0 mends it."""

    verb: Literal["limit_worn"]
    limit: Literal["closed", "open"]
    chatter_ms: Annotated[float, Field(ge=0, le=MOST_CHATTER_MS)] = 30.0

    def perform(self, stage: Stage) -> None:
        """Wear it."""
        stage.bays[self.bay].limit_worn(self.limit, self.chatter_ms)


class Push(BayVerb):
    """Somebody pushes the leaf by hand with `force_n`, positive up; 0 lets go."""

    verb: Literal["push"]
    force_n: Annotated[float, Field(ge=-5_000, le=5_000)]

    def perform(self, stage: Stage) -> None:
        """Push."""
        stage.bays[self.bay].push(self.force_n)


class LeanOn(BayVerb):
    """Somebody leans on the pan with about `force_g`, softly and wandering; 0 lets go."""

    verb: Literal["lean"]
    force_g: Annotated[float, Field(ge=-MOST_LEAN_G, le=MOST_LEAN_G)]

    def perform(self, stage: Stage) -> None:
        """Lean."""
        stage.bays[self.bay].lean(self.force_g)


class ShakePan(BayVerb):
    """Wind or a machine nearby shakes the pan; an `amplitude_g` of 0 ends it."""

    verb: Literal["shake"]
    amplitude_g: Annotated[float, Field(ge=0, le=MOST_SHAKE_G)]
    hz: Annotated[float, Field(ge=LEAST_SHAKE_HZ, le=MOST_SHAKE_HZ)] = 2.0

    def perform(self, stage: Stage) -> None:
        """Shake."""
        stage.bays[self.bay].shake(self.amplitude_g, self.hz)


class SensorFault(BayVerb):
    """A sensor breaks in one of the ways of `sim.board_faults.KINDS`, or is `well` again.

    Of the level sensors it is that of bin number `bin`; no other part has several.
    """

    verb: Literal["sensor_fault"]
    part: str
    kind: str
    bin: Annotated[int, Field(ge=0, le=3)] = 0

    @field_validator("kind")
    @classmethod
    def _can_be(cls, kind: str, info: ValidationInfo) -> str:
        if "part" in info.data:
            checked(info.data["part"], kind)
        return kind

    @field_validator("part")
    @classmethod
    def _is_there(cls, part: str) -> str:
        checked(part, "well")
        return part

    def perform(self, stage: Stage) -> None:
        """Break it, or mend it."""
        stage.bays[self.bay].sensor_fault(self.part, self.kind, self.bin)


class Hang(BayVerb):
    """The next `times` drops leave `keep_permille` of the load on the leaves."""

    verb: Literal["hang"]
    keep_permille: Annotated[int, Field(ge=0, le=1000)]
    times: Annotated[int, Field(ge=1)] = 1

    def perform(self, stage: Stage) -> None:
        """Arm it."""
        stage.bays[self.bay].hang(self.keep_permille, self.times)


class Switch(BayVerb):
    """A safety input of the bay goes on or off."""

    verb: Literal["switch"]
    name: Literal["emergency_stop", "smoke", "tamper", "inner_release"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Switch it."""
        stage.bays[self.bay].switch(self.name, self.on)


class Brownout(BayVerb):
    """For `ms` the supply gives only `mv`; below 7000 the node stops and starts anew."""

    verb: Literal["brownout"]
    mv: Annotated[int, Field(ge=0, le=MOST_MV)]
    ms: Annotated[float, Field(gt=0, le=3_600_000)]

    def perform(self, stage: Stage) -> None:
        """Let it sag."""
        stage.bays[self.bay].brownout(self.mv, self.ms)


class FramFault(BayVerb):
    """The node's FRAM `refuses` blocks, `loses` or `garbles` them at each start, or is `well`."""

    verb: Literal["fram_fault"]
    kind: Literal["well", "refuses", "loses", "garbles"]

    def perform(self, stage: Stage) -> None:
        """Break it, or mend it."""
        stage.bays[self.bay].fram_fault(self.kind)


class RestartNode(BayVerb):
    """The bay's node stops, as after a watchdog, and starts again `dead_s` later."""

    verb: Literal["restart_node"]
    dead_s: Annotated[float, Field(ge=0, le=3600)] = 0.5

    def perform(self, stage: Stage) -> None:
        """Stop it."""
        stage.bays[self.bay].restart_node(self.dead_s)


HappensToBay = (
    Obstruct
    | HandInGap
    | InTheBay
    | Jam
    | Slip
    | Friction
    | MotorWireBroken
    | EdgeWireBroken
    | LimitStuck
    | LimitWorn
    | Push
    | LeanOn
    | ShakePan
    | SensorFault
    | Hang
    | Switch
    | Brownout
    | FramFault
    | RestartNode
)
