"""The page `/staff/fleet/{kiosk}`: how one kiosk is, what it can be asked, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import FleetError, LedgerError, StaffError
from cloud.screens.aside import Latest
from cloud.screens.staff.aside import aside
from cloud.screens.staff.fault_texts import fault_name, what_to_do
from cloud.screens.staff.fleet import ADDRESS, LOOK_S, look_of
from cloud.screens.staff.fleet_ask import Asking
from cloud.screens.staff.fleet_history import History
from cloud.screens.staff.fleet_texts import KIOSK_TITLE, TEXTS
from cloud.screens.staff.parts import Outcome, heading
from cloud.screens.texts import local_second

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloud.fleet.bundles import Kept
    from cloud.fleet.fleet import Fleet
    from cloud.fleet.heard import Heard
    from cloud.fleet.orders import Order
    from cloud.fleet.sight import Seen
    from cloud.screens.staff.frame import StaffFrame, Visit
    from contract.condition import KioskCondition, StandingFault

SHOWN = 30
"""Commands on the page, the latest ones."""


def kiosk_page(frame: StaffFrame, fleet: Fleet) -> None:
    """Define the page."""

    @frame.page(ADDRESS + "/{kiosk}", KIOSK_TITLE, "fleet-see", listed=False)
    async def kiosk(visit: Visit) -> None:
        ui.link(TEXTS["back"][visit.language], visit.link(ADDRESS))
        name = str(visit.path.get("kiosk", ""))
        try:
            await aside(lambda: fleet.sight.one(visit.staff, name))
        except FleetError as error:
            said = TEXTS.get(f"refused-{error.code}", TEXTS["refused-unknown-kiosk"])
            ui.label(said[visit.language]).classes("card problem")
            return
        await KioskPage(visit, fleet, name).look()


class KioskPage:
    """One kiosk, which it follows; its place is where it is made.

    Args:
        visit: Who looks.
        fleet: What the kiosk says, and takes the commands.
        kiosk: Its id.
    """

    def __init__(self, visit: Visit, fleet: Fleet, kiosk: str) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._fleet = fleet
        self._kiosk = kiosk
        self._drawn: object = None
        self._latest = Latest(aside)
        heading(kiosk)
        self._news = Outcome(visit.language, TEXTS)
        self._how = ui.element("div").classes("body")
        self._asking = Asking(visit, fleet, kiosk, self.look)
        self._history = History(visit, fleet, kiosk, self.look)
        ui.timer(LOOK_S, self.look, immediate=False)

    async def look(self) -> None:
        """Draw what is new; what cannot be read now stays as it was, and says so."""
        try:
            found = await self._latest(self._seen)
        except (FleetError, StaffError, LedgerError):
            self._news.say(self._say("stale"), good=False)
            return
        if found is None:
            return
        self._news.say("", good=True)
        if found != self._drawn:
            self._drawn = found
            self._draw(*found)

    def _seen(self) -> tuple[Seen, list[Order], list[Kept]]:
        staff, kiosk = self._visit.still(), self._kiosk
        orders = self._fleet.orders_of(staff, kiosk, limit=SHOWN)
        return self._fleet.sight.one(staff, kiosk), orders, self._fleet.bundles_of(staff, kiosk)

    def _draw(self, seen: Seen, orders: Sequence[Order], bundles: Sequence[Kept]) -> None:
        self._how.clear()
        with self._how:
            self._state(seen)
        self._asking.follow(seen)
        self._history.draw(orders, {one.command_id: one for one in bundles})

    def _state(self, seen: Seen) -> None:
        heard = seen.heard
        with ui.element("section").classes("card"):
            ui.label(self._say(seen.trouble)).classes(f"trouble {look_of(seen)}")
            if heard is not None:
                self._presence(heard)
        if heard is None:
            return
        if heard.condition is None:
            ui.label(self._say("no-condition")).classes("card")
        else:
            self._condition(heard.condition)
            self._lists(seen, takes_any=heard.condition.lists is not None)
        if heard.levels is not None:
            self._levels(heard)

    def _presence(self, heard: Heard) -> None:
        state, condition = heard.state, heard.condition
        since = "online-since" if heard.online else "offline-since"
        ui.label(self._say(since, at=self._at(heard.since)))
        ui.label(self._say("last-seen", at=self._at(heard.seen_at))).classes("small")
        if state is not None:
            if state.fault:
                ui.label(self._say("why-gone", why=state.fault)).classes("problem")
            if heard.online:
                ui.label(self._say("waiting-records", count=state.outbox_depth)).classes("small")
            for name in ("aside", "refused"):
                if counts := getattr(state, name):
                    what = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
                    ui.label(self._say(name, what=what)).classes("small")
        if condition is not None:
            self._runs(condition)

    def _runs(self, condition: KioskCondition) -> None:
        figures = {
            "software": condition.software,
            "catalogue": condition.catalogue,
            "model": condition.model or "-",
        }
        ui.label(self._say("runs", **figures)).classes("small")
        if condition.started_at is not None:
            ui.label(self._say("started", at=self._at(condition.started_at))).classes("small")
        if condition.clock != "synchronised":
            ui.label(self._say("clock-unknown")).classes("problem")
        if condition.free_bytes is not None:
            gb = f"{condition.free_bytes / 1e9:.1f}"
            ui.label(self._say("disk", gb=gb)).classes("small")

    def _condition(self, condition: KioskCondition) -> None:
        for bay in condition.bays:
            with ui.element("section").classes("card"):
                heading(self._say("bay", bay=bay.bay))
                why = self._say("not-usable", why=bay.why_not)
                ui.label(self._say("usable") if bay.usable else why)
                if bay.firmware:
                    ui.label(self._say("firmware", version=bay.firmware)).classes("small")
                if bay.closed_by:
                    ui.label(self._say("by-command", command=bay.closed_by)).classes("small")
                self._faults(bay.faults)
        if condition.faults:
            with ui.element("section").classes("card"):
                heading(self._say("of-kiosk"))
                self._faults(condition.faults)

    def _faults(self, faults: Sequence[StandingFault]) -> None:
        if not faults:
            ui.label(self._say("no-faults")).classes("small")
        for fault in faults:
            at = self._say("unknown-time") if fault.since is None else self._at(fault.since)
            name = fault_name(fault.code, self._visit.language)
            ui.label(self._say("fault-since", code=name, at=at)).classes("problem")
            for said in what_to_do(fault, self._visit.language):
                ui.label(said).classes("small")

    def _lists(self, seen: Seen, *, takes_any: bool) -> None:
        if takes_any and not seen.lists:
            return  # the platform has no file to send
        with ui.element("section").classes("card"):
            heading(self._say("lists"))
            if not takes_any:
                ui.label(self._say("no-lists")).classes("small")
            for one in seen.lists:
                said = self._say(
                    f"list-{one.state}",
                    version=one.version,
                    code=one.code,
                    sends=one.sends,
                    at=self._at(one.sent_at),
                )
                ui.label(said).classes("problem" if one.state == "refused" else "")

    def _levels(self, heard: Heard) -> None:
        assert heard.levels is not None
        with ui.element("section").classes("card"):
            heading(self._say("levels"))
            for one in heard.levels.bins:
                said = self._say(
                    "level",
                    bay=one.bay,
                    bin=one.bin_index,
                    stream=one.stream,
                    percent=one.permille // 10,
                )
                more = "is-full" if one.full else "is-due" if one.due else ""
                ui.label(f"{said} · {self._say(more)}" if more else said)

    def _at(self, utc_s: int) -> str:
        return local_second(utc_s, self._visit.language)
