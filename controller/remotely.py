"""The shell around commands from afar: hears them, keeps them, tells what became of them.

What is done, and when, `controller.core.flow.remote` says.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.bundle import MAX_BUNDLE
from contract.command import RELOAD_CATALOGUE, RESTART_CONTROLLER, SEND_DIAGNOSTICS, CommandResult
from controller.core import commands
from controller.core.condition import Around, condition_of
from controller.core.remote.heard import CommandCame, OrdersFound, UpkeepDone
from controller.core.remote.kept import OrderRow
from controller.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.command import Command
    from contract.condition import KeptList, KioskCondition, RefusedList
    from controller import ports
    from controller.core.session import Session
    from controller.delivery import Delivery

_log = logging.getLogger(__name__)

UPKEEP_S = 120.0
"""What the software around the core has not done by then, it does not do."""


@dataclass(frozen=True, slots=True)
class Afar:
    """What commands from afar need of a kiosk, besides its bays.

    `orders` keeps the commands over a restart; None where nothing is kept. `upkeep` does what is
    asked of the software; None where there is nobody to. `model` names the eyes' model. `lists`
    takes price lists from the wire; None where they come as files alone.
    """

    orders: ports.RowKeeper | None = None
    upkeep: ports.Upkeep | None = None
    model: str = ""
    lists: ports.PriceLists | None = None


class Remotely:
    """One kiosk as the platform sees it, and what it does for it.

    Args:
        afar: What it may use.
        session: What it is about.
        delivery: Brings commands, and takes the answers.
        clock: Wall time.
        room: Gives the bytes that are free on the journal's disk, where that is known.
        post: Takes what is heard.
    """

    def __init__(
        self,
        afar: Afar,
        session: Session,
        delivery: Delivery,
        clock: ports.Clock,
        room: Callable[[], int | None],
        post: Callable[[object], None],
    ) -> None:
        self._afar = afar
        self._session = session
        self._delivery = delivery
        self._clock = clock
        self._room = room
        self._post = post
        self._began_s: float | None = None
        self._started_at: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._listing = Listing(afar.lists, delivery) if afar.lists is not None else None
        delivery.hearing.ordered = self.came
        delivery.standing.condition = self.condition

    async def found(self) -> OrdersFound:
        """At start: what was kept."""
        self._began_s = asyncio.get_running_loop().time()
        keeper = self._afar.orders
        rows = [] if keeper is None else await keeper.kept()
        return OrdersFound(tuple(OrderRow(*row) for row in rows))

    def came(self, command: Command) -> None:
        """The platform's own word came down."""
        self._post(CommandCame(command, self._clock.utc_s(), self._clock.quality()))

    async def do(self, wish: commands.Remote) -> None:
        """Carry out what the core wishes."""
        match wish:
            case commands.KeepOrders():
                if self._afar.orders is not None:
                    await self._afar.orders.keep(wish.rows)
            case commands.TellResult():
                kiosk = self._session.config.kiosk
                self._delivery.answering.result(
                    CommandResult(
                        kiosk=kiosk,
                        id=wish.id,
                        outcome=wish.outcome,
                        code=wish.code,
                        detail=wish.detail,
                        at=wish.at,
                    )
                )
                self._delivery.standing.look()
                self._delivery.kick()
            case commands.DoUpkeep():
                task = asyncio.get_running_loop().create_task(self._upkeep(wish), name="upkeep")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def condition(self) -> KioskCondition | None:
        """How the kiosk is; None before it runs."""
        if self._began_s is None:
            return None
        now_s, utc_s = asyncio.get_running_loop().time(), self._clock.utc_s()
        quality = self._clock.quality()
        if self._started_at is None and quality == "synchronised":
            self._started_at = max(0, utc_s - round(now_s - self._began_s))
        around = Around(
            self._delivery.standing.software,
            self._afar.model,
            utc_s,
            now_s,
            quality,
            self._started_at,
            self._room(),
            self._delivery.takes_commands,
            *self._lists_told(),
        )
        return condition_of(self._session, around)

    def _lists_told(self) -> tuple[list[KeptList] | None, list[RefusedList] | None]:
        listing = self._listing
        return (None, None) if listing is None else (listing.kept, listing.refused)

    async def _upkeep(self, wish: commands.DoUpkeep) -> None:
        try:
            async with asyncio.timeout(UPKEEP_S):
                code, detail = await self._done(wish)
        except TimeoutError:
            code, detail = "late", f"it took more than {UPKEEP_S:.0f} s"
        except Exception as error:  # noqa: BLE001 - whatever it is, the platform hears of it
            _log.exception("event=upkeep-failed verb=%s", wish.verb)
            code, detail = "failed", str(error)
        self._post(UpkeepDone(wish.id, code, detail))

    async def _done(self, wish: commands.DoUpkeep) -> tuple[str, str]:
        """Do it; code and sentence of why not, or an empty code and what was done."""
        upkeep = self._afar.upkeep
        if upkeep is None:
            return "not-here", "nothing at this kiosk does that"
        if wish.verb == RELOAD_CATALOGUE:
            return "", f"priced by {await upkeep.reload_catalogue()}"
        if wish.verb == SEND_DIAGNOSTICS:
            return self._send(wish.id, await upkeep.diagnostics())
        if wish.verb != RESTART_CONTROLLER:
            return "unknown-verb", wish.verb
        if not await self._is_kept(wish.id):  # else whoever starts would be told to start anew
            return "not-kept", "the disk keeps no commands, so it would start anew for ever"
        upkeep.restart()
        await asyncio.sleep(UPKEEP_S)
        return "late", "the controller did not end"

    def _send(self, command_id: str, bundle: bytes) -> tuple[str, str]:
        if not 0 < len(bundle) <= MAX_BUNDLE:
            return "bundle-size", f"the bundle has {len(bundle)} bytes: at most {MAX_BUNDLE}"
        self._delivery.answering.bundle(command_id, bundle)
        return "", f"{len(bundle)} bytes"

    async def _is_kept(self, command_id: str) -> bool:
        keeper = self._afar.orders
        rows = [] if keeper is None else await keeper.kept()
        found = (OrderRow(*row) for row in rows)
        return any((row.id, row.stage) == (command_id, "begun") for row in found)
