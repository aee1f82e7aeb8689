"""The page `/staff/shop`: the partners of the district, what they earned, and admitting another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import ShopError
from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import cell, heading, press, table
from cloud.screens.staff.shop_found import FoundPage
from cloud.screens.staff.shop_giving import GivingPage
from cloud.screens.staff.shop_partner import PartnerPage
from cloud.screens.staff.shop_parts import ADDRESS, Acts, field, show_token, text_of
from cloud.screens.staff.shop_texts import (
    FOUND_TITLE,
    GIVING_TITLE,
    PARTNER_TITLE,
    TEXTS,
    TITLE,
)
from cloud.staff.desk import WHOLE_CITY
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.screens.staff.frame import StaffFrame, Visit
    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.shop.takings import Takings
    from cloud.staff.desk import Staff


def staff_shop_pages(frame: StaffFrame, shop: Shop, clock: Callable[[], int]) -> None:
    """Define the pages: partners, one partner with its goods, redemptions, guests' points."""

    @frame.page(ADDRESS, TITLE, "shop")
    async def partners(visit: Visit) -> None:
        await PartnersPage(visit, shop, clock).draw()

    @frame.page(ADDRESS + "/partners/{partner}", PARTNER_TITLE, "shop", listed=False)
    async def partner(visit: Visit) -> None:
        ui.link(TEXTS["back"][visit.language], visit.link(ADDRESS))
        name = str(visit.path.get("partner", ""))
        try:
            await aside(lambda: shop.sight.partner(visit.staff, name))
        except ShopError as error:
            said = TEXTS.get(f"refused-{error.code}", TEXTS["refused-unknown-partner"])
            ui.label(said[visit.language]).classes("card problem")
            return
        await PartnerPage(visit, shop, clock, name).draw()

    @frame.page(ADDRESS + "/redemptions", FOUND_TITLE, "shop")
    async def found(visit: Visit) -> None:
        page = FoundPage(visit, shop, clock, await aside(lambda: shop.sight.partners(visit.staff)))
        await page.draw()

    @frame.page(ADDRESS + "/giving", GIVING_TITLE, "shop")
    async def giving(visit: Visit) -> None:
        await GivingPage(visit, shop).draw()


class PartnersPage:
    """All partners of the district; its place is where it is made.

    Args:
        visit: Who looks.
        shop: Its partners and their books.
        clock: Gives Unix seconds.
    """

    def __init__(self, visit: Visit, shop: Shop, clock: Callable[[], int]) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._clock = clock
        self._acts = Acts(visit, shop)
        self._made = ui.element("div").classes("body")
        self._list = ui.element("div").classes("body")
        self._form()

    async def draw(self) -> None:
        """Draw the list as it is now.

        Raises:
            LedgerError: The database failed.
        """
        found, takings = await self._acts.read(self._listed)
        self._list.clear()
        with self._list, ui.element("section").classes("card"):
            if not found:
                ui.label(self._say("none"))
                return
            headings = ("partner", "district", "till", "earned", "reserved")
            named = [self._say(one) for one in headings]
            with table(TITLE[self._visit.language], named, figures=(3, 4)):
                for one in found:
                    self._row(one, takings[one.id])

    def _listed(self, staff: Staff) -> tuple[list[Partner], dict[str, Takings]]:
        found = self._shop.sight.partners(staff)
        return found, self._shop.till.takings_of([one.id for one in found])

    def _row(self, one: Partner, takings: Takings) -> None:
        with ui.element("tr"):
            with ui.element("td"):
                address = f"{ADDRESS}/partners/{one.id}"
                ui.link(one.names[self._visit.language], self._visit.link(address))
                ui.label(one.id).classes("small")
            cell(one.district)
            with ui.element("td"):
                holds = one.expires_at > self._clock()
                day = day_of(one.expires_at)
                said = self._say("holds", day=day) if holds else self._say("ended")
                ui.label(said).classes("" if holds else "problem")
            cell(f"{takings.points:,}", figure=True)
            cell(f"{takings.reserved:,}", figure=True)

    def _form(self) -> None:
        whole_city = self._visit.staff.district == WHOLE_CITY
        with ui.element("section").classes("card form"):
            heading(self._say("new"))
            name = field(self._say("id"), 32)
            zh, en = field(self._say("zh"), 40), field(self._say("en"), 40)
            where = None
            if whole_city:
                where = field(self._say("district"), 32)
            else:
                ui.label(self._say("in-district", district=self._visit.staff.district))

            async def act() -> None:
                district = None if where is None else text_of(where)
                if await self._admit(text_of(name), text_of(zh), text_of(en), district):
                    for one in (name, zh, en):
                        one.set_value("")

            press(self._say("admit"), act, "main")

    def _admit(self, name: str, zh: str, en: str, where: str | None) -> Awaitable[bool]:
        """Admit one that there is not yet: the token of one that is there would end unasked."""

        def admit(staff: Staff) -> str:
            district = staff.district if where is None else where
            return self._shop.partners.admit(staff, name, zh, en, district, new=True)

        def then(token: str) -> Awaitable[None]:
            show_token(self._made, self._say, name, token, self._acts.quiet)
            return self.draw()

        return self._acts.attempt(admit, then=then)
