"""What a resident can redeem, and what they have redeemed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.texts import Language, local_second, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.ledger.redeemed import Redeemed
    from cloud.shop.shelves import Good


class GoodsList:
    """Goods on sale, with what is missing for each; drawn where it is made.

    Each is drawn anew by itself: what others take elsewhere takes no button away under a finger.

    Args:
        language: Of all texts.
        reserve: Called with a good and the key of this wish.
        more: Called for further goods.
    """

    def __init__(
        self,
        language: Language,
        reserve: Callable[[Good, str], Awaitable[None]],
        more: Callable[[], Awaitable[None]],
    ) -> None:
        self._language = language
        self._reserve = reserve
        self._more = more
        self._place = ui.element("section").classes("card list goods")
        self._listed: object = None
        self._rows: dict[int, ui.element] = {}
        self._shown: dict[int, tuple[Good, int]] = {}

    def draw(self, goods: list[Good], points: int, more: bool) -> None:
        """Show these to somebody who has `points`."""
        listed = [good.id for good in goods], more
        if listed != self._listed:
            self._listed = listed
            self._draw_places(goods, more)
        for good in goods:
            shown = good, max(0, good.points - points)
            if self._shown.get(good.id) != shown:
                self._shown[good.id] = shown
                self._rows[good.id].clear()
                with self._rows[good.id]:
                    self._row(good, points)

    def _draw_places(self, goods: list[Good], more: bool) -> None:
        """A place for each, and what stands around them."""
        self._place.clear()
        self._shown.clear()
        with self._place:
            ui.html(say(self._language, "shop-goods"), tag="h2", sanitize=False)
            if not goods:
                ui.label(say(self._language, "shop-none")).classes("small")
            self._rows = {good.id: ui.element("div").classes("deposit") for good in goods}
            if more:
                with ui.element("button").classes("plain-button wide").on("click", self._more):
                    ui.label(say(self._language, "shop-more"))

    def _row(self, good: Good, points: int) -> None:
        name = good.names[self._language]
        price = say(self._language, "shop-price", points=f"{good.points:,}")
        left = say(self._language, "shop-stock", stock=good.stock)
        with ui.element("div"):
            ui.label(name).classes("what")
            ui.label(good.partner_names[self._language]).classes("small")
            ui.label(f"{price} · {left}" if good.stock else price).classes("small")
        if not good.stock:
            ui.label(say(self._language, "shop-sold-out")).classes("small")
        elif good.points > points:
            missing = f"{good.points - points:,}"
            ui.label(say(self._language, "shop-missing", points=missing)).classes("small")
        else:
            button = ui.element("button").classes("plain-button")
            button.props["aria-label"] = say(self._language, "shop-reserve-what", name=name)
            # Whoever touches twice wants one: what was reserved draws a new row with another key.
            key = secrets.token_urlsafe(24)

            def reserve() -> Awaitable[None]:
                self._shown.pop(good.id, None)
                return self._reserve(good, key)

            button.on("click", reserve)
            with button:
                ui.label(say(self._language, "shop-reserve"))


class HistoryList:
    """What is over: taken, cancelled, given up, refunded; drawn where it is made.

    Args:
        language: Of all texts.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._place = ui.element("section").classes("card list")
        self.draw([])

    def draw(self, history: list[Redeemed]) -> None:
        """Show these, the latest first."""
        self._place.clear()
        with self._place:
            ui.html(say(self._language, "shop-history"), tag="h2", sanitize=False)
            if not history:
                ui.label(say(self._language, "shop-no-history")).classes("small")
            for one in history:
                with ui.element("div").classes("deposit"):
                    self._row(one)

    def _row(self, one: Redeemed) -> None:
        at_s = one.refunded_at or one.ended_at or one.reserved_at
        at = local_second(at_s, self._language)
        with ui.element("div"):
            ui.label(one.names[self._language]).classes("what")
            ui.label(f"{at} · {one.partner_names[self._language]}").classes("small")
            ui.label(say(self._language, f"shop-state-{one.state}")).classes("small")
        spent = one.points if one.state == "confirmed" else 0
        ui.label(f"-{spent}" if spent else "0").classes("plus" if spent else "plus zero")
