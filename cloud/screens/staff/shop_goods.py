"""What a partner offers, on its page: the list, changing one, ending it, and another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import ShopError
from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import heading, press
from cloud.screens.staff.shop_parts import field, text_of, whole
from cloud.screens.staff.shop_texts import TEXTS
from cloud.shop.shelves import Offer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.screens.staff.frame import Visit
    from cloud.screens.staff.shop_parts import Acts
    from cloud.shop.shelves import Good
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff

FIGURE = "inputmode=numeric"


class Goods:
    """The goods of one partner; their place is where it is made.

    Args:
        visit: Who works there.
        shop: Has the goods.
        acts: Says what became of a press.
        partner: Whose they are.
    """

    def __init__(self, visit: Visit, shop: Shop, acts: Acts, partner: str) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._acts = acts
        self._partner = partner
        self._list = ui.element("section").classes("card")
        self._form = ui.element("section").classes("card form")

    async def draw(self) -> None:
        """Draw them as they are now.

        Raises:
            LedgerError: The database failed.
        """
        found = await aside(lambda: self._shop.shelves.of_partner(self._partner))
        self._list.clear()
        with self._list:
            heading(self._say("goods"))
            if not found:
                ui.label(self._say("no-goods")).classes("small")
            for one in found:
                self._row(one)
        self._offer_new()

    def _row(self, one: Good) -> None:
        name = one.names[self._visit.language]
        figures = {"points": f"{one.points:,}", "stock": f"{one.stock:,}"}
        with ui.element("div").classes("row known-card good"):
            with ui.element("div").classes("what"):
                ui.label(f"{name} ({one.code})")
                ui.label(self._say("good-has", **figures)).classes("small")
            if not one.on_sale:
                ui.label(self._say("off")).classes("problem")
            change = press(self._say("change"), lambda: self._change(one))
            change.props["aria-label"] = self._say("change-it", name=name)
            turn = "take-off" if one.on_sale else "put-on"
            kind = "stop" if one.on_sale else ""
            turned = press(self._say(turn), lambda: self._turn(one), kind)
            turned.props["aria-label"] = self._say(f"{turn}-it", name=name)

    def _offer_new(self) -> None:
        self._form.clear()
        with self._form:
            heading(self._say("add"))
            code = field(self._say("good-id"), 32)
            zh, en, price = self._fields()
            stock = field(self._say("first-stock"), 8, props=FIGURE)

            def add() -> Awaitable[bool]:
                names = (text_of(code), text_of(zh), text_of(en))
                typed = (text_of(price), text_of(stock))
                shelves, partner = self._shop.shelves, self._partner
                return self._attempt(
                    lambda staff: shelves.add(staff, partner, Offer(*names, *_figures(*typed))),
                    names[0],
                )

            press(self._say("save"), add, "main")

    def _change(self, one: Good) -> None:
        self._acts.quiet()
        self._form.clear()
        with self._form:
            heading(self._say("change-it", name=one.code))
            ui.label(self._say("stock-what", stock=f"{one.stock:,}")).classes("small")
            zh, en, price = self._fields(one)
            by = field(self._say("stock-by"), 8, props=FIGURE)
            zh.props("autofocus")

            def change() -> Awaitable[bool]:
                names = (one.code, text_of(zh), text_of(en))
                typed = (text_of(price), text_of(by))
                return self._put(one, lambda: Offer(*names, *_figures(*typed), one.on_sale))

            with ui.element("div").classes("row"):
                press(self._say("save"), change, "main")
                press(self._say("no"), self._offer_new)

    def _turn(self, one: Good) -> Awaitable[bool]:
        """Offer it no longer, or again, at the price and under the names that it has."""
        names = (one.names["zh"], one.names["en"])
        return self._put(one, lambda: Offer(one.code, *names, one.points, on_sale=not one.on_sale))

    def _fields(self, one: Good | None = None) -> tuple[ui.input, ui.input, ui.input]:
        names = {"zh": "", "en": ""} if one is None else one.names
        zh = field(self._say("zh"), 40, names["zh"])
        en = field(self._say("en"), 40, names["en"])
        points = "" if one is None else str(one.points)
        return zh, en, field(self._say("price"), 8, points, FIGURE)

    async def _put(self, saw: Good, offer: Callable[[], Offer]) -> bool:
        found: list[str] = []

        def put(staff: Staff) -> None:
            try:
                self._shop.shelves.change(staff, saw, offer())
            except ShopError as error:
                found.append(error.code)
                raise

        done = await self._attempt(put, saw.code)
        if found == ["changed"]:
            await self.draw()  # as it is by now, to look at
        return done

    def _attempt(self, work: Callable[[Staff], object], name: str) -> Awaitable[bool]:
        return self._acts.attempt(work, self._say("put", name=name), lambda _: self.draw())


def _figures(points: str, stock: str) -> tuple[int, int]:
    return whole(points, "points"), whole(stock, "stock")
