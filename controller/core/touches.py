"""What residents and staff touch on a screen, as frozen data; a screen posts nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from controller.core.metrology.class_iii import CREEP_S

if TYPE_CHECKING:
    from controller.core.service.acts import Act
    from controller.core.service.given import Given
    from controller.core.service.procedure import Kind
    from controller.core.slip import Slip


@dataclass(frozen=True, slots=True)
class BayPicked:
    """The resident chose this bay for the next load."""

    bay: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The resident answered the question on the screen with this `Choice.answer`."""

    answer: str


@dataclass(frozen=True, slots=True)
class ResidentLeft:
    """The resident said that they are done."""


@dataclass(frozen=True, slots=True)
class ReceiptWanted:
    """The resident wants on paper what they see: this slip, which goes up to the deposit `last`."""

    last: str
    slip: Slip


@dataclass(frozen=True, slots=True)
class NumberTyped:
    """Somebody typed their phone number, saw it and said that it is right; no log shows it."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuestBegan:
    """Somebody begins without a name, and gives the points away."""


@dataclass(frozen=True, slots=True)
class BinEmptied:
    """Staff, whose badge was shown, chose a bin and confirmed that it was emptied.

    `weighed_g` is what they weighed, in grams; None where nobody did.
    """

    bay: str
    bin_index: int
    weighed_g: int | None = None


@dataclass(frozen=True, slots=True)
class BayChecked:
    """Staff, whose badge was shown, have looked at a closed bay and say that it may go on."""

    bay: str


@dataclass(frozen=True, slots=True)
class ServiceAsked:
    """Whoever showed a badge at the front, or turned the key, begins service at this screen."""


@dataclass(frozen=True, slots=True)
class ServiceTouched:
    """Staff in service touched something that only shows: they are still there."""


@dataclass(frozen=True, slots=True)
class ServiceLeft:
    """Staff end service; `reason` is why, in a word."""

    reason: str = "left"


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """Staff in service run this check of `controller.core.service.checks`.

    `bay` is empty for a check of the kiosk. `given` is what the core cannot know by itself.
    """

    check: str
    bay: str
    given: Given


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """Whoever a check asked has seen, heard or felt what they should, or has not."""

    yes: bool


@dataclass(frozen=True, slots=True)
class HatchJogged:
    """Staff in service have the hatch opened, or closed, as far as its node allows."""

    bay: str
    open: bool


@dataclass(frozen=True, slots=True)
class GateJogged:
    """Staff in service have the gate cycled over a bin, as far as its node allows."""

    bay: str
    bin_index: int


@dataclass(frozen=True, slots=True)
class FaultsCleared:
    """Staff in service have mended something: the node clears what is gone.

    `repaired` where it was the hatch: its node forgets how hard it ran.
    """

    bay: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class NodeRestarted:
    """Staff in service have the bay's node start anew, as far as it allows."""

    bay: str


@dataclass(frozen=True, slots=True)
class LightSwitched:
    """Staff in service switch the chamber's light."""

    bay: str
    on: bool


TAG_MAX = 64
"""Characters of a bin's tag."""


def is_tag(text: str) -> bool:
    """Whether a bin's tag may read so."""
    return text.isprintable() and 0 < len(text) <= TAG_MAX


@dataclass(frozen=True, slots=True)
class BinTagged:
    """Staff in service scanned the tag of the bin that stands there now."""

    bay: str
    bin_index: int
    tag: str


@dataclass(frozen=True, slots=True)
class ProcedureBegun:
    """An inspector in service begins to verify a bay's scale, or to calibrate it and verify that.

    `masses_g` are the weights of a calibration, `creep_s` how long the heaviest load stays.
    """

    bay: str
    kind: Kind
    masses_g: tuple[int, ...] = (5_000, 10_000, 15_000)
    creep_s: int = CREEP_S


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """What lies on the pan now is what was asked for, whatever it reads."""


@dataclass(frozen=True, slots=True)
class ProcedureGivenUp:
    """The calibration or verification is not gone on with."""


PictureOf = Literal["focus", "empty", "item"]


@dataclass(frozen=True, slots=True)
class PictureAsked:
    """Staff in service want a picture of a bay's chamber: any, of it empty, or with an item."""

    bay: str
    of: PictureOf


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """Staff in service are about to do this outside of the core: may they?"""

    act: Act


@dataclass(frozen=True, slots=True)
class EyesTaught:
    """Staff in service did `what` to the eyes, and this came of it."""

    what: str
    result: str


@dataclass(frozen=True, slots=True)
class AcceptanceBegun:
    """Staff in service begin to accept the site, at `utc_s` by the wall clock."""

    utc_s: int


@dataclass(frozen=True, slots=True)
class AcceptanceEnded:
    """The report of the acceptance is written, and has this hash."""

    report_sha256: str


@dataclass(frozen=True, slots=True)
class AcceptanceGivenUp:
    """The acceptance is not gone on with."""


Touch = (
    BayPicked
    | Answered
    | ResidentLeft
    | ReceiptWanted
    | NumberTyped
    | GuestBegan
    | BinEmptied
    | BayChecked
    | ServiceAsked
    | ServiceTouched
    | ServiceLeft
    | CheckAsked
    | CheckAnswered
    | HatchJogged
    | GateJogged
    | FaultsCleared
    | NodeRestarted
    | LightSwitched
    | BinTagged
    | ProcedureBegun
    | ReadingTaken
    | ProcedureGivenUp
    | PictureAsked
    | LeaveAsked
    | EyesTaught
    | AcceptanceBegun
    | AcceptanceEnded
    | AcceptanceGivenUp
)
