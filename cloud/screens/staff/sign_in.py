"""Signing in and out: a form's token becomes a cookie that holds a random id.

The token stands in the body of one request and nowhere else: in no address, no log, no cookie.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from cloud.errors import LedgerError, StaffError
from cloud.screens.plain import is_ours
from cloud.screens.staff.frame import COOKIE, HOME
from cloud.screens.texts import language_of
from cloud.staff.sessions import HOLDS_S

if TYPE_CHECKING:
    from cloud.staff.desk import Staff
    from cloud.staff.sessions import Sessions

_log = logging.getLogger(__name__)


def sign_in_routes(sessions: Sessions[Staff]) -> APIRouter:
    """The routes `/staff/sign-in` and `/staff/sign-out`, which forms of ours post to."""
    router = APIRouter(include_in_schema=False)

    @router.post("/staff/sign-in")
    def sign_in(
        request: Request, token: Annotated[str, Form(max_length=200)] = "", lang: str = "zh"
    ) -> Any:
        if not is_ours(request):
            return _back(lang, "origin")
        try:
            session = sessions.sign_in(token.strip())
        except StaffError as error:
            _log.warning("event=not-signed-in code=%s", error.code)
            return _back(lang, error.code)
        except LedgerError as error:
            _log.error("event=not-signed-in reason=%s", error)
            return _back(lang, "failed")
        answer = _back(lang)
        answer.set_cookie(
            COOKIE,
            session,
            max_age=HOLDS_S,
            path=HOME,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/staff/sign-out")
    def sign_out(request: Request, lang: str = "zh") -> Any:
        answer = _back(lang)
        if is_ours(request):
            try:
                sessions.sign_out(request.cookies.get(COOKIE, ""))
            except LedgerError as error:
                _log.error("event=not-signed-out reason=%s", error)
                return _back(lang, "failed")
            answer.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="strict")
        return answer

    return router


def _back(lang: str, refused: str = "") -> RedirectResponse:
    said = f"&refused={refused}" if refused else ""
    return RedirectResponse(f"{HOME}?lang={language_of(lang)}{said}", 303)
