"""The page `/staff/fleet`: every kiosk of the district, the troubled ones first, and a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import LedgerError, StaffError
from cloud.screens.map_svg import Pin, draw
from cloud.screens.staff.aside import aside
from cloud.screens.staff.fault_texts import fault_name
from cloud.screens.staff.fleet_texts import TEXTS, TITLE
from cloud.screens.staff.parts import Outcome, cell, table
from cloud.screens.texts import local_second

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloud.fleet.fleet import Fleet
    from cloud.fleet.places import Place
    from cloud.fleet.sight import Seen
    from cloud.screens.staff.frame import StaffFrame, Visit
    from contract.condition import KioskCondition

PAGE = 200
"""Kiosks on one page: a district's, mostly."""

LOOK_S = 3.0
"""So often the page looks for news."""

WORST_FIRST = ("closed", "offline", "bays", "faults", "outbox", "list", "full", "never", "well")

ADDRESS = "/staff/fleet"


def fleet_page(frame: StaffFrame, fleet: Fleet, places: Callable[[], Mapping[str, Place]]) -> None:
    """Define the page."""

    @frame.page(ADDRESS, TITLE, "fleet-see")
    async def fleet_list(visit: Visit) -> None:
        await FleetPage(visit, fleet, places).draw()


class FleetPage:
    """The list and the map, which follow the kiosks; their place is where it is made.

    Args:
        visit: Who looks.
        fleet: What kiosks say.
        places: Gives where they are.
    """

    def __init__(
        self, visit: Visit, fleet: Fleet, places: Callable[[], Mapping[str, Place]]
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._fleet = fleet
        self._places = places
        self._after = visit.query.get("after", "")[:32]
        self._drawn: object = None
        self._news = Outcome(visit.language, TEXTS)
        self._all = ui.element("div").classes("body")
        ui.timer(LOOK_S, self._look, immediate=False)

    async def _look(self) -> None:
        """Draw what is new; what cannot be read now stays as it was, and says so."""
        try:
            await self.draw()
        except (StaffError, LedgerError):
            self._news.say(self._say("stale"), good=False)
        else:
            self._news.say("", good=True)

    async def draw(self) -> None:
        """Draw what is new.

        Raises:
            StaffError, LedgerError: As `cloud.fleet.sight.Sight.page`; it stays as it was.
        """
        found, places = await aside(self._seen)
        if (found, places) == self._drawn:
            return
        self._drawn = (found, places)
        found = sorted(found, key=lambda one: (WORST_FIRST.index(one.trouble), one.kiosk))
        self._all.clear()
        with self._all:
            self._summary(found)
            if found:
                self._table(found, places)
            self._map(found, places)
            if len(found) == PAGE:
                last = max(one.kiosk for one in found)
                ui.link(self._say("more"), self._visit.link(f"{ADDRESS}?after={last}"))

    def _seen(self) -> tuple[list[Seen], Mapping[str, Place]]:
        return self._fleet.sight.page(self._visit.still(), self._after, PAGE), self._places()

    def _summary(self, found: Sequence[Seen]) -> None:
        troubled = sum(one.trouble not in ("well", "never") for one in found)
        said = self._say("count", count=len(found), troubled=troubled)
        ui.label(said if found else self._say("none")).classes("count")

    def _map(self, found: Sequence[Seen], places: Mapping[str, Place]) -> None:
        pins = [
            Pin(
                number,
                f"kiosk-{one.kiosk}",
                look_of(one),
                at.latitude_microdeg,
                at.longitude_microdeg,
            )
            for number, one in enumerate(found, start=1)
            if (at := places.get(one.kiosk)) is not None
        ]
        if pins:
            with ui.element("section").classes("card fleet-map"):
                ui.html(draw(pins), sanitize=False)
        elif found:
            ui.label(self._say("no-places")).classes("small")

    def _table(self, found: Sequence[Seen], places: Mapping[str, Place]) -> None:
        headings = ("kiosk", "trouble", "since", "faults", "bins", "outbox", "versions", "orders")
        with table(self._say("kiosk"), [self._say(one) for one in headings]):
            for number, one in enumerate(found, start=1):
                with ui.element("tr") as row:
                    row.props["id"] = f"kiosk-{one.kiosk}"
                    self._row(number, one, places.get(one.kiosk))

    def _row(self, number: int, one: Seen, place: Place | None) -> None:
        heard = one.heard
        with ui.element("td"):
            ui.link(f"{number} · {one.kiosk}", self._visit.link(f"{ADDRESS}/{one.kiosk}"))
            if place is not None:
                ui.label(getattr(place.name, self._visit.language)).classes("small")
        with ui.element("td"):
            ui.label(self._say(one.trouble)).classes(f"trouble {look_of(one)}")
        cell("" if heard is None else local_second(heard.since, self._visit.language))
        cell(", ".join(fault_name(code, self._visit.language) for code in faults_of(one)))
        cell(self._fullest(one), figure=True)
        state = None if heard is None else heard.state
        cell("" if state is None else str(state.outbox_depth), figure=True)
        condition = None if heard is None else heard.condition
        software = "" if state is None else state.software
        cell(software if condition is None else f"{software} · {versions_of(condition)}")
        cell(str(one.open_commands) if one.open_commands else "", figure=True)

    def _fullest(self, one: Seen) -> str:
        levels = None if one.heard is None else one.heard.levels
        if levels is None:
            return ""
        return f"{max(bin_.permille for bin_ in levels.bins) // 10} %"


def look_of(one: Seen) -> str:
    """How a kiosk's pin and word look: `good`, `bad`, or `away`."""
    if one.trouble in ("never", "offline"):
        return "away"
    return "good" if one.trouble == "well" else "bad"


def versions_of(condition: KioskCondition) -> str:
    """The price list in force, those that wait, and what the nodes run."""
    coming = [one.version for one in condition.lists or () if one.version != condition.catalogue]
    firmware = sorted({f"fw {bay.firmware}" for bay in condition.bays if bay.firmware})
    return " · ".join([condition.catalogue, *(f"→ {one}" for one in coming), *firmware])


def faults_of(one: Seen) -> list[str]:
    """Codes of all faults that stand at a kiosk, each once."""
    condition = None if one.heard is None else one.heard.condition
    if condition is None:
        return []
    found = [*condition.faults, *(fault for bay in condition.bays for fault in bay.faults)]
    return sorted({fault.code for fault in found})
