"""What the API answers to a request that is none, or while the ledger fails: a code and why."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from cloud.errors import LedgerError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

SHOWN = 3
"""Mistakes that are told at once."""

LONGEST = 65_536
"""Bytes of a request's body: a receipt's codes, the longest of all, take a quarter of it."""


def answer_refusals(app: FastAPI) -> None:
    """Have `app` refuse in the words of its routes: code and message; too long ones unread.

    FastAPI's own answer repeats what was sent: a person's sentence, and what JSON cannot carry
    (NaN, half a surrogate pair), which ends as a 500.
    """
    app.add_exception_handler(RequestValidationError, _no_request)
    app.add_exception_handler(LedgerError, _failed)
    app.add_middleware(BodyLimit)


class BodyLimit:
    """Hands the API bodies of at most `LONGEST` bytes; who sends more is not listened to.

    Args:
        app: What is behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request's body, and pass it on whole."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
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
                said = {"code": "too-long", "message": f"a request has at most {LONGEST} bytes"}
                await JSONResponse(said, 413)(scope, receive, send)
                return
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return parts.pop() if parts else await receive()

        await self._app(scope, again, send)


async def _failed(_request: Request, error: Exception) -> JSONResponse:
    _log.error("event=not-answered reason=%s", error)
    return JSONResponse({"code": "ledger-failed", "message": str(error)}, 503)


async def _no_request(_request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in found[:SHOWN])
    # A field's name may be anything that somebody sent.
    message = told.encode("ascii", "backslashreplace").decode()
    return JSONResponse({"code": "request", "message": message}, 422)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(one)[:32] for one in loc)
