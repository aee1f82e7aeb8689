"""The page `/staff/shop/redemptions`: redemptions by code, partner and day, and refunding one."""

from __future__ import annotations

from collections.abc import Callable
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
    from collections.abc import Awaitable, Sequence

    from cloud.ledger.redeemed import Redeemed
    from cloud.screens.staff.frame import Visit
    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff

SHOWN = 30
"""Redemptions at once, the latest ones."""

Look = Callable[["Staff"], "tuple[list[Redeemed], bool]"]
"""Looks for redemptions; what was found, and whether there is more."""


class FoundPage:
    """What was redeemed in the district; today's at first. Its place is where it is made.

    Args:
        visit: Who works there; its address may name a partner.
        shop: Finds and refunds.
        clock: Gives Unix seconds.
        mine: The partners of the district.
    """

    def __init__(
        self, visit: Visit, shop: Shop, clock: Callable[[], int], mine: Sequence[Partner]
    ) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._clock = clock
        self._again: Look = lambda _staff: ([], False)
        self._acts = Acts(visit, shop)
        with ui.element("div").classes("body ways"):
            self._by_code()
            self._by_day(mine)
        self._asked = ui.element("div").classes("body")
        self._list = ui.element("section").classes("card")

    async def draw(self) -> None:
        """Look for what was redeemed today, or at the partner that the address names."""
        await self._look(self._of_day())

    def _by_code(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("by-code"))
            code = field(self._say("the-code"), 40)

            async def find() -> None:
                typed = text_of(code)
                self._asked.clear()
                by_code = self._shop.sight.by_code
                if await self._acts.attempt(lambda staff: by_code(staff, typed), then=self._one):
                    code.set_value("")

            press(self._say("find"), find, "main")

    def _one(self, found: Redeemed) -> None:
        """Show that one; looked at again it needs no code, which the log would have twice."""
        sight = self._shop.sight
        self._show(lambda staff: ([sight.one(staff, found.id)], False), [found], more=False)

    def _by_day(self, mine: Sequence[Partner]) -> None:
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

            def choose() -> Awaitable[bool]:
                self._partner, self._day = str(partner.value or ""), text_of(day)
                return self._look(self._of_day())

            press(self._say("show"), choose, "main")

    def _look(self, look: Look) -> Awaitable[bool]:
        """Look for something else: a question that is open is no more."""
        self._asked.clear()
        return self._acts.attempt(look, then=lambda seen: self._show(look, seen[0], more=seen[1]))

    def _of_day(self, before: int | None = None) -> Look:
        """Those of the partner and the day that are chosen now."""
        asked = (self._partner, self._day, before)

        def look(staff: Staff) -> tuple[list[Redeemed], bool]:
            found = self._shop.sight.redeemed(staff, SHOWN + 1, *asked)
            return found[:SHOWN], len(found) > SHOWN

        return look

    def _show(self, look: Look, found: Sequence[Redeemed], *, more: bool) -> None:
        self._again = look
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
                press(self._say("older"), lambda: self._look(self._of_day(last)))

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

            with ui.element("div").classes("row"):
                yes = self._say("refund-yes")
                press(yes, lambda: self._refund(one.id, text_of(reason)), "stop")
                press(self._say("no"), self._asked.clear)

    def _refund(self, redemption: int, reason: str) -> Awaitable[bool]:
        async def then(_: object) -> None:
            self._asked.clear()
            found, more = await self._acts.read(self._again)
            self._show(self._again, found, more=more)

        return self._acts.attempt(
            lambda staff: self._shop.refunds.by_staff(staff, redemption, reason),
            self._say("is-refunded", number=redemption),
            then,
        )
