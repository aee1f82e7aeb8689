"""The eyes of the kiosk over the desk's API: focus, empty reference, and items that are taught."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from controller.screens.service.bearer import Token
from controller.screens.service.bodies import CheckBay, ShowItem
from controller.screens.service.eyes import EyesDesk

if TYPE_CHECKING:
    from fastapi import APIRouter

    from controller.screens.service.desk import Desk


def add_eyes(api: APIRouter, desk: Desk) -> None:
    """Serve what staff do with the eyes.

    Args:
        api: The desk's API.
        desk: The service desk.
    """
    eyes = EyesDesk(desk)

    @api.get("/eyes")
    async def told(token: Token) -> dict[str, Any]:
        desk.sign(token)
        return eyes.told()

    @api.post("/focus")
    async def focus(body: CheckBay, token: Token) -> dict[str, Any]:
        return asdict(await eyes.focus(token, body.bay))

    @api.post("/empty")
    async def take_empty(body: CheckBay, token: Token) -> dict[str, Any]:
        return {"result": await eyes.take_empty(token, body.bay)} | eyes.told()

    @api.post("/empty/undo")
    async def undo_empty(body: CheckBay, token: Token) -> dict[str, Any]:
        return {"result": await eyes.undo_empty(token, body.bay)} | eyes.told()

    @api.post("/lesson/pictures")
    async def show(body: ShowItem, token: Token) -> dict[str, Any]:
        return {"result": await eyes.show(token, body.bay, body.item)} | eyes.told()

    @api.delete("/lesson/pictures")
    async def forget(token: Token) -> dict[str, Any]:
        return {"result": await eyes.forget(token)} | eyes.told()

    @api.post("/lesson")
    async def finish(token: Token) -> dict[str, Any]:
        return asdict(await eyes.finish(token))

    @api.delete("/lesson")
    async def undo(token: Token) -> dict[str, Any]:
        return {"result": await eyes.undo(token)} | eyes.told()
