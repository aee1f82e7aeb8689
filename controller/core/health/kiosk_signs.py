"""What a kiosk has shown besides its bays: what is wrong now, and since when."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from controller.core import events
from controller.core.health import sightings

SYNCHRONISED = "synchronised"

JUMP_S = 5.0
"""Whole seconds, a slewed clock and a late look together make less of a difference."""

SLOW_S = 2.0
"""A good card commits in 12 ms, and one that cleans up in some 0.5 s; this is neither."""


@dataclass(slots=True)
class Trouble:
    """Something that is wrong, of a kind (`code`): since when, and why as it was told last.

    What was wrong in another way meanwhile does not count: `since_s` is later by so much.
    """

    code: str
    since_s: float
    reason: str


@dataclass(slots=True)
class KioskSigns:
    """Everything besides its bays that a kiosk's diagnosis looks at. `hear` each event, in order.

    What is None is well, or was not seen yet. `unacked_s` is since when records wait on a ledger
    that is reached and says nothing. `jumps` and `slow` are when the clock jumped and when records
    took too long, `starts` when the controller started, by the computer's own starts.
    """

    uplink: Trouble | None = None
    unacked_s: float | None = None
    disk: Trouble | None = None
    mirror: Trouble | None = None
    unvouched_s: float | None = None
    reader: Trouble | None = None
    printer: Trouble | None = None
    battery_s: float | None = None
    jumps: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    slow: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    starts: list[tuple[float, str]] = field(default_factory=list)
    _acks: int = 0
    _clock: tuple[float, str] | None = None
    _offline_s: dict[str, float] = field(default_factory=dict)

    def hear(self, event: object, now_s: float) -> None:
        """Take in what was seen at `now_s`; what tells nothing of the kiosk is passed over."""
        match event:
            case sightings.UplinkSeen():
                self._see_uplink(event, now_s)
            case sightings.DiskSeen():
                self._see_disk(event, now_s)
            case sightings.ClockSeen():
                self._see_clock(event, now_s)
            case sightings.ReaderSeen(lost=lost):
                self.reader = _goes_on(self.reader, "lost" if lost else "", lost, now_s)
            case sightings.PrinterSeen(code=code, reason=reason):
                self.printer = _goes_on(self.printer, code, reason, now_s)
            case sightings.StartFound(ago_s=ago_s, boot=boot):
                self.starts.append((now_s - ago_s, boot))
            case events.MainsSeen(on=on):
                self.battery_s = None if on else _first(self.battery_s, now_s)
            case _:
                pass  # of a bay, or of a resident

    def _see_uplink(self, seen: sightings.UplinkSeen, now_s: float) -> None:
        self._see_offline(seen, now_s)
        silent = seen.online and seen.waiting > 0 and seen.acks == self._acks
        self.unacked_s = _first(self.unacked_s, now_s) if silent else None
        self._acks = seen.acks

    def _see_offline(self, seen: sightings.UplinkSeen, now_s: float) -> None:
        """A weak cell fails now in this way and now in that: each goes on where it was left."""
        before = self.uplink
        if seen.online:
            self._offline_s.clear()
        elif before is not None and before.code != seen.code:
            self._offline_s[before.code] = now_s - before.since_s
        since_s = now_s - self._offline_s.get(seen.code, 0.0)
        self.uplink = _goes_on(before, seen.code, seen.reason, since_s)

    def _see_disk(self, seen: sightings.DiskSeen, now_s: float) -> None:
        self.disk = _goes_on(self.disk, seen.code, seen.reason, now_s)
        self.mirror = _goes_on(self.mirror, "lost" if seen.mirror else "", seen.mirror, now_s)
        if seen.slowest_s >= SLOW_S:
            self.slow.append(now_s)

    def _see_clock(self, seen: sightings.ClockSeen, now_s: float) -> None:
        """A time service that comes late may put the clock right: that is no jump to tell of."""
        ahead_s, quality = seen.utc_s - seen.at_s, seen.quality
        before_s, before = self._clock or (ahead_s, quality)
        put_right = before != SYNCHRONISED and quality == SYNCHRONISED
        if abs(ahead_s - before_s) >= JUMP_S and not put_right:
            self.jumps.append(now_s)
        is_vouched = quality == SYNCHRONISED
        self.unvouched_s = None if is_vouched else _first(self.unvouched_s, now_s)
        self._clock = ahead_s, quality


def lasted_s(since_s: float | None, now_s: float) -> float:
    """How long something has been so; -inf where it is not."""
    return -math.inf if since_s is None else now_s - since_s


def _goes_on(before: Trouble | None, code: str, reason: str, since_s: float) -> Trouble | None:
    """The same trouble as before, one `since_s`, or none where there is no `code`."""
    if not code:
        return None
    if before is None or before.code != code:
        return Trouble(code, since_s, reason)
    before.reason = reason
    return before


def _first(since_s: float | None, now_s: float) -> float:
    return now_s if since_s is None else since_s
