"""The page `/staff/held`: what waits for a decision in the district, and deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.ledger.held.decisions import Place
from cloud.screens.staff.aside import aside
from cloud.screens.staff.held_texts import TEXTS, TITLE
from cloud.screens.staff.parts import Outcome, heading, press, sentence
from cloud.screens.texts import local_time, mass, why_held
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cloud.ledger.held.cases import Case
    from cloud.ledger.held.decisions import Decisions
    from cloud.ledger.held.decisions import Outcome as Decided
    from cloud.screens.staff.frame import StaffFrame, Visit
    from contract.catalogue import Catalogue

SHOWN = 50


def held_page(frame: StaffFrame, decisions: Decisions, catalogues: Mapping[str, Catalogue]) -> None:
    """Define the page."""

    @frame.page("/staff/held", TITLE, "held-see")
    async def held(visit: Visit) -> None:
        await HeldPage(visit, decisions, catalogues).draw()


class HeldPage:
    """What waits, the longest first; its place is where it is made.

    Args:
        visit: Who looks.
        decisions: What waits, and takes the decisions.
        catalogues: Version → catalogue, for the names of items.
    """

    def __init__(
        self, visit: Visit, decisions: Decisions, catalogues: Mapping[str, Catalogue]
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._decisions = decisions
        self._names = {
            item.code: item.names.model_dump()
            for catalogue in sorted(catalogues.values(), key=lambda one: one.order)
            for item in catalogue.items
        }
        self._outcome = Outcome(visit.language, TEXTS)
        self._list = ui.element("div").classes("cases")

    async def draw(self) -> None:
        """Draw it as it is now.

        Raises:
            LedgerError: The database failed.
        """
        cases = await aside(lambda: self._decisions.held(self._visit.staff))
        self._list.clear()
        with self._list:
            said = self._say("waiting", count=len(cases)) if cases else self._say("nothing")
            ui.label(said).classes("count")
            if not self._visit.staff.may("held-decide"):
                ui.label(self._say("only-read")).classes("small")
            for case in cases[:SHOWN]:
                with ui.element("section").classes("card case"):
                    self._case(case)
            if len(cases) > SHOWN:
                ui.label(self._say("more", count=len(cases) - SHOWN)).classes("small")

    def _case(self, case: Case) -> None:
        language = self._visit.language
        names = self._names.get(case.item_code, {})
        what = names.get(language, case.item_code) or "?"
        heading(f"{what} · {mass(case.mass_g)}")
        at = local_time(case.at, language)
        ui.label(self._say("where", kiosk=case.kiosk, seq=case.seq, at=at)).classes("small")
        before = case.status == "refused"
        ui.label(self._say("refused-before") if before else why_held(language, case.code))
        if case.appeal:
            ui.label(self._say("appeal", sentence=case.appeal)).classes("appeal")
        if self._visit.staff.may("held-decide"):
            self._decide(case)

    def _decide(self, case: Case) -> None:
        reason = sentence(self._say("reason"), SENTENCE)
        with ui.element("div").classes("row"):
            press(self._say("release"), self._act(case, "released", reason), "main")
            if case.status == "held":
                press(self._say("refuse"), self._act(case, "refused", reason), "stop")

    def _act(self, case: Case, outcome: Decided, reason: ui.input) -> Callable[[], object]:
        place = Place(case.kiosk, case.epoch, case.seq)

        def act() -> Awaitable[bool]:
            why = reason.value or ""

            def decide() -> None:
                self._decisions.decide(self._visit.now(), place, outcome, why, case.status)

            return self._outcome.attempt(decide, self._say(outcome), lambda _: self.draw())

        return act
