"""The commands that a kiosk has, and those that it has done: each is done once, or not at all.

A command is known by its id. One that came before is answered as it was then, whatever has been
restarted since. What is remembered is bounded: of those that are over the oldest go, and with them
goes every command that would end no later. So what is replayed is either known or too old, with a
clock that nobody vouches for as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.command import CLOSE_BAY, SEND_DIAGNOSTICS, misfit
from controller.core.remote.kept import FORGOTTEN, OrderRow, forgotten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.command import Command

REMEMBERED = 64
"""Commands that are kept although they hold no more: what staff see when they ask again."""

REMEMBERED_MOST = 1_000
"""Commands that are kept at all: more than anybody gives one kiosk while the first still holds."""

DETAIL_MAX = 300
"""Characters of a result's `detail` (`contract.fields.Text`)."""

WAITING_MOST = 16
"""Commands that may wait; staff who give more of them do not see that none is done."""

AHEAD_S = 600
"""A command from so far ahead comes from a clock that is wrong, here or there."""

DONE = ("done", "lifted")
OVER = (*DONE, "refused")


@dataclass(slots=True)
class Clock:
    """What the wall clock said last, at which loop time; None while nobody vouches for it."""

    utc_s: int = 0
    at_s: float = 0.0
    vouched: bool = False

    def see(self, utc_s: int, quality: str, at_s: float) -> None:
        """Take what it says now."""
        self.utc_s, self.at_s, self.vouched = utc_s, at_s, quality == "synchronised"

    def utc(self, now_s: float) -> int:
        """Unix seconds at `now_s` of loop time."""
        return self.utc_s + int(now_s - self.at_s)


@dataclass(slots=True)
class Orders:
    """What a kiosk remembers of its commands, in the order in which they came.

    `doing` is the id of the one under way, or empty; `bundled` of the one whose bundle this start
    of the controller has in memory. `floor_s` as `kept.forgotten` has it.
    """

    rows: dict[str, OrderRow] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    floor_s: int = 0
    doing: str = ""
    bundled: str = ""

    def recall(self, rows: Iterable[OrderRow]) -> None:
        """At start: as they were left; what was under way waits again."""
        for row in rows:
            if row.stage == FORGOTTEN:
                self.floor_s = row.not_after
            else:
                self.rows[row.id] = row

    @property
    def kept(self) -> tuple[OrderRow, ...]:
        """What a restart must not forget."""
        return (forgotten(self.floor_s), *self.rows.values())

    @property
    def waiting(self) -> list[OrderRow]:
        """What is not done yet, in the order in which it came."""
        return [row for row in self.rows.values() if row.stage not in OVER]

    @property
    def closed_bays(self) -> dict[str, OrderRow]:
        """Bay → the command that closed it, of those that no later one has opened."""
        found: dict[str, OrderRow] = {}
        for row in self.rows.values():
            if row.stage == "done" and row.verb == CLOSE_BAY:
                found.setdefault(row.bay, row)
        return found

    def is_lost(self, row: OrderRow, now_s: float) -> bool:
        """Whether the bundle that was made for a command went with the controller's last start.

        Whoever asks for it again has not got all of it, as long as the command holds.
        """
        made = row.verb == SEND_DIAGNOSTICS and row.stage == "done"
        return made and row.id != self.bundled and not self.is_over(row.not_after, now_s)

    def lift(self, bay: str) -> None:
        """A bay is opened: what closed it says so itself, for what opened it may be forgotten."""
        for row in self.rows.values():
            if row.stage == "done" and row.verb == CLOSE_BAY and row.bay == bay:
                self.rows[row.id] = row._replace(stage="lifted")

    def why_not(self, command: Command, bays: Iterable[str], now_s: float) -> tuple[str, str]:
        """Code and sentence of why a command that is not known is refused; empty if it is not."""
        if code := misfit(command.verb, command.arguments):
            return code, f"{command.verb} {dict(command.arguments)}: this kiosk does not know it so"
        bay = command.arguments.get("bay")
        if bay is not None and bay not in bays:
            return "no-such-bay", f"no bay {bay!r} here: {', '.join(bays)}"
        if self.is_over(command.not_after, now_s):
            return "expired", f"it held until {command.not_after}"
        if self.clock.vouched and command.issued_at > self.clock.utc(now_s) + AHEAD_S:
            return "clock-ahead", f"it is from {command.issued_at}, by a clock that is not this one"
        if len(self.waiting) >= WAITING_MOST:
            return "too-many", f"{WAITING_MOST} commands wait: the kiosk is in use"
        return "", ""

    def is_over(self, not_after: int, now_s: float) -> bool:
        """Whether a command that held until `not_after` holds no more, as far as anybody knows.

        While nobody vouches for the clock a command is believed to hold: what it does can be
        undone, and a kiosk without a clock must still be closed.
        """
        late = self.clock.vouched and self.clock.utc(now_s) > not_after
        return late or not_after <= self.floor_s

    def move(self, row: OrderRow, stage: str, now_s: float, code: str, detail: str) -> OrderRow:
        """A command reaches another stage; the row as it is now."""
        at = max(self.clock.utc(now_s), row.at)
        detail = detail[:DETAIL_MAX].encode("utf-8", "replace").decode()  # it may name any file
        row = row._replace(stage=stage, code=code, detail=detail, at=at)
        self.rows.pop(row.id, None)
        self.rows[row.id] = row
        if self.doing == row.id and stage in OVER:
            self.doing = ""
        self._forget(now_s)
        return row

    def _forget(self, now_s: float) -> None:
        """Let the oldest go that are over, but for those that hold a bay closed."""
        closing = {row.id for row in self.closed_bays.values()}
        over = [row for row in self.rows.values() if row.stage in OVER and row.id not in closing]
        over.sort(key=lambda row: row.not_after)
        while len(over) > REMEMBERED:
            row = over.pop(0)
            if not self.is_over(row.not_after, now_s) and len(over) < REMEMBERED_MOST:
                return
            del self.rows[row.id]
            self.floor_s = max(self.floor_s, row.not_after)
