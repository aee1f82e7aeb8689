"""The API's OpenAPI 3.1 document: FastAPI's own, and what every route may refuse.

Routes say what they take and answer. What they refuse looks alike everywhere (`cloud.api.problem`),
so it is written here once, by what a route takes. One that refuses with a status beyond that names
it in its `responses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from cloud.api.problem import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX = "/api/"
"""What is documented; pages are for people."""

REFUSALS = {
    401: "Nobody says who asks, or the token holds no longer.",
    403: "Who asks may not.",
    404: "There is no such thing.",
    409: "It does not stand as it would have to.",
    413: "The body is too long.",
    422: "The request is none: a field is missing, or cannot be.",
    429: "Too many tries: wait.",
    503: "The database fails: nothing was done, try again.",
}

READS = frozenset({"get", "head", "options"})

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details as in RFC 9457, with a code.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "What the status says."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Why, in one word; it stays the same."},
        "detail": {"type": "string", "description": "What was wrong, and what to do."},
    },
}


def document_refusals(app: FastAPI) -> None:
    """Have `app` describe its API, refusals and tokens included, at /openapi.json."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_document(app))
        return made

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI says that one extends it


def _document(app: FastAPI) -> dict[str, Any]:
    """Once all routes are there."""
    told = get_openapi(title=app.title, version=app.version, routes=app.routes)
    told["paths"] = {
        path: {method: _told(path, method, one) for method, one in methods.items()}
        for path, methods in told["paths"].items()
        if path.startswith(PREFIX)
    }
    components = told.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for fastapis_own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(fastapis_own, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    return told


def _told(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """One call, with its refusals, and its token as a token and not as some header."""
    taken = operation.get("parameters", [])
    others = [one for one in taken if one["name"] != "Authorization"]
    told = operation | {"parameters": others}
    if len(others) < len(taken):
        told["security"] = [{"bearer": []}]
    own = {status: one for status, one in operation["responses"].items() if status != "422"}
    refused = {str(status): refusal(status) for status in sorted(_statuses(path, method, told))}
    told["responses"] = own | {status: one for status, one in refused.items() if status not in own}
    return told


def _statuses(path: str, method: str, told: dict[str, Any]) -> set[int]:
    """What a call may be refused with, by what it takes."""
    found = {503}
    if told["parameters"] or "requestBody" in told or "{" in path:
        found.add(422)
    if "requestBody" in told:
        found.add(413)
    if "{" in path:
        found.add(404)
    if "security" in told:
        found |= {401, 403}
    if method not in READS:
        found |= {401, 403, 404, 409, 429}
    return found


def refusal(status: int) -> dict[str, Any]:
    """What the document says of a refusal with `status`, as a route names it in `responses`."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": REFUSALS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
