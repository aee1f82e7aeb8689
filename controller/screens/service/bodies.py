"""What the service desk is asked with, as pydantic models that refuse what they do not know."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from controller.core.metrology.class_iii import CREEP_S

Index = Annotated[int, Field(ge=0, le=3)]
Grams = Annotated[int, Field(gt=0, le=1_000_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SignIn(_Body):
    """A badge's text; without one, whatever was shown at the kiosk's front.

    Who only `looks` needs a badge as well, and begins no service.
    """

    badge: str | None = None
    looks: bool = False


class RunCheck(_Body):
    """Which bay, where the check is of one, and the known weight, where it takes one."""

    bay: str = ""
    load_g: Annotated[int, Field(gt=0, le=15_000)] | None = None


class AnswerCheck(_Body):
    """What somebody saw, heard or felt whom a check asked."""

    yes: bool


class JogHatch(_Body):
    """One way of the hatch."""

    bay: str
    open: bool


class JogGate(_Body):
    """One cycle of the gate."""

    bay: str
    bin_index: Index


class ClearFaults(_Body):
    """What was mended; `repaired` where it was the hatch."""

    bay: str
    repaired: bool = False


class RestartNode(_Body):
    """The node is to start anew."""

    bay: str


class SwitchLight(_Body):
    """The chamber's light."""

    bay: str
    on: bool


class EmptyBin(_Body):
    """A bin was emptied, perhaps weighed, and perhaps another one with a tag put in its place."""

    bay: str
    bin_index: Index
    weighed_g: Grams | None = None
    tag: str = ""


class BeginProcedure(_Body):
    """A verification, or a calibration by these weights and its verification."""

    bay: str
    kind: Literal["verify", "calibrate"]
    masses_g: tuple[int, ...] = (5_000, 10_000, 15_000)
    creep_s: int = CREEP_S


class ShowItem(_Body):
    """An item that lies there, by its code."""

    bay: str
    item: Annotated[str, Field(max_length=64)]


class CheckBay(_Body):
    """A closed bay was looked at."""

    bay: str
