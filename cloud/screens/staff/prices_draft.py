"""The page of one draft: what it changes, its author's fields, and the second signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import PriceError
from cloud.prices.table import edits_from, elsewhere
from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import Outcome, cell, heading, press, sentence, table
from cloud.screens.staff.prices_table import PriceTable
from cloud.screens.staff.prices_texts import TEXTS, in_words
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.prices.desk import PriceDesk
    from cloud.prices.differences import Difference
    from cloud.prices.drafts import Draft
    from cloud.prices.table import Row
    from cloud.screens.staff.frame import Visit
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue

SHORT = 16
"""Digits of a hash that people compare; the whole one is signed."""


class DraftPage:
    """One draft, drawn anew after each act; its place is where it is made.

    Args:
        visit: Who looks; the address names the draft.
        desk: Drafts and signs.
    """

    def __init__(self, visit: Visit, desk: PriceDesk) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._desk = desk
        self._id = _number(visit.path.get("draft", ""))
        self._district = "" if visit.staff.covers("*") else visit.staff.district
        self._unsaved = False
        self._outcome = Outcome(visit.language, TEXTS)
        self._part = ui.element("div").classes("body")

    async def draw(self) -> None:
        """Draw it as it is now.

        Raises:
            LedgerError: The database failed.
        """
        shown: tuple[Draft, Catalogue, list[Difference]] | str
        try:
            shown = await aside(lambda: self._desk.shown(self._visit.staff, self._id))
        except PriceError as error:
            shown = self._say("unknown") if error.code == "unknown-draft" else str(error)
        self._unsaved = False
        self._part.clear()
        with self._part:
            if isinstance(shown, str):
                ui.label(shown).classes("card problem")
                return
            draft, after, found = shown
            self._about(draft)
            with ui.element("section").classes("card changes"):
                heading(self._say("changes"))
                if not found:
                    ui.label(self._say("no-changes")).classes("small")
                else:
                    self._differences(after, found)
            self._acts(draft, after)

    def _about(self, draft: Draft) -> None:
        with ui.element("section").classes("card about"):
            heading(f"{draft.version} · {self._say(state_of(self._desk, draft))}")
            base = self._say("base", version=draft.base)
            ui.label(f"{self._say('by', who=draft.author)} · {base}")
            ui.label(f"{self._say('col-from')}: {draft.valid_from}")
            ui.label(self._say("hash", hash=draft.sha256[:SHORT])).classes("small mono")
            if draft.reason:
                ui.label(self._say("decided", who=draft.decided_by, reason=draft.reason))
            elif draft.decided_by:
                ui.label(self._say("signed-by", who=draft.decided_by))
            if draft.state in ("signed", "approved") and draft.filed_at is None:
                ui.label(self._say("not-filed")).classes("problem")
            elif draft.state == "approved" and not self._desk.knows(draft.version):
                ui.label(self._say("to-sign-file", version=draft.version)).classes("to-sign")

    def _differences(self, after: Catalogue, found: list[Difference]) -> None:
        language = self._visit.language
        names = {one.code: getattr(one.names, language) for one in after.items}
        columns = ("where", "item", "what", "now", "then")
        with table(self._say("changes"), [self._say(f"col-{one}") for one in columns]):
            for one in found:
                with ui.element("tr"):
                    for text in in_words(one, names, language):
                        cell(text)

    def _acts(self, draft: Draft, after: Catalogue) -> None:
        staff = self._visit.staff
        mine = draft.author == staff.staff_id
        if draft.state == "open" and mine and staff.may("prices-draft"):
            self._fields(draft, after)
        stands = state_of(self._desk, draft) == "state-signed"
        if draft.state in ("frozen", "approved") and not stands and staff.may("prices-sign"):
            self._second(draft, mine=mine)
        if mine and staff.may("prices-draft") and not stands:
            self._take_back(draft)

    def _fields(self, draft: Draft, after: Catalogue) -> None:
        if self._district and self._district not in {one.district for one in after.districts}:
            ui.label(self._say("no-district", district=self._district)).classes("card problem")
            return
        with ui.element("section").classes("card fields"):
            with ui.element("div").classes("row"):
                day = ui.input(self._say("from"), value=draft.valid_from, on_change=self._touch)
                day.props("type=date outlined stack-label").classes("day")
                self._places(after)
            ui.label(self._say("district-hint" if self._district else "city-hint")).classes("small")
            fields = PriceTable(after, self._district, self._visit.language, self._touch)

            def save() -> Callable[[], object]:
                return self._saving(draft, day.value or "", fields.rows())

            def freeze() -> Callable[[], object]:
                unsaved = self._unsaved
                return lambda: self._freeze(draft, unsaved=unsaved)

            with ui.element("div").classes("row"):
                press(self._say("save"), self._act(save, "saved"), "main")
                press(self._say("freeze"), self._act(freeze))
            ui.label(self._say("freeze-what")).classes("small")

    def _saving(self, draft: Draft, first: str, rows: list[Row]) -> Callable[[], object]:
        district = self._district

        def save() -> None:
            staff = self._visit.now()
            base = self._desk.base_of(staff, draft.id)
            kept = elsewhere(self._desk.edits(staff, draft.id), district)
            edits = [*kept, *edits_from(base, district, rows)]
            self._desk.drafting.change(staff, draft.id, draft.sha256, first, edits)

        return save

    def _freeze(self, draft: Draft, *, unsaved: bool) -> None:
        if unsaved:
            raise PriceError("unsaved", "save the draft first")
        self._desk.drafting.freeze(self._visit.now(), draft.id, draft.sha256)

    def _places(self, after: Catalogue) -> None:
        mine = [one.district for one in after.districts if self._visit.staff.covers(one.district)]
        whole = {"": self._say("city")} if self._visit.staff.covers("*") else {}
        places = whole | {one: one for one in mine}
        chosen = ui.select(places, label=self._say("place"), value=self._district)
        chosen.props("outlined").classes("place")

        def move(_: Staff) -> Awaitable[None]:
            self._district = chosen.value
            return self.draw()

        async def choose() -> None:
            if self._unsaved:
                chosen.set_value(self._district)
                self._outcome.say(self._say("unsaved"), good=False)
            elif chosen.value != self._district and not await self._outcome.attempt(
                self._visit.now, then=move
            ):
                chosen.set_value(self._district)

        chosen.on_value_change(choose)

    def _second(self, draft: Draft, *, mine: bool) -> None:
        with ui.element("section").classes("card second"):
            if mine:
                ui.label(self._say("own"))
                return

            signing = self._desk.signing

            def sign() -> Callable[[], object]:
                return lambda: signing.sign(self._visit.now(), draft.id, draft.sha256)

            def reject() -> Callable[[], object]:
                why = reason.value or ""
                return lambda: signing.reject(self._visit.now(), draft.id, why)

            if draft.state == "frozen":
                ui.label(self._say("sign-what", hash=draft.sha256[:SHORT]))
                press(self._say("sign"), self._act(sign, "signing-done"), "main")
            reason = sentence(self._say("reject-reason"), SENTENCE)
            press(self._say("reject"), self._act(reject, "state-rejected"), "stop")

    def _take_back(self, draft: Draft) -> None:
        def withdraw() -> Callable[[], object]:
            why = reason.value or ""
            return lambda: self._desk.drafting.withdraw(self._visit.now(), draft.id, why)

        def again() -> Draft:
            staff = self._visit.now()
            edits = self._desk.edits(staff, draft.id)
            return self._desk.drafting.draft(staff, draft.valid_from, edits)

        def go(made: Draft) -> None:
            ui.navigate.to(self._visit.link(f"/staff/prices/{made.id}"))

        with ui.element("section").classes("card take-back"):
            if draft.state in ("open", "frozen", "approved"):
                reason = sentence(self._say("withdraw-reason"), SENTENCE)
                press(self._say("withdraw"), self._act(withdraw, "state-withdrawn"), "stop")
            if draft.state in ("frozen", "rejected", "withdrawn"):
                press(self._say("again"), lambda: self._outcome.attempt(again, then=go))

    def _touch(self) -> None:
        self._unsaved = True

    def _act(
        self, typed: Callable[[], Callable[[], object]], done: str = ""
    ) -> Callable[[], Awaitable[bool]]:
        """A press: `typed` reads the page's fields, and gives what is done with them aside."""

        def act() -> Awaitable[bool]:
            said = self._say(done) if done else ""
            return self._outcome.attempt(typed(), said, lambda _: self.draw())

        return act


def state_of(desk: PriceDesk, draft: Draft) -> str:
    """The text for a draft's state; one that waited for the key is signed once it is known."""
    signed = draft.state == "approved" and desk.knows(draft.version)
    return "state-signed" if signed else f"state-{draft.state}"


def _number(text: str) -> int:
    """A draft's number as an address has it; 0, which no draft has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
