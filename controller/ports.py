"""What the kiosk needs from the world, as Protocols; adapters and the simulator provide it.

Every port has one conformance suite in `tests/contracts` that runs over all who provide it.
Ports raise errors of the tree under `KioskError`; nothing else crosses them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from contract.errors import KioskError
from controller.core.records import Draft, Entry

__all__ = [
    "FOREIGN",
    "BayMemory",
    "Camera",
    "CameraLostError",
    "Classifier",
    "Clock",
    "CodeReader",
    "DiskError",
    "Draft",
    "Entry",
    "EyesError",
    "HeadKeeper",
    "Lesson",
    "NoNetworkError",
    "NodeLink",
    "Panel",
    "PriceLists",
    "Printer",
    "PrinterError",
    "Room",
    "RowKeeper",
    "Screen",
    "Store",
    "StoreError",
    "Teaching",
    "Unreadable",
    "Upkeep",
    "Uplink",
    "UplinkBarredError",
    "UplinkConnection",
    "UplinkLostError",
    "UplinkRefusedError",
]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from controller.core.commands import NodeCommand
    from controller.core.events import KeyTurned, MainsSeen, NodeEvent
    from controller.core.panel import Lamp, Tone
    from controller.core.service.given import FrameCount
    from controller.core.shelf import Offer
    from controller.core.sight import Sight
    from controller.core.slip import Slip
    from controller.core.trigger import Glance
    from controller.core.view import View

    Image = NDArray[np.uint8]
    """An RGB picture: height × width × 3, 0 to 255."""


class UplinkLostError(KioskError):
    """There is no connection to the broker, or it broke; what was under way is unknown."""

    code = "lost"


class NoNetworkError(UplinkLostError):
    """There is no way to any broker: no route, or nobody who knows its name."""

    code = "no-network"


class UplinkBarredError(UplinkLostError):
    """The broker, or its certificate, or this kiosk's own forbids a connection.

    `code` says in one word what is wrong. Trying again will not do; somebody must act.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UplinkRefusedError(KioskError):
    """The broker refused a message; the message says with which reason code."""

    code = "refused"


class CameraLostError(KioskError):
    """The camera gives no picture."""


class EyesError(KioskError):
    """The eyes cannot be taught so; `code` says why in a word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PrinterError(KioskError):
    """The slip did not come out, or not all of it; `code` says why in a word.

    `paper-out`, `cover-open`, `lost` (no such device), `late` (it takes nothing), `busy` (with the
    slip before) or `failing`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StoreError(KioskError):
    """The journal cannot be read or written; the kiosk takes nothing until it can."""


class DiskError(StoreError):
    """The journal's disk did not do its part; `code` is `full`, `read-only` or `failing`."""

    def __init__(self, message: str, code: str = "failing") -> None:
        super().__init__(message)
        self.code = code


class NodeLink(Protocol):
    """One bay's node as the controller sees it: commands out, events in."""

    @property
    def bay(self) -> str:
        """The bay's name, as in the kiosk's configuration."""

    @property
    def frames_heard(self) -> FrameCount:
        """What came from the node since the controller started, and what of it was no frame."""

    def submit(self, command: NodeCommand) -> None:
        """Queue a command; its effect or its refusal comes back as an event."""

    def events(self) -> AsyncIterator[NodeEvent]:
        """Yield what the node says, for ever; a silent node is `NodeLost`, never an end."""

    async def run(self) -> None:
        """Keep the link: hello, heartbeat every 100 ms, retransmission. Runs until cancelled."""


