"""Everything that can happen to a kiosk, as frozen data; `Session.step` takes nothing else.

Events of a bay carry the bay's name. Times are not part of an event: the instant at which
it happened is an argument of `step`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from controller.core.commands import Commit
from controller.core.sight import Sight
from controller.core.trigger import Glance

if TYPE_CHECKING:
    from controller.core.accepted_row import AcceptedRow
    from controller.core.failed_row import FailedRow
    from controller.core.lots import Row


@dataclass(frozen=True, slots=True)
class NodeUp:
    """A bay's node answered with the right protocol; its counters come from its FRAM.

    `firmware` is the number of its firmware's release, 0 for one that tells none.
    """

    bay: str
    boot_id: int
    reset_cause: str
    gate_cycles: int
    hatch_openings: int
    firmware: int = 0


@dataclass(frozen=True, slots=True)
class NodeLost:
    """A bay's node fell silent, or speaks another protocol; `reason` says which."""

    bay: str
    reason: str


@dataclass(frozen=True, slots=True)
class NodeReport:
    """The node's cumulative state; a lost report costs nothing.

    `temperature_dc` is the bay's, in tenths of a degree Celsius; None where it was not told.
    `hatch` is one of the hatch states of DESIGN 5 (`CLOSED`, `OPENING`, `OPEN`, ...), `gate`
    one of `CLOSED`, `MOVING`, `OPEN`. `hand` is the light curtain, `presence` the warm body.
    """

    bay: str
    node_ms: int
    hatch: str
    gate: str
    hand: bool
    presence: bool
    gate_cycles: int
    hatch_openings: int
    motor_ma: int
    position_mm: int
    faults: tuple[str, ...] = ()
    temperature_dc: int | None = None


@dataclass(frozen=True, slots=True)
class HatchOpened:
    """The hatch stands fully open."""

    bay: str


@dataclass(frozen=True, slots=True)
class HatchClosed:
    """The hatch is closed and locked."""

    bay: str


@dataclass(frozen=True, slots=True)
class HatchObstructed:
    """Something was in the way of the closing hatch; the node has opened it again."""

    bay: str


@dataclass(frozen=True, slots=True)
class HandMoved:
    """The light curtain of the hatch was entered (`inside`) or left."""

    bay: str
    inside: bool


@dataclass(frozen=True, slots=True)
class GateCycled:
    """The gate opened over `bin_index` and is closed again; counters as in the node's FRAM."""

    bay: str
    bin_index: int
    gate_cycles: int


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """The node refused a command; nothing moved because of it.

    `command` is the name of its class in `controller.core.commands`, `reason` one of
    `wire.messages.REFUSALS`, or `node-lost`.
    """

    bay: str
    command: str
    reason: str


@dataclass(frozen=True, slots=True)
class NodeFault:
    """The node raised (`active`) or cleared a named fault of `wire.faults`."""

    bay: str
    fault: str
    active: bool


@dataclass(frozen=True, slots=True)
class Samples:
    """Raw load-cell conversions, oldest first; `node_ms` is when the last one was taken."""

    bay: str
    node_ms: int
    raw: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LevelsRead:
    """From each bin's level sensor down to what lies in it, in mm by bin index.

    None where a sensor does not answer.
    """

    bay: str
    node_ms: int
    mm: tuple[int | None, ...]


NodeEvent = (
    NodeUp
    | NodeLost
    | NodeReport
    | HatchOpened
    | HatchClosed
    | HatchObstructed
    | HandMoved
    | GateCycled
    | CommandRefused
    | NodeFault
    | Samples
    | LevelsRead
)


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A code or card was read at the front; wall time and whether anybody vouches for it."""

    text: str
    utc_s: int
    clock_quality: str


@dataclass(frozen=True, slots=True)
class BadgeTyped:
    """A badge's text came over the kiosk's own interface; wall time and who vouches for it.

    It opens service as the badge itself does, so it is in no representation of the event. Who only
    `looks` begins no service, and disturbs nobody.
    """

    text: str = field(repr=False)
    utc_s: int
    clock_quality: str
    looks: bool = False


@dataclass(frozen=True, slots=True)
class CodeSeenBefore:
    """In answer to `RememberCode`: a code with this id was shown here before."""

    jti: str


@dataclass(frozen=True, slots=True)
class PhoneTyped:
    """A phone number was typed on the keypad; wall time and whether anybody vouches for it.

    What was typed is in no representation of the event, so in no log. `confirmed` where they have
    seen it on the keypad and said yes.
    """

    number: str = field(repr=False)
    utc_s: int
    clock_quality: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class GuestCame:
    """Somebody begins without a name, and gives the points away."""

    utc_s: int
    clock_quality: str


@dataclass(frozen=True, slots=True)
class PhoneConfirmed:
    """Who typed a number said yes to what the keypad showed them."""

    utc_s: int
    clock_quality: str


@dataclass(frozen=True, slots=True)
class CardUsed:
    """At start: the journal holds a deposit by this card, on this day in China (ISO 8601)."""

    card_id: str
    day: str
    points: int


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The bay's camera gave no picture, and why."""

    bay: str
    reason: str


