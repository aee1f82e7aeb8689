"""The way into the shop on a resident's phone, and what comes back to it by itself."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Protocol

from fastapi import Request  # NiceGUI reads the annotation when a page is defined
from fastapi.responses import Response
from nicegui import ui

from cloud.errors import LedgerError
from cloud.screens.pages import LANG, TITLE, frame
from cloud.screens.shop_page import ShopPage
from cloud.screens.texts import Language, language_of, say
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.shop.shop import Shop

_log = logging.getLogger(__name__)

EXPIRE_EVERY_S = 5.0
"""How often what nobody confirmed is given back, also while nobody looks at the shop."""

_ACCOUNT = re.compile(r"[0-9a-f]{16}")


class Guard(Protocol):
    """Who gets into the pages of an account, and stays there."""

    def kept_out(self, request: Request, account: str, language: Language) -> Response | None:
        """What whoever may not see `account` is answered; None for its own resident."""

    def stays(self, request: Request, account: str, language: Language) -> Callable[[], bool]:
        """Says as long as the page is open whether they still may see it."""


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
    """Give back what is due; where the database fails, the next time does.

    It waits for other writers: call it where no page waits with it.
    """
    try:
        shop.expiry.expire()
    except LedgerError as error:
        _log.error("event=not-expired reason=%s", error)
