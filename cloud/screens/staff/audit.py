"""The page `/staff/audit`: who did what, found by who, by what it was done to, and by day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.audit_texts import ACTS, TEXTS, TITLE
from cloud.screens.staff.parts import Outcome, cell, heading, press, sentence, table
from cloud.staff.auditing import LONGEST
from contract.hours import LOCAL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from cloud.screens.staff.frame import StaffFrame, Visit
    from cloud.staff.audit import Audited
    from cloud.staff.auditing import AuditLog

SHOWN = 50
"""Lines at once, the latest ones."""


def audit_page(frame: StaffFrame, log: AuditLog) -> None:
    """Define the page."""

    @frame.page("/staff/audit", TITLE, "audit-see")
    async def audit(visit: Visit) -> None:
        await AuditPage(visit, log).show()


class AuditPage:
    """Lines of the log; their place is where it is made.

    Args:
        visit: Who looks; the address may say what for, as `actor`, `about` and `day`.
        log: Finds them.
    """

    def __init__(self, visit: Visit, log: AuditLog) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._log = log
        self._asked = {one: visit.query.get(one, "")[:LONGEST] for one in ("actor", "about", "day")}
        self._form()
        self._outcome = Outcome(visit.language, TEXTS)
        self._list = ui.element("section").classes("card")

    def _form(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("look"))
            fields = {one: sentence(self._say(one), LONGEST) for one in ("actor", "about", "day")}
            fields["day"].props("type=date stack-label")
            for name, one in fields.items():
                one.props("autocomplete=off").set_value(self._asked[name])

            def look() -> Awaitable[bool]:
                return self._show({name: str(one.value or "") for name, one in fields.items()})

            def look_at_all() -> Awaitable[bool]:
                for one in fields.values():
                    one.set_value("")
                return look()

            with ui.element("div").classes("row"):
                press(self._say("show"), look, "main")
                press(self._say("all"), look_at_all)

    def show(self) -> Awaitable[bool]:
        """Show the latest lines that fit what the address asks for."""
        return self._show(self._asked)

    def _show(self, asked: Mapping[str, str], before: int | None = None) -> Awaitable[bool]:
        return self._outcome.attempt(
            lambda: self._log.lines(self._visit.now(), SHOWN + 1, before=before, **asked),
            then=lambda found: self._draw(found, asked),
        )

    def _draw(self, found: Sequence[Audited], asked: Mapping[str, str]) -> None:
        self._list.clear()
        with self._list:
            heading(self._say("lines"))
            if not found:
                ui.label(self._say("nothing"))
                return
            # a phone shows the first ones
            headings = ("when", "act", "who", "detail", "district")
            with table(self._say("lines"), [self._say(one) for one in headings]):
                for one in found[:SHOWN]:
                    self._row(one)
            if len(found) > SHOWN:
                last = found[SHOWN - 1].id
                press(self._say("older"), lambda: self._show(asked, last))

    def _row(self, one: Audited) -> None:
        act = ACTS.get(one.action)
        with ui.element("tr"):
            # With its year and second: a log is read for years.
            at = datetime.fromtimestamp(one.at, LOCAL)
            with ui.element("td").classes("when"):
                ui.label(f"{at:%Y-%m-%d}")
                ui.label(f"{at:%H:%M:%S}")
            cell(one.action if act is None else act[self._visit.language])
            cell(one.actor)
            with ui.element("td"):
                if one.kiosk is not None and one.seq is not None:
                    ui.label(self._say("record", kiosk=one.kiosk, seq=one.seq))
                if one.detail:
                    ui.label(one.detail).classes("small")
            cell(one.district)