class Camera(Protocol):
    """A camera that looks at one place."""

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` pictures, oldest first.

        Raises:
            CameraLostError: No picture came.
        """


class CodeReader(Protocol):
    """Whatever reads residents' codes and cards at the kiosk's front."""

    @property
    def lost(self) -> str:
        """Why it reads nothing now; empty while it does."""

    def codes(self) -> AsyncIterator[str]:
        """Yield the text of each code as it is shown; the same code held still comes once."""


class Classifier(Protocol):
    """Says what lies on a bay's pan; `bay` names the bay that the pictures are of."""

    async def look(self, bay: str, frames: Sequence[Image]) -> Sight:
        """Judge 1 to 5 pictures of the same load together, barcodes included."""

    async def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        """Say what the chamber's pictures, oldest first, show of the hatch and the pan."""

    async def is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        """Say whether the chamber is empty in these pictures; None where they cannot tell.

        Only to be asked while the pan reads empty: what is called empty here is what the
        chamber looks like from now on.
        """

    def problems(self, bay: str) -> tuple[str, ...]:
        """What the latest pictures of the bay were found fault with; empty where they are good.

        Any of `dark`, `overexposed`, `covered`, `blurred`, `moved`, `dirty`, and `frozen` where a
        picture behind the shut hatch is the one before, bit for bit.
        """


FOREIGN = "foreign"
"""How a picture of what is to be given back is called, an empty pan among it."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What teaching came to.

    Where it `holds`, the eyes see by it from now on; else `refusal` says why it would not pay. The
    shares of right answers are of the taught pictures, each judged as if it had not been taught.
    """

    holds: bool
    refusal: str
    pictures: int
    right_before: float
    right_after: float


class Teaching(Protocol):
    """What staff teach the eyes, kept over a restart. Everything here blocks."""

    def has_empty(self, bay: str) -> bool:
        """Whether the eyes know what the bay's empty chamber looks like."""

    def take_empty(self, bay: str, picture: Image) -> str:
        """See the bay's empty chamber so from now on; gives the picture's hash, in short."""

    def undo_empty(self, bay: str) -> None:
        """See it as before the last picture.

        Raises:
            EyesError: There is none from before.
        """

    def counts(self) -> Mapping[str, int]:
        """How many pictures of items there are, by label."""

    def add(self, label: str, picture: Image) -> int:
        """Keep a picture of this label; gives how many there are of it now.

        Raises:
            EyesError: There is no such label, there are enough, or it is the same picture.
        """

    def take_back(self, label: str) -> None:
        """Throw the picture of this label away that was added last, if there is one."""

    def forget(self) -> int:
        """Throw all pictures of items away; gives how many there were."""

    def finish(self, day: str) -> Lesson:
        """Learn from the pictures on this day (ISO 8601); takes seconds.

        Raises:
            EyesError: They are too few.
        """

    def undo(self) -> None:
        """See items as before the last lesson.

        Raises:
            EyesError: There was none.
        """


@dataclass(frozen=True, slots=True)
class BayMemory:
    """What a bay must know after a restart, and no record of the chain says.

    `zero_raw` is where its scale's zero stood last, in counts. `unfinished` says that something
    was under way when this was written: the scale must not zero itself.
    """

    zero_raw: float
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Whether the journal can take another record.

    `free_bytes` are free on its filesystem. Where it is not `enough`, `reason` says why in one
    sentence and `code` in a word, as `DiskError` has it; else both are empty. `mirror` says why the
    copy on a second medium is behind; empty where it is not, or there is none.
    """

    free_bytes: int
    enough: bool
    reason: str
    code: str = ""
    mirror: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the journal that is not what this kiosk signed there: damaged, or forged.

    `code` and `reason` say what is wrong with it; `misplaced` is a genuine record that belongs
    elsewhere. `bay` is the bay that the line seems to name, or None; nothing vouches for it.
    """

    seq: int
    kind: str
    code: str
    reason: str
    bay: str | None


class Store(Protocol):
    """The journal and its outbox."""

    async def epoch(self) -> str:
        """The journal's epoch, born with its file (16 hex digits)."""

    async def append(self, draft: Draft) -> Entry:
        """Number, chain, sign and commit a record durably, and its outbox place with it.

        Raises:
            StoreError: It was not committed; nothing of it remains.
        """

    async def unsent(self, after_seq: int, limit: int) -> list[Entry]:
        """The oldest unacknowledged records of the outbox with seq > `after_seq`.

        A damaged one is set aside, as `unreadable`, and those behind it are given.
        """

    async def acknowledge(self, upto: int, sha256: str) -> bool:
        """Release the outbox up to and with seq `upto`, if that record's hash is `sha256`.

        False, and nothing is released, where this journal's record `upto` has another hash. A
        disk that takes nothing is no reason to fail: the release is written with the next record.
        """

    async def set_aside(self, seq: int, code: str) -> None:
        """Take a record that the ledger rejected out of the outbox and keep it with its code."""

    async def aside(self) -> Mapping[str, int]:
        """How many records were set aside, by their code."""

    async def open_intents(self) -> list[Entry]:
        """Intents that no record has closed and that this kiosk signed, oldest first."""

    async def unreadable_intents(self) -> list[Unreadable]:
        """Open intents that can no longer be read, oldest first.

        A load was promised, and nobody knows to whom: what lies in its bay is nobody's. A
        `service` record with its seq in `intent` closes it.
        """

    async def calibrations(self) -> list[Entry]:
        """Every calibration that this kiosk signed, of whatever bay, oldest first."""

    async def depth(self) -> int:
        """How many records wait in the outbox."""

    async def remember_code(self, jti: str, expires_at: int) -> bool:
        """Note a code's id until it expires (Unix s); False where it was known already."""

    async def remember_bay(self, bay_id: str, zero_raw: float, unfinished: bool) -> None:
        """Keep what a bay must know after a restart, durably, in place of what was kept before.

        Raises:
            StoreError: It was not kept; what was kept before still is.
        """

    async def bay_memories(self) -> Mapping[str, BayMemory]:
        """What was kept last, by bay."""

    async def card_deposits(self) -> list[tuple[str, str, int]]:
        """Card id, instant (ISO 8601) and points of the latest deposits by card, oldest first."""

    async def renew(self, reason: str) -> str:
        """Close and keep this journal and begin a new epoch, which is returned (16 hex digits).

        Its first record, of kind `epoch`, says what it follows on and why. What the ledger does
        not have yet is in the outbox anew, under new seqs; open intents, calibrations and what
        was remembered go on. An intent that was open may still be closed by the seq it had.

        Raises:
            StoreError: It could not be; the journal goes on as it was.
        """

    async def room(self) -> Room:
        """Whether another record can be written; never raises for want of room."""

    async def archive(self) -> bool:
        """Move one stretch of the oldest records, of which nothing is needed, out of the journal.

        To be asked now and then while nobody is served, again and again until it says False: so
        no record waits for more than one stretch.

        Raises:
            DiskError: The disk refuses; every record is where it was.
        """


class UplinkConnection(Protocol):
    """One connection to the broker, from its start to its end."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker at QoS 1; says nothing about the ledger.

        Raises:
            UplinkLostError: The connection ended; the message may or may not have arrived.
            UplinkRefusedError: The broker said no.
        """

    def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (topic, payload) of what the platform sends down.

        Raises:
            UplinkLostError: The connection ended.
        """


class Uplink(Protocol):
    """The way to the platform; comes and goes, and the kiosk does not mind."""

    def connect(
        self, will: tuple[str, bytes] | None = None
    ) -> AbstractAsyncContextManager[UplinkConnection]:
        """Open one new connection, subscribed to the kiosk's `down/#`.

        `will` is the topic and payload that the broker keeps, retained, once it breaks.

        Raises:
            UplinkLostError: No connection could be made.
            UplinkBarredError: None will be, until somebody acts.
        """


class HeadKeeper(Protocol):
    """Whoever keeps the last head that the ledger signed, for verifiers of the journal."""

    async def keep(self, head: bytes) -> None:
        """Keep this line (`contract.head`) in place of the one before; never raises for a disk."""


class RowKeeper(Protocol):
    """Whoever keeps a few rows over a restart that follow from records which may be archived."""

    async def kept(self) -> list[tuple[Any, ...]]:
        """The rows that were kept last; none where nothing can be read."""

    async def keep(self, rows: Sequence[tuple[str | int, ...]]) -> None:
        """Keep these in place of those before, in the order of the calls; raises for no disk."""


class Upkeep(Protocol):
    """Whoever looks after the kiosk's software for the platform; what fails raises `KioskError`."""

    async def reload_catalogue(self) -> str:
        """Look for catalogues now; gives the version that prices from here on."""

    async def diagnostics(self) -> bytes:
        """The diagnostics bundle: a zip without a secret in it."""

    def restart(self) -> None:
        """End the controller soon, so that whoever watches over it starts it anew."""


