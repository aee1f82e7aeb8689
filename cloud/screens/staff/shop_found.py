"""The page `/staff/shop/redemptions`: redemptions by code, partner and day, and refunding one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.parts import cell, heading, press, sentence, table
from cloud.screens.staff.shop_parts import Acts, field, text_of
from cloud.screens.staff.shop_texts import TEXTS
from cloud.screens.texts import local_second
from cloud.shop.refunds import REFUND_S
from contract.fields import SENTENCE
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cloud.ledger.redeemed import Redeemed
    from cloud.screens.staff.frame import Visit
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff

SHOWN = 30
"""Redemptions at once, the latest ones."""


class FoundPage:
    """What was redeemed in the district; today's at first. Drawn where it is made.

    Args:
        visit: Who works there; its address may name a partner.
        shop: Finds and refunds.
        clock: Gives Unix seconds.
    """

    def __init__(self, visit: Visit, shop: Shop, clock: Callable[[], int]) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._clock = clock
        self._again: Callable[[Staff], None] = lambda _staff: None
        self._acts = Acts(visit, shop)
        with ui.element("div").classes("body ways"):
            self._by_code()
            self._by_day()
        self._asked = ui.element("div").classes("body")
        self._list = ui.element("section").classes("card")
        self._acts.attempt(self._show)

    def _by_code(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("by-code"))
            code = field(self._say("the-code"), 40)

            def find(staff: Staff) -> None:
                one = self._shop.sight.by_code(staff, text_of(code))
                self._again = lambda again: self._draw([self._shop.sight.one(again, one.id)])
                self._draw([one])
                code.set_value("")

            press(self._say("find"), lambda: self._look(find), "main")

    def _by_day(self) -> None:
        mine = self._shop.sight.partners(self._visit.staff)
        names = {one.id: f"{one.names[self._visit.language]} ({one.id})" for one in mine}
        asked = self._visit.query.get("partner", "")
        self._partner = asked if asked in names else ""
        self._day = "" if self._partner else day_of(self._clock())
        with ui.element("section").classes("card form"):
            heading(self._say("by-day"))
            choices = {"": self._say("all-partners")} | names
            partner = ui.select(choices, label=self._say("partner"), value=self._partner)
            partner.props("outlined dense")
            day = ui.input(self._say("day"), value=self._day)
            day.props("type=date outlined dense stack-label")

            def choose() -> None:
                self._partner, self._day = str(partner.value or ""), text_of(day)
                self._look(self._show)

            press(self._say("show"), choose, "main")

    def _look(self, work: Callable[[Staff], None]) -> None:
        """Look for something else: a question that is open is no more."""
        self._asked.clear()
        self._acts.attempt(work)

    def _show(self, staff: Staff, before: int | None = None) -> None:
        self._again = lambda again: self._show(again, before)
        asked = (self._partner, self._day, before)
        found = self._shop.sight.redeemed(staff, SHOWN + 1, *asked)
        self._draw(found[:SHOWN], more=len(found) > SHOWN)

    def _draw(self, found: Sequence[Redeemed], *, more: bool = False) -> None:
        self._list.clear()
        with self._list:
            if not found:
                ui.label(self._say("nothing"))
                return
            # a phone shows the first ones
            headings = ("number", "good", "state", "at", "points", "partner")
            with table(self._say("found"), [self._say(one) for one in headings], figures=(4,)):
                for one in found:
                    self._row(one)
            if more:
                last = found[-1].id
                press(self._say("older"), lambda: self._look(lambda who: self._show(who, last)))

    def _row(self, one: Redeemed) -> None:
        language = self._visit.language
        with ui.element("tr"):
            cell(str(one.id))
            cell(one.names[language])
            with ui.element("td"):
                ui.label(self._say(f"shop-state-{one.state}"))
                if self._may_refund(one):
                    button = press(self._say("refund"), lambda: self._ask(one), "stop")
                    button.props["aria-label"] = self._say("refund-it", number=one.id)
            cell(local_second(one.refunded_at or one.ended_at or one.reserved_at, language))
            cell(f"{one.points:,}", figure=True)
            cell(one.partner_names[language])

    def _may_refund(self, one: Redeemed) -> bool:
        taken_s = one.ended_at or 0
        return one.state == "confirmed" and taken_s + REFUND_S > self._clock()

    def _ask(self, one: Redeemed) -> None:
        language = self._visit.language
        said = {"number": one.id, "points": f"{one.points:,}"}
        said |= {"name": one.names[language], "partner": one.partner_names[language]}
        self._acts.quiet()
        self._asked.clear()
        with self._asked, ui.element("section").classes("card form"):
            ui.label(self._say("refund-what", **said)).props("role=alert")
            reason = sentence(self._say("reason"), SENTENCE).props("autofocus")

            def refund(staff: Staff) -> None:
                self._shop.refunds.by_staff(staff, one.id, text_of(reason))
                self._asked.clear()

            done = self._say("is-refunded", number=one.id)
            with ui.element("div").classes("row"):
                press(
                    self._say("refund-yes"),
                    lambda: self._acts.attempt(refund, done, self._again),
                    "stop",
                )
                press(self._say("no"), self._asked.clear)
