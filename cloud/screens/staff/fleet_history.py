"""What a kiosk was asked, on its page: what became of each command, and taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.fleet.withdrawn import WITHDRAWN
from cloud.screens.staff.fleet import ADDRESS
from cloud.screens.staff.fleet_texts import TEXTS
from cloud.screens.staff.parts import Outcome, cell, heading, press, table
from cloud.screens.texts import local_second

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from cloud.fleet.bundles import Kept
    from cloud.fleet.fleet import Fleet
    from cloud.fleet.orders import Order
    from cloud.screens.staff.frame import Visit

TO_TAKE_BACK = ("issued", "sent")
"""The kiosk has said nothing of it yet."""


class History:
    """The commands of one kiosk; their place is where it is made.

    Args:
        visit: Who looks.
        fleet: Takes commands back.
        kiosk: Its id.
        changed: Called once one was taken back, or could not be.
    """

    def __init__(
        self, visit: Visit, fleet: Fleet, kiosk: str, changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._fleet = fleet
        self._kiosk = kiosk
        self._changed = changed
        with ui.element("section").classes("card"):
            heading(self._say("history"))
            self._outcome = Outcome(visit.language, TEXTS)
            self._all = ui.element("div")

    def draw(self, orders: Sequence[Order], bundles: Mapping[str, Kept]) -> None:
        """Draw the latest commands, and the bundles that came, by their commands' ids."""
        self._all.clear()
        with self._all:
            if not orders:
                ui.label(self._say("no-history")).classes("small")
                return
            headings = [self._say(one) for one in ("what", "became", "when", "who")]
            with table(self._say("history"), headings):
                for one in orders:
                    self._row(one, bundles.get(one.command_id))

    def _row(self, one: Order, bundle: Kept | None) -> None:
        with ui.element("tr"):
            cell(self._named(one))
            # a phone shows the first ones
            with ui.element("td"):
                self._became(one, bundle)
            cell(local_second(one.issued_at, self._visit.language))
            cell(one.staff)

    def _became(self, one: Order, bundle: Kept | None) -> None:
        state = one.code if one.code == WITHDRAWN else one.state
        ui.label(self._say(f"state-{state}", code=one.code))
        if one.detail:
            ui.label(one.detail).classes("small")
        if not self._visit.staff.may("fleet-command"):
            return
        if bundle is not None:
            ui.link(self._say("download"), f"{ADDRESS}/bundles/{one.command_id}")
        if one.state in TO_TAKE_BACK:
            button = press(self._say("withdraw"), lambda: self._withdraw(one), "stop")
            button.props["aria-label"] = self._say("withdraw-it", what=self._named(one))

    async def _withdraw(self, one: Order) -> None:
        await self._outcome.attempt(
            lambda: self._fleet.withdraw(self._visit.now(), self._kiosk, one.command_id),
            self._taken,
        )
        await self._changed()

    def _taken(self, order: Order) -> str:
        said = "is-withdrawn-late" if order.sends else "is-withdrawn"
        return self._say(said, sends=order.sends)

    def _named(self, one: Order) -> str:
        return self._say(one.verb, **one.arguments)
