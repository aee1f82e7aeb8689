"""The way into the shop on a resident's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request  # NiceGUI reads the annotation when a page is defined
from fastapi.responses import Response
from nicegui import ui

from cloud.screens.door import PATIENCE_S
from cloud.screens.pages import LANG, TITLE, frame
from cloud.screens.shop_page import ShopPage
from cloud.screens.texts import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.screens.door import Door
    from cloud.shop.shop import Shop


def add_shop_page(shop: Shop, door: Door, clock: Callable[[], int]) -> None:
    """Define the page `/account/{account}/shop`."""

    @ui.page("/account/{account}/shop", title=TITLE, language=LANG, response_timeout=PATIENCE_S)
    async def page(request: Request, account: str, lang: str = "zh") -> Response | None:
        language = language_of(lang)
        kept_out: Response | None = await door.kept_out(request, account, language)
        if kept_out is not None:
            return kept_out
        stay = door.stay(request, account, language)
        with frame(language, "shop"):
            await ShopPage(shop, clock, account, language, stay).draw()
        return None
