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
    from collections.abc import Callable

    from cloud.screens.staff.frame import Visit
    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff


class PartnerPage:
    """One partner; drawn where it is made.

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
        self._draw(visit.staff)
        Goods(visit, shop, self._acts, partner)

    def _draw(self, staff: Staff) -> None:
        one = self._shop.sight.partner(staff, self._partner)
        takings = self._shop.till.takings(one.id)
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

    def _ask_renew(self, one: Partner) -> None:
        self._acts.quiet()
        self._about.clear()
        with self._about:
            heading(self._say("renew"))
            ui.label(self._say("renew-what")).props("role=alert")
            zh = field(self._say("zh"), 40, one.names["zh"])
            en = field(self._say("en"), 40, one.names["en"])

            def renew(staff: Staff) -> None:
                names = (text_of(zh), text_of(en))
                token = self._shop.partners.admit(staff, one.id, *names, one.district)
                show_token(self._made, self._say, one.id, token, self._acts.quiet)

            self._yes_or_no("renew-yes", lambda: self._acts.attempt(renew, then=self._draw), "main")

    def _ask_end(self, one: Partner) -> None:
        self._acts.quiet()
        self._about.clear()
        with self._about:
            heading(self._say("end"))
            ui.label(self._say("end-what", partner=one.id)).props("role=alert")

            def end(staff: Staff) -> None:
                self._shop.partners.end(staff, one.id)
                self._made.clear()

            said = self._say("is-ended")
            self._yes_or_no("end-yes", lambda: self._acts.attempt(end, said, self._draw), "stop")

    def _yes_or_no(self, yes: str, act: Callable[[], object], kind: str) -> None:
        with ui.element("div").classes("row"):
            press(self._say(yes), act, kind)
            press(self._say("no"), lambda: self._acts.attempt(self._draw))
