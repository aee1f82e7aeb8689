"""A resident's session at the kiosk, as a pure machine: `step(event, now) -> commands`.

The rules are the rows of one table (`controller.core.table`), which it is given. The session
knows no clock, no loop and no hardware: times come as arguments, wishes leave as commands, and
`deadline_s` says when it wants to hear `TimePassed`. An event that a state does not know is
refused and counted; it never raises.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.faults import FaultBook
from controller.core.healing import Healing
from controller.core.health.kiosk_signs import KioskSigns
from controller.core.identity import Doorkeeper
from controller.core.load import Load, Resident
from controller.core.lots import Lots
from controller.core.paper import Paper
from controller.core.remote.orders import Orders
from controller.core.restarting import Restarting
from controller.core.service.duty import Service
from controller.core.sill import Sill
from controller.core.states import State
from controller.core.trigger import Trigger
from controller.core.verdict import Judge
from controller.core.view import ReceiptRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract.catalogue import Catalogue, Item
    from controller.core.bay import Bay
    from controller.core.config import KioskConfig
    from controller.core.identity import PhoneDesk
    from controller.core.levels.levels import Levels
    from controller.core.staff import Staff
    from controller.core.states import Handler, Table
    from controller.core.unclosed import Unclosed


class Session:
    """One kiosk's sessions, one after the other.

    Args:
        table: What each state does with each event.
        config: The kiosk's configuration.
        catalogue: The catalogue in force.
        token_keys: Key id → public key (32 bytes) of those who issue residents' codes.
        bays: Name → bay.
        new_id: Gives a fresh session id each call.
    """

    def __init__(
        self,
        table: Table,
        config: KioskConfig,
        catalogue: Catalogue,
        token_keys: Mapping[str, bytes],
        bays: Mapping[str, Bay],
        new_id: Callable[[], str],
    ) -> None:
        self.table = table
        self.config = config
        self.catalogue = catalogue
        self.doorkeeper = Doorkeeper(token_keys)
        self.phones: PhoneDesk | None = None
        self.has_printer = False
        self.faults = FaultBook()
        self.signs = KioskSigns()
        self.lots = Lots()
        self.orders = Orders()
        self.healing = {name: Healing() for name in bays}
        self.restarting = {name: Restarting() for name in bays}
        self.staff: Staff | None = None
        self.service = Service()
        self.bays = bays
        self.new_id = new_id
        self.state = State.IDLE
        self.entered_s = 0.0
        self.deadline_s: float | None = None
        self.message = table.rows[State.IDLE].message
        self.figures: dict[str, str | int] = {}
        self.refused: Counter[str] = Counter()
        self.told = 0
        self.open_intents: deque[Unclosed] = deque()
        self.unwritten: list[commands.Commit] = []
        self.choices: tuple[Item, ...] = ()
        self.warned = False
        self.promised_s = 0.0
        self.looks = 0
        self.slips = 0
        self.trigger = Trigger()
        self.forget_resident()
        self._commands: list[commands.Command] = []

    def forget_resident(self) -> None:
        """Start with nobody: no account, no bay, no load, no receipt."""
        if self.phones is not None:
            self.phones.forget()
        self.resident: Resident | None = None
        self.bay: Bay | None = None
        self.load: Load | None = None
        self.deposit: commands.Commit | None = None
        self.loads = 0
        self.sill = Sill()
        self.receipt: list[ReceiptRow] = []
        self.paper = Paper()

    def step(self, event: object, now_s: float) -> list[commands.Command]:
        """Take one event at `now_s` seconds of loop time; return what it asks for."""
        self._commands = []
        bay = self.bays.get(getattr(event, "bay", ""))
        if bay is not None and isinstance(event, events.NodeEvent):
            bay.hear(event, now_s)
        self.signs.hear(event, now_s)
        kind = type(event)
        if isinstance(event, events.TimePassed):
            self._time_passed(event, now_s)
        elif isinstance(event, events.CommandRefused) and event.command not in commands.MOTIONS:
            self.refused[f"{self.state.value}:{event.command}"] += 1
        elif (handler := self._handler(event)) is not None:
            handler(self, event, now_s)
        else:
            self.refused[f"{self.state.value}:{type(event).__name__}"] += 1
        if (after := self.table.afterwards.get(kind)) is not None:
            after(self, event, now_s)
        return self._commands

    def enter(self, state: State, now_s: float, message: str = "", **figures: str | int) -> None:
        """Go to `state`, saying `message` (or the state's own), and start its timeout."""
        row = self.table.rows[state]
        self.state = state
        self.entered_s = now_s
        self.warned = False
        self.trigger = Trigger()
        self.say(message or row.message, **figures)
        self.wait(getattr(self.config.session, row.timeout) if row.timeout else None, now_s)

    def say(self, message: str, **figures: str | int) -> None:
        """Show another sentence without leaving the state."""
        self.message, self.figures = message, dict(figures)

    def wait(self, seconds: float | None, now_s: float) -> None:
        """Ask for `TimePassed` in `seconds`, or for none."""
        self.deadline_s = None if seconds is None else now_s + seconds

    def ask(self, *wishes: commands.Command) -> None:
        """Send commands out with this step."""
        self._commands.extend(wishes)

    @property
    def refused_at_the_front(self) -> dict[str, int]:
        """How many codes, badges, numbers, collections and commands were refused, by code."""
        return {
            code: count
            for code, count in self.refused.items()
            if code.partition(":")[0] in ("code", "badge", "phone", "collection", "command")
        }

    @property
    def levels(self) -> dict[str, Levels]:
        """How full the bins of each bay are, by its name."""
        return {name: bay.levels for name, bay in self.bays.items()}

    def next_look(self) -> int:
        """Number the next question to the camera; answers to earlier ones are void."""
        self.looks += 1
        return self.looks

    @property
    def judge(self) -> Judge:
        """The judge for the session's bay."""
        bay = self.here
        min_g = bay.config.scale.min_g
        full = bay.levels.full
        return Judge(self.catalogue, bay.bins, min_g, self.config.verdict, full)

    @property
    def here(self) -> Bay:
        """The session's bay; only asked for in states that have one."""
        assert self.bay is not None, f"state {self.state.value} has no bay"
        return self.bay

    @property
    def guest(self) -> Resident:
        """The session's resident; only asked for in states that have one."""
        assert self.resident is not None, f"state {self.state.value} has no resident"
        return self.resident

    @property
    def pending(self) -> Load:
        """The load in hand; only asked for in states that have one."""
        assert self.load is not None, f"state {self.state.value} has no load"
        return self.load

    def _handler(self, event: object) -> Handler | None:
        """What is done with an event now; None where the state refuses it."""
        match event:
            case events.Committed(kind=kind) if kind in self.table.answers:
                return self.table.answers[kind]
            case events.CommitFailed(wish=wish) if wish.kind in self.table.answers:
                return self.table.answers[wish.kind]
        return self.table.handler(self.state, type(event))

    def _time_passed(self, event: events.TimePassed, now_s: float) -> None:
        """Run the state's timeout, unless the deadline has moved since it was scheduled."""
        if self.deadline_s is None or now_s < self.deadline_s:
            return
        self.deadline_s = None
        handler = self.table.rows[self.state].on_timeout
        if handler is not None:
            handler(self, event, now_s)
