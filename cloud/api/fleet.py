"""The API over the fleet: how kiosks are, what staff ask of them, and what came of it.

GET  /api/fleet?after=ID&limit=N            staff: kiosks of their district, by id
GET  /api/fleet/verbs                       what a kiosk can be asked, and with which arguments
GET  /api/fleet/bundles/{command}           staff: a diagnostics bundle, a zip; it is noted
GET  /api/fleet/{kiosk}                     staff: one kiosk
GET  /api/fleet/{kiosk}/commands?before=N   staff: its commands, newest first
POST /api/fleet/{kiosk}/commands            staff: {"verb", "arguments", "ttl_s", "id"}
POST /api/fleet/{kiosk}/commands/{command}/withdraw    staff: it is sent no more
GET  /api/fleet/{kiosk}/bundles             staff: its bundles, newest first

Staff show `Authorization: Bearer TOKEN`. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from cloud.api.bearer import Bearer, token_of
from cloud.api.problem import Problem
from cloud.errors import FleetError, StaffError
from cloud.fleet.giving import TTL_LEAST_S
from contract.canonical import INT_MAX
from contract.command import TTL_MAX_S, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.fleet.fleet import Fleet
    from cloud.fleet.sight import Seen
    from cloud.staff.desk import Staff, StaffDesk

_log = logging.getLogger(__name__)

Kiosk = Annotated[str, Path(pattern="^[a-z0-9-]{1,32}$", description="a kiosk's id")]
CommandId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="a command's id")]
Limit = Annotated[int, Query(ge=1, le=500)]

HOUR_S = 3_600

STATUS = {
    "no-token": 401,
    "expired": 401,
    "role": 403,
    "other-district": 403,
    "unknown-kiosk": 404,
    "unknown-bundle": 404,
    "unknown-command": 404,
    "unknown-verb": 422,
    "arguments": 422,
    "no-such-bay": 422,
    "lifetime": 422,
    "field": 422,
}
"""By code; what is not named is a 409: the kiosk does not stand where it would have to."""


class Wanted(BaseModel):
    """What a kiosk is asked: a verb with its arguments, which holds for `ttl_s` seconds.

    `id` is the caller's own, 16 hex digits: the same request again is then the same command.
    """

    verb: Annotated[str, Field(pattern="^[a-z0-9-]{1,32}$")]
    arguments: Annotated[
        dict[
            Annotated[str, Field(pattern="^[a-z0-9-]{1,32}$")],
            Annotated[str, Field(pattern="^[a-z0-9-]{1,32}$")],
        ],
        Field(max_length=4),
    ] = {}
    ttl_s: Annotated[int, Field(ge=TTL_LEAST_S, le=TTL_MAX_S)] = HOUR_S
    id: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] | None = None


def fleet_api(fleet: Fleet, desk: StaffDesk) -> APIRouter:
    """The routes over the fleet and the desk that knows staff."""
    router = APIRouter(prefix="/api/fleet")

    @router.get("", response_model=None)
    def page(
        after: Annotated[str, Query(pattern="^[a-z0-9-]{0,32}$")] = "",
        limit: Limit = 100,
        authorization: Bearer = "",
    ) -> Any:
        return _answer(
            lambda: [shown(one) for one in fleet.sight.page(_staff(authorization), after, limit)]
        )

    @router.get("/verbs")
    def verbs() -> dict[str, list[str]]:
        return {verb: sorted(arguments) for verb, arguments in VERBS.items()}

    @router.get("/bundles/{command}", response_model=None)
    def bundle(command: CommandId, authorization: Bearer = "") -> Any:
        return _answer(lambda: _zipped(command, *fleet.bundle(_staff(authorization), command)))

    @router.get("/{kiosk}", response_model=None)
    def one(kiosk: Kiosk, authorization: Bearer = "") -> Any:
        return _answer(lambda: shown(fleet.sight.one(_staff(authorization), kiosk)))

    @router.get("/{kiosk}/commands", response_model=None)
    def orders(
        kiosk: Kiosk,
        before: Annotated[int, Query(ge=1, le=INT_MAX)] | None = None,
        limit: Limit = 50,
        authorization: Bearer = "",
    ) -> Any:
        return _answer(
            lambda: [
                asdict(one) for one in fleet.orders_of(_staff(authorization), kiosk, before, limit)
            ]
        )

    @router.post("/{kiosk}/commands", response_model=None)
    def command(kiosk: Kiosk, wanted: Wanted, authorization: Bearer = "") -> Any:
        return _answer(
            lambda: asdict(
                fleet.command(
                    _staff(authorization),
                    kiosk,
                    wanted.verb,
                    wanted.arguments,
                    wanted.ttl_s,
                    wanted.id,
                )
            )
        )

    @router.post("/{kiosk}/commands/{command}/withdraw", response_model=None)
    def withdraw(kiosk: Kiosk, command: CommandId, authorization: Bearer = "") -> Any:
        return _answer(lambda: asdict(fleet.withdraw(_staff(authorization), kiosk, command)))

    @router.get("/{kiosk}/bundles", response_model=None)
    def bundles(kiosk: Kiosk, authorization: Bearer = "") -> Any:
        return _answer(
            lambda: [asdict(one) for one in fleet.bundles_of(_staff(authorization), kiosk)]
        )

    def _staff(authorization: str) -> Staff:
        return desk.whose(token_of(authorization))

    return router


def shown(seen: Seen) -> dict[str, Any]:
    """One kiosk as JSON."""
    heard = seen.heard
    told: dict[str, Any] = {
        "kiosk": seen.kiosk,
        "district": seen.district,
        "trouble": seen.trouble,
        "open_commands": seen.open_commands,
        "online": None if heard is None else heard.online,
        "since": None if heard is None else heard.since,
        "seen_at": None if heard is None else heard.seen_at,
    }
    for part in ("state", "condition", "levels"):
        said = None if heard is None else getattr(heard, part)
        told[part] = None if said is None else said.model_dump(exclude={"v", "kiosk"})
    told["lists"] = [asdict(one) for one in seen.lists]
    return told


def _zipped(command_id: str, kiosk: str, data: bytes) -> Response:
    """A bundle to be saved as a file."""
    name = f"{kiosk}-{command_id}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="application/zip", headers=headers)


def _answer(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (FleetError, StaffError) as error:
        _log.warning("event=refused code=%s", error.code)
        return Problem(STATUS.get(error.code, 409), error.code, str(error))
