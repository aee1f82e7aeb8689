"""Everything the core can ask of the world outside, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from controller.core.accepted_row import AcceptedRow
    from controller.core.failed_row import FailedRow
    from controller.core.lots import Row
    from controller.core.remote.kept import OrderRow
    from controller.core.slip import Slip


Outcome = Literal["waiting", "done", "refused"]
"""What a command from afar has come to so far."""


@dataclass(frozen=True, slots=True)
class OpenHatch:
    """Unlock and open the bay's hatch."""

    bay: str


@dataclass(frozen=True, slots=True)
class CloseHatch:
    """Close and lock the bay's hatch; the node refuses while it is not safe."""

    bay: str


@dataclass(frozen=True, slots=True)
class DropLoad:
    """Turn the diverter to `bin_index`, open the gate's two leaves and close them again."""

    bay: str
    bin_index: int


@dataclass(frozen=True, slots=True)
class SampleFast:
    """Stream every conversion (80/s) while `on`; one a second otherwise."""

    bay: str
    on: bool


@dataclass(frozen=True, slots=True)
class Light:
    """Switch the chamber's light."""

    bay: str
    on: bool


@dataclass(frozen=True, slots=True)
class SetLoadLimit:
    """Tell the node between which raw counts it may close, lock or drop.

    Above `raw` lies more than the heaviest load; below `low_raw` the cell is wired the wrong way.
    """

    bay: str
    raw: int
    low_raw: int


@dataclass(frozen=True, slots=True)
class ClearFaults:
    """Service: latched faults of the bay go, as far as their cause is gone."""

    bay: str


@dataclass(frozen=True, slots=True)
class LearnHatch:
    """Service, after a repair: forget how hard the bay's hatch runs and learn it anew."""

    bay: str


@dataclass(frozen=True, slots=True)
class RestartNode:
    """Have the bay's node start anew; it refuses unless its bay rests and nobody is near.

    Answered by `NodeUp` of another boot, or by `CommandRefused`.
    """

    bay: str


MOTIONS = frozenset(one.__name__ for one in (OpenHatch, CloseHatch, DropLoad))
"""Names of the commands that move something; a refusal of any other changes no session."""

NodeCommand = (
    OpenHatch
    | CloseHatch
    | DropLoad
    | SampleFast
    | Light
    | SetLoadLimit
    | ClearFaults
    | LearnHatch
    | RestartNode
)


@dataclass(frozen=True, slots=True)
class Look:
    """Take `frames` pictures of the load and judge them; answered by `Looked`.

    `number` comes back in the answer, so that a late one is known for what it is.
    """

    bay: str
    number: int
    frames: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Take `frames` pictures of hatch and pan; answered by `Watched`."""

    bay: str
    number: int
    frames: int


@dataclass(frozen=True, slots=True)
class SeeEmpty:
    """Ask the chamber camera whether the pan is empty; answered by `EmptySeen`."""

    bay: str
    number: int


@dataclass(frozen=True, slots=True)
class Commit:
    """Write a record durably; answered by `Committed` or `CommitFailed`."""

    kind: str
    body: dict[str, Any]
    closes: int | None = None


@dataclass(frozen=True, slots=True)
class RememberBay:
    """Keep durably where the bay's zero stands (counts) and whether a load may lie there.

    Answered by `BayRemembered` or `BayNotRemembered`.
    """

    bay: str
    zero_raw: float
    unfinished: bool


@dataclass(frozen=True, slots=True)
class RememberCode:
    """Keep a code's id until it expires (Unix s); where it was known, `CodeSeenBefore` answers."""

    jti: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class KeepFaults:
    """Keep which faults (bay, code) were recorded as begun and not as ended; nothing answers it."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeepLots:
    """Keep what lies in each bin (`controller.core.lots.Row`); nothing answers it."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class KeepFailedChecks:
    """Keep which checks hold a bay closed (`controller.core.failed_row.FailedRow`)."""

    rows: tuple[FailedRow, ...]


@dataclass(frozen=True, slots=True)
class KeepAcceptance:
    """Keep the acceptance that is on its way (`controller.core.accepted_row`); empty for none."""

    rows: tuple[AcceptedRow, ...]


Kept = KeepFaults | KeepLots | KeepFailedChecks | KeepAcceptance
"""What is kept beside the journal, in place of what was kept before."""


@dataclass(frozen=True, slots=True)
class KeepOrders:
    """Keep the commands from afar (`controller.core.remote.kept`) before what follows is done."""

    rows: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class TellResult:
    """Tell the platform what became of its command `id`, at `at` (Unix s); nothing answers it."""

    id: str
    outcome: Outcome
    code: str
    detail: str
    at: int


@dataclass(frozen=True, slots=True)
class DoUpkeep:
    """Do what command `id` asks of the software around the core; answered by `UpkeepDone`.

    A controller that restarts answers nothing: whoever comes after it knows.
    """

    id: str
    verb: str


@dataclass(frozen=True, slots=True)
class Print:
    """Print this slip; answered by `Printed` with the same `number`."""

    number: int
    slip: Slip


@dataclass(frozen=True, slots=True)
class Note:
    """Say in the kiosk's log what was refused of a bay, and why; nothing answers it."""

    what: str
    bay: str
    reason: str


Remote = KeepOrders | TellResult | DoUpkeep
"""What commands from afar come to."""

Command = (
    NodeCommand
    | Look
    | Watch
    | SeeEmpty
    | Commit
    | RememberBay
    | RememberCode
    | Kept
    | Remote
    | Print
    | Note
)
