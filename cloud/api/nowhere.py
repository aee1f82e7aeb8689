"""What the API answers where no route is, or none for that method: a code as everywhere else.

Without it whatever has no route goes on to the pages, which answer programs with a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request
from starlette.routing import compile_path

from cloud.api.problem import Problem

if TYPE_CHECKING:
    from fastapi import FastAPI

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def refuse_the_rest(app: FastAPI) -> None:
    """Have `app` refuse what none of its routes takes; called after the last route of the API."""

    @app.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
    def nowhere(request: Request) -> Problem:
        allowed = _allowed(app, request.url.path)
        if allowed:
            said = f"{request.method} is not for this path: use {allowed}"
            return Problem(405, "method", said, {"Allow": allowed})
        said = "the API has no such path: /openapi.json lists them"
        return Problem(404, "no-such-path", said)


def _allowed(app: FastAPI, path: str) -> str:
    """The methods that a path has by the document."""
    found: set[str] = set()
    for known, methods in app.openapi()["paths"].items():
        if compile_path(known)[0].match(path):
            found |= {one.upper() for one in methods}
    return ", ".join(sorted(found))
