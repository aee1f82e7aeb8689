"""A diagnostics bundle as a file, for whoever is signed in at a browser."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from cloud.errors import FleetError, StaffError
from cloud.screens.staff.frame import COOKIE, HOME

if TYPE_CHECKING:
    from cloud.fleet.fleet import Fleet
    from cloud.staff.desk import Staff
    from cloud.staff.sessions import Sessions

_log = logging.getLogger(__name__)


NOT_KEPT = {"Cache-Control": "no-store"}


def bundle_route(fleet: Fleet, sessions: Sessions[Staff]) -> APIRouter:
    """The route `/staff/fleet/bundles/{command}`, which the kiosk's page links to."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff/fleet/bundles/{command}", response_model=None)
    def bundle(request: Request, command: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> Any:
        try:
            staff = sessions.whose(request.cookies.get(COOKIE, ""))
            kiosk, data = fleet.bundle(staff, command)
        except (StaffError, FleetError) as error:
            _log.warning("event=refused code=%s", error.code)
            if error.code in ("signed-out", "no-token", "expired"):
                return RedirectResponse(f"{HOME}?refused={error.code}", 303)
            return PlainTextResponse(str(error), 404 if error.code == "unknown-bundle" else 403)
        headers = {"Content-Disposition": f'attachment; filename="{kiosk}-{command}.zip"'}
        return Response(data, media_type="application/zip", headers=NOT_KEPT | headers)

    return router
