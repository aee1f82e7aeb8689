"""The API over held records: staff decide; what residents see and appeal is in `accounts`.

GET  /api/held/records                 staff: what waits in their district
POST /api/held/decisions               staff: {"kiosk", "epoch", "seq", "outcome", "reason"}, and
                                       "status" as they saw it

Staff show `Authorization: Bearer TOKEN`. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cloud.api.bearer import Bearer, token_of
from cloud.api.problem import Problem
from cloud.errors import DecisionError, StaffError
from cloud.ledger.held.decisions import Place
from contract.canonical import INT_MAX
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.ledger.held.cases import Case
    from cloud.ledger.held.decisions import Decisions
    from cloud.staff.desk import Staff, StaffDesk

_log = logging.getLogger(__name__)

STATUS = {
    "no-token": 401,
    "expired": 401,
    "not-yours": 403,
    "other-district": 403,
    "role": 403,
    "unknown-record": 404,
    "text": 422,
}
"""By code; what is not named is a 409: the record does not stand where it would have to."""


class About(BaseModel):
    """Which record."""

    kiosk: Annotated[str, Field(pattern="^[a-z0-9-]{1,32}$")]
    epoch: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    seq: Annotated[int, Field(ge=1, le=INT_MAX)]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.kiosk, self.epoch, self.seq)


class Appeal(About):
    """What the resident says."""

    sentence: Annotated[str, Field(max_length=SENTENCE)]


class Decision(About):
    """What staff decide, and why."""

    outcome: Literal["released", "refused"]
    reason: Annotated[str, Field(max_length=SENTENCE)]
    status: Literal["held", "credited", "refused"] | None = None
    """What the record was when they looked at it."""


def held_api(decisions: Decisions, desk: StaffDesk) -> APIRouter:
    """The routes over decisions and the desk that knows staff."""
    router = APIRouter(prefix="/api")

    @router.get("/held/records", response_model=None)
    def waiting(authorization: Bearer = "") -> Any:
        return answer(lambda: [shown(one) for one in decisions.held(_staff(authorization))])

    @router.post("/held/decisions", response_model=None)
    def decide(said: Decision, authorization: Bearer = "") -> Any:
        return answer(
            lambda: decisions.decide(
                _staff(authorization), said.place, said.outcome, said.reason, said.status
            )
        )

    def _staff(authorization: str) -> Staff:
        return desk.whose(token_of(authorization))

    return router


def shown(case: Case) -> dict[str, Any]:
    """A case as JSON."""
    return asdict(case) | {"may_appeal": case.may_appeal}


def answer(work: Callable[[], Any]) -> Any:
    """What came of it; nothing to say is an empty object."""
    try:
        found = work()
    except (DecisionError, StaffError) as error:
        _log.warning("event=refused code=%s", error.code)
        return Problem(STATUS.get(error.code, 409), error.code, str(error))
    return {} if found is None else found
