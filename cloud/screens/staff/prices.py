"""The page `/staff/prices`: which lists hold, which are drafted, and beginning another."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from nicegui import ui

from cloud.errors import PriceError
from cloud.prices.public import in_force, low_value_list, to_come
from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import Outcome, cell, heading, press, table
from cloud.screens.staff.prices_draft import DraftPage, state_of
from cloud.screens.staff.prices_texts import DRAFT_TITLE, TEXTS, TITLE
from cloud.staff.desk import WHOLE_CITY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from cloud.prices.desk import PriceDesk
    from cloud.prices.drafts import Draft
    from cloud.screens.staff.frame import StaffFrame, Visit
    from contract.catalogue import Catalogue

SHOWN = 50


def price_pages(
    frame: StaffFrame,
    desk: PriceDesk,
    catalogues: Mapping[str, Catalogue],
    clock: Callable[[], int],
) -> None:
    """Define the page of all lists, and that of one draft."""

    @frame.page("/staff/prices", TITLE, "prices-see")
    async def prices(visit: Visit) -> None:
        drafts, refused = await aside(lambda: (desk.drafts(visit.staff, SHOWN), desk.refused()))
        PricesPage(visit, desk, catalogues, clock(), drafts, refused)

    @frame.page("/staff/prices/{draft}", DRAFT_TITLE, "prices-see", listed=False)
    async def draft(visit: Visit) -> None:
        await DraftPage(visit, desk).draw()


class PricesPage:
    """All lists at one moment; drawn where it is made.

    Args:
        visit: Who looks.
        desk: Drafts and signs.
        catalogues: Version → catalogue.
        now_s: Unix seconds.
        drafts: The latest ones.
        refused: What was not done about prices, by code.
    """

    def __init__(
        self,
        visit: Visit,
        desk: PriceDesk,
        catalogues: Mapping[str, Catalogue],
        now_s: int,
        drafts: Sequence[Draft],
        refused: Mapping[str, int],
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._desk = desk
        self._standing(catalogues, now_s)
        if visit.staff.may("prices-draft"):
            self._begin()
        self._drafts(drafts)
        self._low_value(desk.latest)
        self._refusals(refused)

    def _standing(self, catalogues: Mapping[str, Catalogue], now_s: int) -> None:
        with ui.element("section").classes("card"):
            try:
                held = in_force(catalogues, now_s)
                self._list("in-force", held)
            except PriceError:
                ui.label(self._say("none-in-force"))
            for one in to_come(catalogues, now_s):
                self._list("coming", one)
            here = self._desk.signs_here
            ui.label(self._say("signs-here" if here else "signs-elsewhere")).classes("small")

    def _list(self, text: str, one: Catalogue) -> None:
        """Which list it is, and its file for kiosks."""
        with ui.element("div").classes("row"):
            ui.label(self._say(text, version=one.version, day=one.valid_from))
            address = f"/api/prices/lists/{quote(one.version, safe='')}"
            link = ui.link(self._say("file"), address)
            link.props["aria-label"] = f"{self._say('file')}: {one.version}"

    def _begin(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("new"))
            ui.label(self._say("base", version=self._desk.latest.version)).classes("small")
            day = ui.input(self._say("from")).props("type=date outlined stack-label")

            def begin() -> Awaitable[bool]:
                first = day.value or ""
                drafting = self._desk.drafting
                return outcome.attempt(
                    lambda: drafting.draft(self._visit.now(), first), then=self._open
                )

            press(self._say("begin"), begin, "main")
            outcome = Outcome(self._visit.language, TEXTS)

    def _open(self, made: Draft) -> None:
        ui.navigate.to(self._visit.link(f"/staff/prices/{made.id}"))

    def _drafts(self, drafts: Sequence[Draft]) -> None:
        with ui.element("section").classes("card"):
            heading(self._say("drafts"))
            if not drafts:
                ui.label(self._say("none")).classes("small")
                return
            # a phone shows the first ones
            columns = ("version", "state", "from", "author", "scope")
            with table(self._say("drafts"), [self._say(f"col-{one}") for one in columns]):
                for one in drafts:
                    self._row(one)

    def _row(self, draft: Draft) -> None:
        whole = draft.scope == WHOLE_CITY
        with ui.element("tr"):
            with ui.element("td"):
                ui.link(draft.version, self._visit.link(f"/staff/prices/{draft.id}"))
            for text in (
                self._say(state_of(self._desk, draft)),
                draft.valid_from,
                draft.author,
                self._say("city") if whole else draft.scope,
            ):
                cell(text)

    def _low_value(self, latest: Catalogue) -> None:
        rows = low_value_list(latest)
        with ui.element("section").classes("card"):
            heading(self._say("low-value", version=latest.version))
            if not rows:
                ui.label(self._say("no-low-value")).classes("small")
                return
            districts = [one.district for one in latest.districts]
            city = f"{self._say('fen-per-t')} · {self._say('city')}"
            columns = [self._say("col-item"), city, *districts]
            with table(self._say("fen-per-t"), columns, figures=True):
                for row in rows:
                    with ui.element("tr"):
                        cell(row["names"][self._visit.language])
                        cell(str(row["subsidy_fen_per_t"]), figure=True)
                        for one in districts:
                            cell(str(row["districts"][one]), figure=True)

    def _refusals(self, counts: Mapping[str, int]) -> None:
        if counts:
            with ui.element("section").classes("card refusals"):
                heading(self._say("refusals"))
                ui.label(" · ".join(f"{code} {number}" for code, number in counts.items()))
