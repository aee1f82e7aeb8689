"""What a kiosk can be asked from its page: a button each, and a second yes before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.fleet_texts import TEXTS
from cloud.screens.staff.parts import Outcome, heading, press
from contract.command import (
    CLOSE_BAY,
    OPEN_BAY,
    RELOAD_CATALOGUE,
    RESTART_CONTROLLER,
    RESTART_NODE,
    SEND_DIAGNOSTICS,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.fleet.fleet import Fleet
    from cloud.fleet.sight import Seen
    from cloud.screens.staff.frame import Visit

STOPS = frozenset({CLOSE_BAY, RESTART_CONTROLLER, RESTART_NODE})
"""What keeps residents from a bay, if only for a moment."""

HOURS = (1, 24, 168)
"""So long a command may hold."""


class Asking:
    """The buttons of one kiosk; drawn where it is made.

    Args:
        visit: Who asks.
        fleet: Takes the commands.
        kiosk: Its id.
        asked: Called once a command was given.
    """

    def __init__(
        self, visit: Visit, fleet: Fleet, kiosk: str, asked: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._fleet = fleet
        self._kiosk = kiosk
        self._asked = asked
        self._hours = HOURS[0]
        self._verbs: object = None
        with ui.element("section").classes("card"):
            heading(self._say("ask"))
            self._outcome = Outcome(visit.language, TEXTS)
            self._all = ui.element("div").classes("second")

    def follow(self, seen: Seen) -> None:
        """Offer what the kiosk can be asked now; a question that is open stays."""
        offered = self._offered(seen)
        if offered != self._verbs:
            self._verbs = offered
            self._offer(offered)

    def _offered(self, seen: Seen) -> str | list[tuple[str, dict[str, str]]]:
        """Why nothing can be asked, as a text's name; or verbs with their arguments."""
        if not self._visit.staff.may("fleet-command"):
            return "only-sees"
        if not self._fleet.can_command:
            return "no-key"
        condition = None if seen.heard is None else seen.heard.condition
        if condition is None:
            return "no-condition"
        if not condition.commands:
            return "no-commands"
        bays = [
            (OPEN_BAY if bay.closed_by else CLOSE_BAY, {"bay": bay.bay}) for bay in condition.bays
        ]
        heard = [(RESTART_NODE, {"bay": bay.bay}) for bay in condition.bays if bay.node is not None]
        rest = (SEND_DIAGNOSTICS, RELOAD_CATALOGUE, RESTART_CONTROLLER)
        return [*bays, *heard, *((verb, {}) for verb in rest)]

    def _offer(self, offered: str | list[tuple[str, dict[str, str]]]) -> None:
        self._all.clear()
        with self._all:
            if isinstance(offered, str):
                ui.label(self._say(offered)).classes("small")
                return
            ui.label(self._say("no-motion")).classes("small")
            with ui.element("div").classes("row"):
                for verb, arguments in offered:
                    kind = "stop" if verb in STOPS else ""
                    press(self._named(verb, arguments), self._first(verb, arguments), kind)

    def _first(self, verb: str, arguments: dict[str, str]) -> Callable[[], None]:
        def ask() -> None:
            self._outcome.say("", good=True)
            self._all.clear()
            with self._all:
                what = self._named(verb, arguments)
                ui.label(self._say("sure", kiosk=self._kiosk, what=what)).props("role=alert")
                self._how_long()
                with ui.element("div").classes("row"):
                    press(self._say("yes"), self._second(verb, arguments), "main")
                    press(self._say("no"), self._back)

        return ask

    def _how_long(self) -> None:
        self._hours = HOURS[0]
        words = {hours: self._say(f"hours-{hours}") for hours in HOURS}
        chosen = ui.select(words, value=self._hours, label=self._say("holds"))
        chosen.props("outlined dense").classes("place")
        chosen.on_value_change(lambda event: setattr(self, "_hours", int(event.value)))

    def _second(self, verb: str, arguments: dict[str, str]) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            ttl_s = self._hours * 3_600

            def give() -> None:
                self._fleet.command(self._visit.now(), self._kiosk, verb, arguments, ttl_s)

            await self._outcome.attempt(give, self._say("given"))
            self._back()
            await self._asked()

        return act

    def _back(self) -> None:
        offered = self._verbs
        if isinstance(offered, (str, list)):
            self._offer(offered)

    def _named(self, verb: str, arguments: dict[str, str]) -> str:
        return self._say(verb, **arguments)
