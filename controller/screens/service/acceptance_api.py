"""The acceptance of a site over the desk's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.screens.service.accepting import AcceptanceDesk
from controller.screens.service.bearer import Token

if TYPE_CHECKING:
    from fastapi import APIRouter

    from controller.screens.service.desk import Desk


def add_acceptance(api: APIRouter, desk: Desk) -> None:
    """Serve the acceptance.

    Args:
        api: The desk's API.
        desk: The service desk.
    """
    acceptance = AcceptanceDesk(desk)

    @api.get("/acceptance")
    async def told(token: Token) -> dict[str, Any] | None:
        desk.sign(token)
        return acceptance.told()

    @api.post("/acceptance", status_code=201)
    async def begin(token: Token) -> dict[str, Any] | None:
        await acceptance.begin(token)
        return acceptance.told()

    @api.delete("/acceptance", status_code=204)
    async def give_up(token: Token) -> None:
        await acceptance.give_up(token)

    @api.post("/acceptance/report", status_code=201)
    async def end(token: Token) -> dict[str, Any]:
        return await acceptance.end(token)

    @api.get("/acceptance/report")
    async def last(token: Token) -> dict[str, Any]:
        desk.sign(token)
        return acceptance.last()
