"""The kiosk as one running thing: events come in, the core steps, commands go out.

All decisions stand in `controller.core`; this shell only carries. One pump takes events in
order, so a record is durable before the next event is looked at.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.archiving import Archiving
from controller.checking import Checking
from controller.core import commands, events, touches
from controller.core.bay import Bay
from controller.core.levels.telling import bins_of
from controller.core.panel import lamp_of, tone_between
from controller.core.session import Session
from controller.core.states import State
from controller.core.table import TABLE
from controller.core.viewing import Viewing
from controller.journaling import Journaling
from controller.keeping import Keeping
from controller.looking import Looking
from controller.printing import Printing
from controller.remotely import Afar, Remotely
from controller.starting import Kept, known_at_start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract.catalogue import Catalogue
    from controller import ports
    from controller.core.config import KioskConfig
    from controller.core.view import View
    from controller.delivery import Delivery

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a kiosk is plugged into; links and cameras by bay name."""

    links: Mapping[str, ports.NodeLink]
    cameras: Mapping[str, ports.Camera]
    codes: ports.CodeReader
    classifier: ports.Classifier
    store: ports.Store
    screen: ports.Screen
    clock: ports.Clock
    panel: ports.Panel | None = None
    printer: ports.Printer | None = None


class Kiosk:
    """One kiosk. `run` it on any asyncio loop; `post` what is touched on its screen.

    Args:
        ports: What it is plugged into.
        delivery: Brings committed records to the platform.
        config: Its configuration.
        catalogue: The catalogue in force.
        token_keys: Key id → public key of those who issue residents' codes.
        new_id: Gives a fresh session id each call.
        kept: What is kept over a restart beside the journal; None for nothing.
        afar: What commands from afar may use; None for nothing.
    """

    def __init__(
        self,
        ports: Ports,
        delivery: Delivery,
        config: KioskConfig,
        catalogue: Catalogue,
        token_keys: Mapping[str, bytes],
        new_id: Callable[[], str],
        kept: Kept | None = None,
        afar: Afar | None = None,
    ) -> None:
        self._ports = ports
        self._delivery = delivery
        self._kept = kept
        self.afar = afar or Afar()
        self._events: asyncio.Queue[object] = asyncio.Queue()
        self._shown: View | None = None
        self._looking = Looking(ports.cameras, ports.classifier, ports.screen, self.post)
        self._keeping = Keeping(kept)
        self._printing = Printing(ports.printer, self.post)
        bays = {bay.name: Bay(bay) for bay in config.bays}
        self.session = Session(TABLE, config, catalogue, token_keys, bays, new_id)
        self.session.has_printer = self._printing.is_fitted
        self._viewing = Viewing(self.session)
        self._checking = Checking(ports.store, ports.codes, ports.clock, delivery, self.post)
        self._journaling = Journaling(ports.store, ports.clock, self._checking, delivery.kick)
        self._remotely = Remotely(
            self.afar,
            self.session,
            delivery,
            ports.clock,
            lambda: self._checking.free_bytes,
            self.post,
        )
        delivery.changed = self.refresh
        delivery.standing.at_the_front = lambda: self.session.refused_at_the_front
        delivery.standing.bins = lambda: bins_of(self.session.levels)

    def post(self, event: object) -> None:
        """Hand in an event from outside, for instance what was touched on the screen."""
        self._events.put_nowait(_timed(event, self._ports.clock))

    @property
    def plugged_into(self) -> Ports:
        """What it is plugged into."""
        return self._ports

    @property
    def delivery(self) -> Delivery:
        """What brings its records to the platform."""
        return self._delivery

    async def settle(self, event: object) -> None:
        """Post, and wait until the session has taken it and what it asked for is done."""
        taken = asyncio.Event()
        self.post(event)
        self.post(taken)
        await taken.wait()

    async def run(self) -> None:
        """Run until cancelled. What the journal knows is seen to first."""
        if self._ports.clock.quality() == "synchronised":
            for bay in self.session.bays.values():
                bay.see_day(self._ports.clock.utc_s())
        self._viewing.rests.found(await self._keeping.rests())
        self.post(await self._remotely.found())
        ports, bays = self._ports, self.session.bays
        for event in await known_at_start(ports.store, ports.clock, bays, self._kept):
            self.post(event)
        async with asyncio.TaskGroup() as tasks:
            for link in self._ports.links.values():
                tasks.create_task(link.run(), name=f"link {link.bay}")
                tasks.create_task(self._hear(link), name=f"hear {link.bay}")
            tasks.create_task(self._read_codes(), name="codes")
            tasks.create_task(self._checking.run(), name="checking")
            tasks.create_task(self._delivery.run(), name="delivery")
            tasks.create_task(self._printing.run(), name="printer")
            archiving = Archiving(self._ports.store, lambda: self.session.state is State.IDLE)
            tasks.create_task(archiving.run(), name="archive")
            if (panel := self._ports.panel) is not None:
                tasks.create_task(panel.run(), name="panel")
                tasks.create_task(self._hear_panel(panel), name="hear panel")
            tasks.create_task(self._pump(), name="pump")

    def refresh(self) -> None:
        """Show the session as it is now, if that differs from what is shown."""
        clock, is_idle = self._ports.clock, self.session.state is State.IDLE
        utc_s = clock.utc_s() if is_idle and clock.quality() == "synchronised" else None
        self._viewing.look(asyncio.get_running_loop().time(), utc_s)
        self._keeping.keep_rests(self._viewing.rests.rows)
        view = self._viewing.view(online=self._delivery.online, utc_s=utc_s)
        if view != self._shown:
            before, self._shown = self._shown, view
            self._ports.screen.show(view)
            if self._ports.panel is not None:
                self._signal(self._ports.panel, before, view)

    async def _hear(self, link: ports.NodeLink) -> None:
        async for event in link.events():
            self.post(event)

    async def _hear_panel(self, panel: ports.Panel) -> None:
        async for event in panel.events():
            self.post(event)

    def _signal(self, panel: ports.Panel, before: View | None, after: View) -> None:
        panel.show(lamp_of(after))
        if (tone := tone_between(before, after)) is not None:
            panel.sound(tone)

    async def _read_codes(self) -> None:
        clock = self._ports.clock
        async for text in self._ports.codes.codes():
            self.post(events.CodeShown(text, clock.utc_s(), clock.quality()))

    async def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        self.refresh()
        while True:
            event = await self._next_event()
            if isinstance(event, asyncio.Event):  # whoever waits for what came before it
                event.set()
                continue
            await self._perform(self.session.step(event, loop.time()))
            if isinstance(event, events.TOLD_OF) and self._delivery.standing.is_news:
                self._delivery.kick()  # somebody may have been refused, or a bin has filled up
            elif isinstance(event, events.RoomSeen) and self._delivery.standing.look():
                self._delivery.kick()  # every ten seconds: bays, faults, versions
            self.refresh()

    async def _next_event(self) -> object:
        """The next event, or `TimePassed` when the session's deadline comes first."""
        if self.session.deadline_s is None:
            return await self._events.get()
        try:
            async with asyncio.timeout_at(self.session.deadline_s):
                return await self._events.get()
        except TimeoutError:
            return events.TimePassed()

    async def _perform(self, wishes: list[commands.Command]) -> None:
        """Carry out what the core asked for, in order.

        What the journal answers is stepped at once, before any other event: the core never
        sees the world move between asking for a record and knowing that it is durable.
        """
        queue = deque(wishes)
        while queue:
            match queue.popleft():
                case commands.Commit() as wish:
                    queue.extend(self._answer(await self._journaling.commit(wish)))
                case commands.RememberBay() as wish:
                    queue.extend(self._answer(await self._journaling.remember_bay(wish)))
                case (
                    commands.Look() | commands.Watch() | commands.SeeEmpty() | commands.Print()
                ) as wish:
                    self._begin(wish)
                case commands.RememberCode() as wish:
                    if (seen := await self._journaling.remember_code(wish)) is not None:
                        queue.extend(self._answer(seen))
                case (
                    commands.KeepFaults()
                    | commands.KeepLots()
                    | commands.KeepFailedChecks()
                    | commands.KeepAcceptance() as wish
                ):
                    self._keeping.keep(wish)
                case commands.KeepOrders() | commands.TellResult() | commands.DoUpkeep() as wish:
                    await self._remotely.do(wish)
                case commands.Note() as wish:
                    _log.error("event=%s bay=%s reason=%s", wish.what, wish.bay, wish.reason)
                case node_command:
                    self._ports.links[node_command.bay].submit(node_command)

    def _begin(
        self, wish: commands.Look | commands.Watch | commands.SeeEmpty | commands.Print
    ) -> None:
        """What takes a while goes on beside the pump; its answer comes as an event."""
        if isinstance(wish, commands.Print):
            self._printing.begin(wish)
        else:
            self._looking.begin(wish)

    def _answer(self, event: object) -> list[commands.Command]:
        return self.session.step(event, asyncio.get_running_loop().time())


def _timed(event: object, clock: ports.Clock) -> object:
    """The event; who names themself on the screen does so at a time, as who shows a code."""
    match event:
        case touches.NumberTyped(number):
            at = clock.utc_s(), clock.quality()
            return events.PhoneTyped(number, *at, confirmed=True)
        case touches.GuestBegan():
            return events.GuestCame(clock.utc_s(), clock.quality())
    return event
