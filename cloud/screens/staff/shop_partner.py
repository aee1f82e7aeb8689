"""The page of one partner: its till's token, its names, its end, and its goods below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.parts import heading, press
from cloud.screens.staff.shop_goods import Goods
from cloud.screens.staff.shop_parts import ADDRESS, Acts, field, show_token, text_of
from cloud.screens.staff.shop_texts import TEXTS
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.screens.staff.frame import Visit
    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.shop.takings import Takings
    from cloud.staff.desk import Staff


class PartnerPage:
    """One partner; its place is where it is made.

    Args:
        visit: Who works there.
        shop: Admits and ends partners, and has their goods.
        clock: Gives Unix seconds.
        partner: Its pseudonym.
    """

    def __init__(self, visit: Visit, shop: Shop, clock: Callable[[], int], partner: str) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._clock = clock
        self._partner = partner
        self._acts = Acts(visit, shop)
        self._made = ui.element("div").classes("body")
        self._about = ui.element("section").classes("card second")
        self._goods = Goods(visit, shop, self._acts, partner)

    async def draw(self) -> None:
        """Draw it and its goods as they are now.

        Raises:
            ShopError, LedgerError: As `cloud.shop.sight.ShopSight.partner`.
        """
        await self._draw()
        await self._goods.draw()

    async def _draw(self) -> None:
        one, takings = await self._acts.read(self._seen)
        holds = one.expires_at > self._clock()
        has = {"points": f"{takings.points:,}", "reserved": f"{takings.reserved:,}"}
        self._about.clear()
        with self._about:
            heading(f"{one.names[self._visit.language]} ({one.id})")
            ui.label(self._say("has", district=one.district, **has))
            said = self._say("till-holds", day=day_of(one.expires_at))
            ui.label(said if holds else self._say("till-ended")).classes("" if holds else "problem")
            with ui.element("div").classes("row"):
                press(self._say("renew"), lambda: self._ask_renew(one))
                if holds:
                    press(self._say("end"), lambda: self._ask_end(one), "stop")
                address = f"{ADDRESS}/redemptions?partner={one.id}"
                ui.link(self._say("its-redemptions"), self._visit.link(address))

    def _seen(self, staff: Staff) -> tuple[Partner, Takings]:
        one = self._shop.sight.partner(staff, self._partner)
        return one, self._shop.till.takings(one.id)

    def _ask_renew(self, one: Partner) -> None:
        self._acts.quiet()
        self._about.clear()
        with self._about:
            heading(self._say("renew"))
            ui.label(self._say("renew-what")).props("role=alert")
            zh = field(self._say("zh"), 40, one.names["zh"])
            en = field(self._say("en"), 40, one.names["en"])

            def renewed(token: str) -> Awaitable[None]:
                show_token(self._made, self._say, one.id, token, self._acts.quiet)
                return self._draw()

            def renew() -> Awaitable[bool]:
                admit, names = self._shop.partners.admit, (text_of(zh), text_of(en))
                return self._acts.attempt(
                    lambda staff: admit(staff, one.id, *names, one.district), then=renewed
                )

            self._yes_or_no("renew-yes", renew, "main")

    def _ask_end(self, one: Partner) -> None:
        self._acts.quiet()
        self._about.clear()
        with self._about:
            heading(self._say("end"))
            ui.label(self._say("end-what", partner=one.id)).props("role=alert")

            def ended(_: object) -> Awaitable[None]:
                self._made.clear()
                return self._draw()

            def end() -> Awaitable[bool]:
                work = self._shop.partners.end
                said = self._say("is-ended")
                return self._acts.attempt(lambda staff: work(staff, one.id), said, ended)

            self._yes_or_no("end-yes", end, "stop")

    def _yes_or_no(self, yes: str, act: Callable[[], object], kind: str) -> None:
        with ui.element("div").classes("row"):
            press(self._say(yes), act, kind)
            press(self._say("no"), self._back)

    def _back(self) -> Awaitable[bool]:
        return self._acts.attempt(lambda _: None, then=lambda _: self._draw())
