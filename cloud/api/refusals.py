"""What the API answers to a request that is none, or while the ledger fails: a code and why."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from cloud.api.problem import Problem
from cloud.errors import LedgerError, SignInError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

SHOWN = 3
"""Mistakes that are told at once."""

LONGEST = 65_536
"""Bytes of a request's body: a receipt's codes, the longest of all, take a quarter of it."""

BOUNDED = ("/api/", "/staff/sign-", "/sign-", "/account/", "/partner/")
"""What takes a body from anybody."""


def answer_refusals(app: FastAPI) -> None:
    """Have `app` refuse in the words of its routes (`cloud.api.problem`); too long ones unread.

    FastAPI's own answer repeats what was sent: a person's sentence, and what JSON cannot carry
    (NaN, half a surrogate pair), which ends as a 500.
    """
    app.add_exception_handler(RequestValidationError, _no_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(LedgerError, _failed)
    app.add_exception_handler(SignInError, _not_let_in)
    app.add_middleware(BodyLimit)


class BodyLimit:
    """Hands on bodies of at most `LONGEST` bytes; who sends more is not listened to.

    Args:
        app: What is behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request's body, and pass it on whole."""
        if scope["type"] != "http" or not scope["path"].startswith(BOUNDED):
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            part = await receive()
            if part["type"] != "http.request":
                return  # whoever asked is gone
            body += part.get("body", b"")
            more = part.get("more_body", False)
            if len(body) > LONGEST:
                said = Problem(413, "too-long", f"a request has at most {LONGEST} bytes")
                await said(scope, receive, send)
                return
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return parts.pop() if parts else await receive()

        await self._app(scope, again, send)


SIGN_IN_STATUS = {
    "not-signed-in": 401,
    "unknown-sign-in": 404,
    "not-here": 404,
    "changed": 409,
    "reserved": 409,
    "erased": 409,
    "not-a-number": 422,
    "too-many": 429,
    "busy": 429,
    "no-texts": 503,
    "text-failed": 503,
}
"""By code; what is not named is a 403."""


async def _not_let_in(_request: Request, error: Exception) -> Problem:
    code = error.code if isinstance(error, SignInError) else ""
    _log.warning("event=not-let-in code=%s", code)
    return Problem(SIGN_IN_STATUS.get(code, 403), code, str(error))


async def _failed(_request: Request, error: Exception) -> Problem:
    _log.error("event=not-answered reason=%s", error)
    return Problem(503, "ledger-failed", str(error))


async def _refused(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: a body that is no text has a status of its own there."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith("/api/"):
        return await http_exception_handler(request, error)
    status = 422 if error.status_code == 400 else error.status_code
    return Problem(status, "request", str(error.detail), error.headers)


async def _no_request(_request: Request, error: Exception) -> Problem:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in found[:SHOWN])
    # A field's name may be anything that somebody sent.
    detail = told.encode("ascii", "backslashreplace").decode()
    return Problem(422, "request", detail)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(one)[:32] for one in loc)
