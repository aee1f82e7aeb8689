"""The shop on a resident's phone: what they can afford, codes to show, and what they redeemed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import LedgerError, ShopError, SignInError
from cloud.screens.aside import Latest, act_aside, look_aside
from cloud.screens.shop_codes import OpenCodes
from cloud.screens.shop_lists import GoodsList, HistoryList
from cloud.screens.shop_texts import why_not
from cloud.screens.texts import Language, say, yuan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.ledger.redeemed import Redeemed
    from cloud.screens.door import Stay
    from cloud.shop.means import Means
    from cloud.shop.redeeming import Reserved
    from cloud.shop.shelves import Good
    from cloud.shop.shop import Shop

LOOK_EVERY_S = 1.0
"""How often the page looks for news: a till's confirmation shows within two seconds."""

SHOWN_GOODS, SHOWN_HISTORY = 30, 20


@dataclass(frozen=True, slots=True)
class News:
    """All that the page shows of an account."""

    means: Means
    reserved: list[Reserved]
    history: list[Redeemed]
    goods: list[Good]
    more: bool

    @property
    def shelf(self) -> tuple[list[Good], int, bool]:
        """What the list of goods depends on."""
        return self.goods, self.means.to_spend, self.more


class ShopPage:
    """One resident's view of the shop; its place is where it is made.

    Args:
        shop: What there is, and where it is reserved.
        clock: Gives Unix seconds.
        account: 16 hex digits.
        language: Of all texts.
        stay: The resident, who must still be signed in before anything is drawn or done.
    """

    def __init__(
        self,
        shop: Shop,
        clock: Callable[[], int],
        account: str,
        language: Language,
        stay: Stay,
    ) -> None:
        self._shop = shop
        self._account = account
        self._language = language
        self._stay = stay
        self._latest = Latest(look_aside)
        self._many = SHOWN_GOODS
        self._shown: News | None = None
        self._sum = ui.element("section").classes("card points")
        self._said = ui.label().classes("card said").props("role=status")
        self._codes = OpenCodes(clock, language, self._cancel)
        self._goods = GoodsList(language, self._reserve, self._show_more)
        self._history = HistoryList(language)
        back = ui.link(say(language, "shop-back"), f"/account/{account}?lang={language}")
        back.classes("plain-button wide")

    async def draw(self) -> None:
        """Draw it, and follow what is new from then on."""
        await self.look()
        # Not before: who waits for a browser's connection has the page sent off as far as it is.
        ui.timer(LOOK_EVERY_S, self.look)

    async def look(self) -> None:
        """Draw anew what has changed, and let the time of the codes run."""
        try:
            now = await self._latest(self._news)
        except SignInError:
            self._stay.show_out()
            return
        except LedgerError:
            self._said.set_text(say(self._language, "shop-no-failed"))
            return
        if now is None:
            return
        before, self._shown = self._shown, now
        if before is None or now.means != before.means:
            self._draw_sum(now.means)
        if before is None or now.reserved != before.reserved:
            self._codes.draw(now.reserved)
        if before is None or now.shelf != before.shelf:
            self._goods.draw(*now.shelf)
        if before is None or now.history != before.history:
            self._history.draw(now.history)
        self._codes.tick()

    def _news(self) -> News:
        self._stay.check()
        redeeming = self._shop.redeeming
        history = redeeming.of_account(self._account, SHOWN_HISTORY)
        goods = self._shop.shelves.offered(self._many + 1)
        return News(
            means=redeeming.means(self._account),
            reserved=redeeming.open_of(self._account),
            history=[one for one in history if one.state != "reserved"],
            goods=goods[: self._many],
            more=len(goods) > self._many,
        )

    def _draw_sum(self, means: Means) -> None:
        # Points that wait may be more than are left; what is owed shows as it is.
        points = max(means.to_spend, min(means.points, 0))
        self._sum.clear()
        with self._sum:
            ui.label(say(self._language, "shop-can-spend")).classes("name")
            ui.label(f"{points:,}").classes("figure")
            ui.label(say(self._language, "worth", yuan=yuan(points))).classes("small")
            if means.waiting:
                waiting = f"{means.waiting:,}"
                ui.label(say(self._language, "shop-waiting", points=waiting)).classes("small")
            if means.points < 0:
                ui.label(say(self._language, "shop-short")).classes("small")

    def _reserve(self, good: Good, key: str) -> Awaitable[None]:
        def done() -> str:
            redeeming = self._shop.redeeming
            redeeming.reserve(self._account, key, good.id, good.points)
            return say(self._language, "shop-said-reserved", name=good.names[self._language])

        return self._tried(done)

    def _cancel(self, redemption_id: int) -> Awaitable[None]:
        def done() -> str:
            self._shop.redeeming.cancel(self._account, redemption_id)
            return say(self._language, "shop-said-cancelled")

        return self._tried(done)

    async def _tried(self, work: Callable[[], str]) -> None:
        """Do it, and say what came of it."""
        try:
            said = await act_aside(lambda: self._came_of(work))
        except SignInError:
            self._stay.show_out()
            return
        self._said.set_text(said)
        await self.look()

    def _came_of(self, work: Callable[[], str]) -> str:
        try:
            self._stay.check()
            return work()
        except ShopError as error:
            self._shop.refused[error.code] += 1
            return say(self._language, why_not(error.code))
        except LedgerError:
            return say(self._language, "shop-no-failed")

    async def _show_more(self) -> None:
        self._many += SHOWN_GOODS
        await self.look()
