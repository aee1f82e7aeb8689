"""The shop on a resident's phone: what they can afford, codes to show, and what they redeemed."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fastapi import Request  # NiceGUI reads the annotation when a page is defined
from fastapi.responses import Response
from nicegui import ui

from cloud.errors import LedgerError, ShopError
from cloud.screens.pages import LANG, TITLE, frame
from cloud.screens.shop_codes import OpenCodes
from cloud.screens.shop_lists import GoodsList, HistoryList
from cloud.screens.texts import TEXTS, Language, language_of, say, yuan
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.ledger.redeemed import Redeemed
    from cloud.shop.means import Means
    from cloud.shop.redeeming import Reserved
    from cloud.shop.shelves import Good
    from cloud.shop.shop import Shop

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""How often the page looks for news: a till's confirmation shows within two seconds."""

EXPIRE_EVERY_S = 5.0
"""How often what nobody confirmed is given back, also while nobody looks at the shop."""

SHOWN_GOODS, SHOWN_HISTORY = 30, 20

_ACCOUNT = re.compile(r"[0-9a-f]{16}")


class Guard(Protocol):
    """Who gets into the pages of an account, and stays there."""

    def kept_out(self, request: Request, account: str, language: Language) -> Response | None:
        """What whoever may not see `account` is answered; None for its own resident."""

    def stays(self, request: Request, account: str, language: Language) -> Callable[[], bool]:
        """Says as long as the page is open whether they still may see it."""


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


def add_shop_page(shop: Shop, guard: Guard, clock: Callable[[], int]) -> None:
    """Define the page `/account/{account}/shop`."""

    @ui.page("/account/{account}/shop", title=TITLE, language=LANG)
    def page(request: Request, account: str, lang: str = "zh") -> Response | None:
        language = language_of(lang)
        if not _ACCOUNT.fullmatch(account) or account == GUESTS:
            with frame(language, "shop"):
                ui.label(say(language, "bad-account")).classes("card")
            return None
        kept_out = guard.kept_out(request, account, language)
        if kept_out is not None:
            return kept_out
        with frame(language, "shop"):
            ShopPage(shop, clock, account, language, guard.stays(request, account, language))
        return None


def expire_now(shop: Shop) -> None:
    """Give back what is due; where the database fails, the next time does."""
    try:
        shop.expiry.expire()
    except LedgerError as error:
        _log.error("event=not-expired reason=%s", error)


class ShopPage:
    """One resident's view of the shop; draws itself where it is made.

    Args:
        shop: What there is, and where it is reserved.
        clock: Gives Unix seconds.
        account: 16 hex digits.
        language: Of all texts.
        stays: Whether the resident is still signed in; asked before anything is drawn or done.
    """

    def __init__(
        self,
        shop: Shop,
        clock: Callable[[], int],
        account: str,
        language: Language,
        stays: Callable[[], bool],
    ) -> None:
        self._shop = shop
        self._account = account
        self._language = language
        self._stays = stays
        self._many = SHOWN_GOODS
        self._shown: News | None = None
        self._sum = ui.element("section").classes("card points")
        self._said = ui.label().classes("card said").props("role=status")
        self._codes = OpenCodes(clock, language, self._cancel)
        self._goods = GoodsList(language, self._reserve, self._show_more)
        self._history = HistoryList(language)
        back = ui.link(say(language, "shop-back"), f"/account/{account}?lang={language}")
        back.classes("plain-button wide")
        self.look()
        ui.timer(LOOK_EVERY_S, self.look)

    def look(self) -> None:
        """Draw anew what has changed, and let the time of the codes run."""
        if not self._stays():
            return
        try:
            now = self._news()
        except LedgerError:
            self._say("shop-no-failed")
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
        self._shop.expiry.expire()
        redeeming = self._shop.redeeming
        history = redeeming.of_account(self._account, SHOWN_HISTORY)
        goods = self._shop.shelves.offered(self._many + 1)
        reserved = [one for one in history if one.state == "reserved"]
        return News(
            means=redeeming.means(self._account),
            reserved=[redeeming.shown(self._account, one.id) for one in reserved],
            history=[one for one in history if one.state != "reserved"],
            goods=goods[: self._many],
            more=len(goods) > self._many,
        )

    def _draw_sum(self, means: Means) -> None:
        points = means.to_spend
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

    def _reserve(self, good: Good, key: str) -> None:
        def done() -> None:
            self._shop.redeeming.reserve(self._account, key, good.id, good.points)
            self._say("shop-said-reserved", name=good.names[self._language])

        self._tried(done)

    def _cancel(self, redemption_id: int) -> None:
        def done() -> None:
            self._shop.redeeming.cancel(self._account, redemption_id)
            self._say("shop-said-cancelled")

        self._tried(done)

    def _tried(self, work: Callable[[], None]) -> None:
        if not self._stays():
            return
        try:
            work()
        except ShopError as error:
            self._shop.refused[error.code] += 1
            self._say(why_not(error.code))
        except LedgerError:
            self._say("shop-no-failed")
        self.look()

    def _show_more(self) -> None:
        self._many += SHOWN_GOODS
        self.look()

    def _say(self, text: str, **figures: str | int) -> None:
        self._said.set_text(say(self._language, text, **figures))


def why_not(code: str) -> str:
    """The text that says why the shop refused, by its code."""
    return f"shop-no-{code}" if f"shop-no-{code}" in TEXTS else "shop-no-other"
