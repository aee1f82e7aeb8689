"""The service desk over HTTP: `/service/api/`, for the kiosk's own pages and `kiosk diag`.

Whoever asks sits at the kiosk: any other address, and any page of another origin, is refused. What
is refused comes as a problem (RFC 9457) with `code` beside it.
"""

from __future__ import annotations

from dataclasses import asdict
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from controller.core import touches
from controller.screens.service import told
from controller.screens.service.acceptance_api import add_acceptance
from controller.screens.service.bearer import Token
from controller.screens.service.bodies import (
    AnswerCheck,
    BeginProcedure,
    CheckBay,
    ClearFaults,
    EmptyBin,
    JogGate,
    JogHatch,
    RestartNode,
    RunCheck,
    SignIn,
    SwitchLight,
)
from controller.screens.service.eyes_api import add_eyes
from controller.screens.service.pace import Pace
from controller.screens.service.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import FastAPI

    from controller.screens.service.bundle import Bundle
    from controller.screens.service.desk import Desk, Touch

PREFIX = "/service/api"

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names under which the kiosk's own pages are asked for; another one is a page that lies."""


def add_api(app: FastAPI, desk: Desk, bundle: Bundle) -> None:
    """Serve the desk's API.

    Args:
        app: The kiosk's web application.
        desk: The service desk.
        bundle: Makes the diagnostics bundle.
    """
    pace = Pace(desk.now_s)

    def local(request: Request) -> None:
        _refuse_strangers(request)
        pace.take()

    api = APIRouter(prefix=PREFIX, dependencies=[Depends(local)], route_class=_DeskRoute)
    _add_session(api, desk)
    _add_views(api, desk)
    _add_acts(api, desk)
    add_eyes(api, desk)
    add_acceptance(api, desk)

    @api.get("/bundle")
    async def the_bundle(token: Token) -> Response:
        desk.sign(token)
        return Response(await bundle.zipped(), media_type="application/zip")

    app.include_router(api)


def _add_session(api: APIRouter, desk: Desk) -> None:
    @api.post("/session", status_code=201)
    async def sign_in(body: SignIn) -> dict[str, Any]:
        looks = body.looks and body.badge is not None
        signed = await (desk.look_on(body.badge or "") if looks else desk.sign_in(body.badge))
        return asdict(signed)

    @api.delete("/session", status_code=204)
    async def leave(token: Token) -> None:
        await desk.leave(token)


def _add_views(api: APIRouter, desk: Desk) -> None:
    s, now_s = desk.session, desk.now_s

    @api.get("/state")
    async def state(token: Token) -> dict[str, Any]:
        desk.sign(token)
        return told.state(s, now_s()) | {"acts_allowed": desk.may_act(token)}

    @api.get("/checks")
    async def checks(token: Token) -> list[dict[str, Any]]:
        desk.sign(token)
        given = await desk.around.look()
        return told.checks(s, now_s(), given)

    @api.get("/audit")
    async def audit(token: Token) -> list[dict[str, Any]]:
        desk.sign(token)
        return told.audit(await desk.around.audited(s))

    @api.get("/inputs")
    async def inputs(token: Token) -> list[dict[str, Any]]:
        desk.sign(token)
        return told.inputs(s)

    @api.get("/faults")
    async def standing_faults(token: Token) -> dict[str, Any]:
        desk.sign(token)
        return told.standing_faults(s, now_s())

    @api.get("/bins")
    async def bins(token: Token) -> list[dict[str, Any]]:
        desk.sign(token)
        return told.bins(s)

    @api.get("/procedure")
    async def procedure(token: Token) -> dict[str, Any] | None:
        desk.sign(token)
        return told.procedure(s)

    @api.get("/versions")
    async def versions(token: Token) -> dict[str, Any]:
        desk.sign(token)
        return told.versions(s)


