"""A partner's till: plain pages on which a shop assistant reads a code and confirms it.

Forms alone: they work with a hand-held scanner, which types, on any phone and without scripts.
Token and codes stand in the body of one request, and in no address and no log.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse

from cloud.errors import LedgerError, ShopError
from cloud.screens.plain import is_ours, plain_page
from cloud.screens.shop_texts import why_not
from cloud.screens.texts import language_of, say
from cloud.screens.till_parts import asked, failing_till, open_till, shut_till
from cloud.shop.sessions import HOLDS_S
from contract.canonical import INT_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.staff.sessions import Sessions

_log = logging.getLogger(__name__)

COOKIE, HOME = "till", "/partner"
SHOWN = 10
"""Redemptions that a till sees of its own, the latest first."""

Text = Annotated[str, Form()]
"""However long: a photograph of a receipt fills the box with 16,384 letters, which are no code."""

Number = Annotated[int, Form(ge=0, le=INT_MAX)]
Done = Annotated[int, Query(ge=0, le=INT_MAX)]


def till_pages(shop: Shop, sessions: Sessions[Partner]) -> APIRouter:
    """The page `/partner`, and what its forms post to."""
    router = APIRouter(prefix=HOME, include_in_schema=False)
    till = _Till(shop, sessions)

    @router.get("")
    def home(request: Request, lang: str = "zh", done: Done = 0, refused: str = "") -> Any:
        return till.page(request, lang, done, refused)

    @router.post("/sign-in")
    def sign_in(request: Request, token: Text = "", lang: str = "zh") -> Any:
        return till.signed_in(request, token.strip(), lang)

    @router.post("/sign-out")
    def sign_out(request: Request, lang: str = "zh") -> Any:
        answer = _back(lang)
        if is_ours(request):
            try:
                sessions.sign_out(request.cookies.get(COOKIE, ""))
            except LedgerError as error:
                _log.error("event=not-signed-out reason=%s", error)
                return _back(lang, "&refused=failed")
            answer.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="strict")
        return answer

    @router.post("/look")
    def look(request: Request, code: Text = "", lang: str = "zh") -> Any:
        return till.look(request, code, lang)

    @router.post("/confirm")
    def confirm(request: Request, code: Text = "", lang: str = "zh") -> Any:
        return till.tried(request, lang, lambda who: shop.redeeming.confirm(who.id, code).id)

    @router.post("/turn-down")
    def turn_down(request: Request, code: Text = "", lang: str = "zh") -> Any:
        return till.tried(request, lang, lambda who: shop.redeeming.turn_down(who.id, code).id)

    @router.post("/refund")
    def refund(request: Request, redemption: Number, reason: Text = "", lang: str = "zh") -> Any:
        return till.tried(
            request, lang, lambda who: shop.refunds.by_partner(who, redemption, reason).id
        )

    return router


class _Till:
    """What the forms come to."""

    def __init__(self, shop: Shop, sessions: Sessions[Partner]) -> None:
        self._shop = shop
        self._sessions = sessions

    def page(self, request: Request, lang: str, done: int, refused: str) -> Any:
        """The till, or the way in; with what was done or refused just now."""
        language = language_of(lang)
        said = say(language, why_not(refused)) if refused else ""
        try:
            who = self._who(request)
            shop = self._shop
            latest = shop.till.statement(who.id, SHOWN)
            just = shop.till.one(who.id, done)
            body = open_till(language, who, shop.till.takings(who.id), latest, just, said)
        except ShopError:
            return plain_page(language, "till", shut_till(language, said))
        except LedgerError as error:
            _log.error("event=page-not-drawn reason=%s", error)
            return plain_page(language, "till", failing_till(language, done), status=503)
        return plain_page(language, "till", body)

    def look(self, request: Request, code: str, lang: str) -> Any:
        """What a code is for, and the question whether it was handed over."""
        language = language_of(lang)

        def found(who: Partner) -> Any:
            redeemed = self._shop.redeeming.look(who.id, code)
            return plain_page(language, "till", asked(language, redeemed, code))

        return self._tried(request, lang, found)

    def tried(self, request: Request, lang: str, work: Callable[[Partner], int]) -> Any:
        """Do it, and show the redemption whose id `work` gives."""
        return self._tried(request, lang, lambda who: _back(lang, f"&done={work(who)}"))

    def signed_in(self, request: Request, token: str, lang: str) -> Any:
        """The till, with the cookie that shows whose it is."""

        def entered() -> RedirectResponse:
            answer = _back(lang)
            answer.set_cookie(
                COOKIE,
                self._sessions.sign_in(token),
                max_age=HOLDS_S,
                path=HOME,
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
            return answer

        return self._refusing(request, lang, entered)

    def _who(self, request: Request) -> Partner:
        return self._sessions.whose(request.cookies.get(COOKIE, ""))

    def _tried(self, request: Request, lang: str, work: Callable[[Partner], Any]) -> Any:
        return self._refusing(request, lang, lambda: work(self._who(request)))

    def _refusing(self, request: Request, lang: str, work: Callable[[], Any]) -> Any:
        """What came of it, or back with the reason."""
        try:
            if not is_ours(request):
                raise ShopError("origin", "the form was another site's")
            return work()
        except ShopError as error:
            _log.warning("event=refused code=%s", error.code)
            self._shop.refused[error.code] += 1
            return _back(lang, f"&refused={error.code}")
        except LedgerError as error:
            _log.error("event=refused reason=%s", error)
            return _back(lang, "&refused=failed")


def _back(lang: str, more: str = "") -> RedirectResponse:
    return RedirectResponse(f"{HOME}?lang={language_of(lang)}{more}", 303)
