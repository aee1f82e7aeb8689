"""What the shell sees of a kiosk besides its bays, now and then, as frozen data.

Each says how things are, not that they changed; how long they were so is the core's business.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UplinkSeen:
    """The way to the platform.

    `code` and `reason` say what ended the last attempt to connect; empty while it is `online`.
    `waiting` records are in the outbox, as far as that was asked, and `acks` came so far.
    """

    online: bool
    code: str = ""
    reason: str = ""
    waiting: int = 0
    acks: int = 0


@dataclass(frozen=True, slots=True)
class DiskSeen:
    """The journal's disk and its copy.

    `code` is `full`, `read-only` or `failing`, or empty where it takes records, and `reason` says
    more. `slowest_s` is what the slowest record took since the last look, and `mirror` why the copy
    on the second medium is behind; empty where it is not, or where there is none.
    """

    code: str = ""
    reason: str = ""
    slowest_s: float = 0.0
    mirror: str = ""


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """What the wall clock said at `at_s` of loop time, and its `quality` as in `ports.Clock`.

    Both times at once: a record that a slow disk takes may lie between a look and its being heard.
    `utc_s` are Unix seconds.
    """

    utc_s: int
    quality: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ReaderSeen:
    """The reader at the front: `lost` says why it reads nothing; empty while it does."""

    lost: str


@dataclass(frozen=True, slots=True)
class PrinterSeen:
    """The receipt printer: `code` (`ports.PrinterError`) and `reason` say why it prints nothing.

    Both are empty while it prints, or does not tell.
    """

    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StartFound:
    """At start: the controller started `ago_s` ago, this time or before.

    `boot` names the start of the computer below it: the same one twice, and only the controller
    started anew.
    """

    ago_s: float
    boot: str


@dataclass(frozen=True, slots=True)
class PicturesSeen:
    """Pictures of a bay's chamber behind its shut hatch, with the light on.

    `problems` are those of `ports.Classifier`, and what the load's own look found. They are
    `of_empty` where the pan read empty.
    """

    bay: str
    problems: tuple[str, ...]
    of_empty: bool = False
