"""The API over the audit log.

GET  /api/audit?actor=&about=&day=&before=&limit=    staff: who did what, newest first

`actor` is who did it, `about` an id of what it was done to, `day` one of China's calendar; each
that is given must fit. A list goes on with `before`, the `id` of its last line.

Staff show `Authorization: Bearer TOKEN`. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query

from cloud.api.bearer import Bearer, token_of
from cloud.api.problem import Problem
from cloud.errors import StaffError
from cloud.staff.auditing import LONGEST
from contract.canonical import INT_MAX

if TYPE_CHECKING:
    from cloud.staff.auditing import AuditLog
    from cloud.staff.desk import StaffDesk

_log = logging.getLogger(__name__)

STATUS = {"no-token": 401, "expired": 401, "role": 403, "no-day": 422}
"""By code; there are no others."""

Actor = Annotated[str, Query(max_length=LONGEST, description="a pseudonym, or as the log says it")]
About = Annotated[
    str, Query(max_length=LONGEST, description="of a kiosk, card, account, command, partner ...")
]
Day = Annotated[str, Query(max_length=10, description="of China's calendar, as in 2026-11-28")]
Before = Annotated[int, Query(ge=1, le=INT_MAX, description="`id` of the last line seen")]


def audit_api(log: AuditLog, desk: StaffDesk) -> APIRouter:
    """The route over the log and the desk that knows staff."""
    router = APIRouter(prefix="/api")

    @router.get("/audit", response_model=None)
    def audit(
        actor: Actor = "",
        about: About = "",
        day: Day = "",
        before: Before | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        authorization: Bearer = "",
    ) -> Any:
        try:
            staff = desk.whose(token_of(authorization))
            found = log.lines(staff, limit, actor=actor, about=about, day=day, before=before)
        except StaffError as error:
            _log.warning("event=refused code=%s", error.code)
            return Problem(STATUS[error.code], error.code, str(error))
        return [asdict(one) for one in found]

    return router