def _add_acts(api: APIRouter, desk: Desk) -> None:
    async def done(token: str, touch: Touch, tag: str = "") -> dict[str, Any]:
        await desk.act(token, touch, tag)
        return told.state(desk.session, desk.now_s())

    @api.post("/checks/{name}", status_code=202)
    async def run(name: str, body: RunCheck, token: Token) -> dict[str, Any]:
        found = await desk.check(token, name, body.bay, body.load_g)
        return {"check": name, "bay": body.bay, "running": found is None} | told.result(
            found, desk.now_s()
        )

    @api.post("/answer")
    async def answer(body: AnswerCheck, token: Token) -> dict[str, Any]:
        return await done(token, touches.CheckAnswered(body.yes))

    @api.post("/hatch", status_code=202)
    async def hatch(body: JogHatch, token: Token) -> dict[str, Any]:
        return await done(token, touches.HatchJogged(body.bay, body.open))

    @api.post("/gate", status_code=202)
    async def gate(body: JogGate, token: Token) -> dict[str, Any]:
        return await done(token, touches.GateJogged(body.bay, body.bin_index))

    @api.post("/faults/clear", status_code=202)
    async def clear(body: ClearFaults, token: Token) -> dict[str, Any]:
        return await done(token, touches.FaultsCleared(body.bay, body.repaired))

    @api.post("/node/restart", status_code=202)
    async def restart(body: RestartNode, token: Token) -> dict[str, Any]:
        return await done(token, touches.NodeRestarted(body.bay))

    @api.post("/light")
    async def light(body: SwitchLight, token: Token) -> dict[str, Any]:
        return await done(token, touches.LightSwitched(body.bay, body.on))

    @api.post("/bins/emptied")
    async def emptied(body: EmptyBin, token: Token) -> dict[str, Any]:
        touch = touches.BinEmptied(body.bay, body.bin_index, body.weighed_g)
        return await done(token, touch, body.tag)

    @api.post("/bays/checked")
    async def checked(body: CheckBay, token: Token) -> dict[str, Any]:
        return await done(token, touches.BayChecked(body.bay))

    @api.post("/procedure", status_code=202)
    async def begin(body: BeginProcedure, token: Token) -> dict[str, Any]:
        touch = touches.ProcedureBegun(body.bay, body.kind, body.masses_g, body.creep_s)
        return await done(token, touch)

    @api.post("/procedure/reading")
    async def reading(token: Token) -> dict[str, Any]:
        return await done(token, touches.ReadingTaken())

    @api.delete("/procedure")
    async def give_up(token: Token) -> dict[str, Any]:
        return await done(token, touches.ProcedureGivenUp())

    @api.post("/stay", status_code=204)
    async def stay(token: Token) -> None:
        await desk.stay(token)


def _refuse_strangers(request: Request) -> None:
    """Refuse whoever is not at the kiosk, and pages of others that a browser here may show."""
    is_here = request.client is not None and _is_loopback(request.client.host)
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    origin = request.headers.get("origin")
    of_ours = origin is None or origin.partition("//")[2] == request.headers.get("host")
    if not (is_here and host in LOCAL_HOSTS and of_ours):
        raise RefusedError("forbidden", "service is for staff at the kiosk itself")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _DeskRoute(APIRoute):
    """Every refusal becomes a problem; what was sent is not repeated in it: it may be a badge."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route as FastAPI has it, and its refusals."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except RefusedError as error:
                return _as_problem(error.status, error.code, error.message)
            except HTTPException as error:  # what is no JSON at all
                return _as_problem(422, "bad-request", f"body: {error.detail}")
            except RequestValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                return _as_problem(422, "bad-request", f"{where}: {first['msg']}")

        return answered


def _as_problem(status: int, code: str, detail: str) -> Response:
    problem = {"type": f"urn:kiosk:{code}", "title": code, "status": status}
    problem |= {"detail": detail, "code": code}
    return JSONResponse(problem, status, media_type="application/problem+json")