@dataclass(frozen=True, slots=True)
class CameraBack:
    """The bay's camera gives pictures again."""

    bay: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The eyes judged the load on the bay's pan; None where the camera gave no picture."""

    bay: str
    number: int
    sight: Sight | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What the camera saw through the open hatch, in answer to `Watch` number `number`."""

    bay: str
    number: int
    glance: Glance


@dataclass(frozen=True, slots=True)
class EmptySeen:
    """The chamber camera's word on an empty pan; None where it cannot tell."""

    bay: str
    number: int
    empty: bool | None


@dataclass(frozen=True, slots=True)
class Committed:
    """A record asked for with `Commit` is durable; `closes` is the intent that it ended.

    `line` is the record as it was signed: a deposit's receipt. `body` is what was asked for.
    """

    kind: str
    seq: int
    closes: int | None = None
    line: str = ""
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """The record asked for with `wish` was not written; nothing of it remains.

    `lasting` where the disk is well and the record itself was refused: it never will be written.
    """

    wish: Commit
    reason: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """At start: the journal holds an intent that nothing has closed.

    `age_s` is how long ago it was written; None where nobody vouches for the clock.
    """

    seq: int
    body: dict[str, Any]
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class IntentUnreadable:
    """At start: an open intent that cannot be read any more, at `seq`, and why.

    `bay` is what its line seems to name; None where it names none.
    """

    bay: str | None
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class FaultFound:
    """At start: the journal says that this fault of the bay began, and not that it ended."""

    bay: str
    fault: str


@dataclass(frozen=True, slots=True)
class FailedChecksFound:
    """At start: what was kept of checks that closed a bay in service."""

    rows: tuple[FailedRow, ...]


@dataclass(frozen=True, slots=True)
class AcceptanceFound:
    """At start: what was kept of an acceptance that is on its way; no row where none is."""

    rows: tuple[AcceptedRow, ...]


@dataclass(frozen=True, slots=True)
class LotsFound:
    """At start: what was kept of the bins' lots, and kind and body of what waits for the ledger."""

    rows: tuple[Row, ...]
    waiting: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class BayMemoryFound:
    """At start, after calibrations and unreadable intents: what `RememberBay` kept of a bay."""

    bay: str
    zero_raw: float
    unfinished: bool


@dataclass(frozen=True, slots=True)
class BayMemoryMissing:
    """At start: nothing was ever kept of this bay, or it is lost with its journal."""

    bay: str


@dataclass(frozen=True, slots=True)
class BayRemembered:
    """What `RememberBay` asked for is durable."""

    bay: str
    unfinished: bool


@dataclass(frozen=True, slots=True)
class BayNotRemembered:
    """What `RememberBay` asked for was not kept; what was kept before still is."""

    bay: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """Whether the journal can take another record; asked now and then, and after each failure.

    `reason` says why it is not `enough`, and what to do.
    """

    enough: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeyTurned:
    """The front panel's service key: turned to service (`on`), or back."""

    on: bool


@dataclass(frozen=True, slots=True)
class MainsSeen:
    """Whether the UPS is fed by the mains (`on`), or the kiosk runs on its battery."""

    on: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """In answer to `Print`: the slip is out, or why not in a word (`ports.PrinterError`)."""

    number: int
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationFound:
    """The journal holds a calibration of a bay; `body` is its record's body.

    At start they come oldest first; later, one comes after each calibration that was committed.
    """

    bay: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The deadline of the present state has come."""


TOLD_OF = CodeShown | PhoneTyped | LevelsRead
"""After these there may be something in the kiosk's state that the platform is to be told."""