class PriceLists(Protocol):
    """Whoever keeps the kiosk's price lists."""

    @property
    def held(self) -> Sequence[Offer]:
        """The lists that it keeps, as it found them last: in force first, then those to come."""

    async def bring(self, signed: bytes) -> Offer:
        """Try a list as its operator signed it; once it is taken it outlives a power cut.

        It prices from its day on, and not before the kiosk stands idle. Where it was not taken the
        offer's code says why: as `Shelf.bring`, or `not-kept` where the disk does not take it.
        """


class Screen(Protocol):
    """The resident's screen; it only shows, and what is touched comes back as events."""

    def show(self, view: View) -> None:
        """Show this from now on; called on every change, cheap and never blocking."""

    def picture(self, bay: str, frame: Image | None) -> None:
        """Show (or with None: take away) the latest picture of the bay's chamber."""


class Panel(Protocol):
    """The front panel: a lamp and a buzzer out, the service key and the mains' state in."""

    @property
    def parts(self) -> frozenset[str]:
        """What of it is there (`controller.core.panel.PARTS`)."""

    def show(self, lamp: Lamp) -> None:
        """Light this lamp from now on, and no other; cheap and never blocking."""

    def sound(self, tone: Tone) -> None:
        """Sound a tone soon; cheap and never blocking."""

    def blow(self, seconds: float) -> None:
        """Run the fan for so long, however cool the computer is; cheap and never blocking."""

    def events(self) -> AsyncIterator[KeyTurned | MainsSeen]:
        """The key and the mains as they are, and again whenever one changes; never ends."""

    async def run(self) -> None:
        """Work until cancelled."""

    def close(self) -> None:
        """Dark and silent, and what drives it free again; idempotent."""


class Printer(Protocol):
    """The receipt printer."""

    def close(self) -> None:
        """Whoever waits for it gives up; idempotent."""

    async def look(self) -> None:
        """Ask how it is; one that tells nothing is well.

        Raises:
            PrinterError: It can print nothing now.
        """

    async def print(self, slip: Slip) -> None:
        """Print a slip, and return once it is out, as far as the printer tells; takes seconds.

        Raises:
            PrinterError: It did not come out, or not all of it.
        """


class Clock(Protocol):
    """Wall time, apart from the event loop's time that all timers use."""

    def utc_s(self) -> int:
        """Seconds since 1970-01-01 UTC."""

    def quality(self) -> str:
        """`synchronised`, or `unknown` where nobody vouches for the time."""
