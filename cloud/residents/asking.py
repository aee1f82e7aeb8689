"""What a request says of whoever sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

    from cloud.residents.sign_ins import Device


def address_of(request: Request) -> str:
    """The network address that a request came from; empty where there is none."""
    return request.client.host if request.client else ""


def device_of(request: Request) -> Device:
    """What a resident will know the sign-in by: no more of a browser is kept."""
    browser = request.headers.get("user-agent", "")
    return "phone" if "Mobi" in browser or "Android" in browser else "computer"
