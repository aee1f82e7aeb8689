"""The API over price lists: anybody reads what holds, staff draft, sign and turn down.

GET  /api/prices                         which list holds, and which are to come
GET  /api/prices/low-value               what is of low value, with subsidies by district
GET  /api/prices/lists/{version}         a list as its operator signed it, for kiosks
GET  /api/prices/refused                 staff: what was not done about prices, by code
GET  /api/prices/drafts?limit=N          staff: the latest drafts, newest first
POST /api/prices/drafts                  staff: {"valid_from", "edits": [...]}
GET  /api/prices/drafts/{id}             staff: a draft, what it changes, and the edits
PUT  /api/prices/drafts/{id}             its author: {"saw", "valid_from", "edits": [...]}
GET  /api/prices/drafts/{id}/unsigned    staff: the file that the operator signs
POST /api/prices/drafts/{id}/freeze      its author: {"saw"}, the hash of what they read
POST /api/prices/drafts/{id}/sign        another, in role `sign`: {"saw"}
POST /api/prices/drafts/{id}/reject      another, in role `sign`: {"reason"}
POST /api/prices/drafts/{id}/withdraw    its author: {"reason"}

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
from cloud.errors import PriceError, StaffError
from cloud.prices.edits import MOST, Edit
from cloud.prices.public import in_force, low_value_list, to_come
from contract.canonical import INT_MAX
from contract.errors import ContractError
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloud.keys.shelf import Shelf
    from cloud.prices.desk import PriceDesk
    from cloud.prices.drafts import Draft
    from cloud.staff.desk import Staff, StaffDesk
    from contract.catalogue import Catalogue

_log = logging.getLogger(__name__)

Id = Annotated[int, Path(ge=1, le=INT_MAX, description="a draft's number")]
Version = Annotated[str, Path(max_length=64, description="a list's version")]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

STATUS = {
    "no-token": 401,
    "expired": 401,
    "role": 403,
    "own-draft": 403,
    "not-yours": 403,
    "other-district": 403,
    "unknown-draft": 404,
    "none-in-force": 404,
    "unknown-list": 404,
    "not-open": 409,
    "not-frozen": 409,
    "decided": 409,
    "changed": 409,
    "damaged": 409,
    "base-changed": 409,
    "too-late": 409,
    "wrong-key": 503,
}
"""By code; what is not named is a 422: nobody can sign such a list."""


class Wanted(BaseModel):
    """What a list is to say: edits of the latest one, made in their order, and its first day."""

    valid_from: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    edits: Annotated[list[Edit], Field(max_length=MOST)]


class Rewritten(Wanted):
    """The same, in place of what `saw` is the hash of."""

    saw: Hash


class Seen(BaseModel):
    """The hash of the draft that somebody looked at."""

    saw: Hash


class Turned(BaseModel):
    """Why a draft is not to be signed."""

    reason: Annotated[str, Field(max_length=SENTENCE)]


def prices_api(
    desk: PriceDesk,
    catalogues: Shelf,
    staff_desk: StaffDesk,
    clock: Callable[[], int],
) -> APIRouter:
    """The routes over the price desk and the desk that knows staff."""
    router = APIRouter(prefix="/api/prices")

    def staff(authorization: str) -> Staff:
        return staff_desk.whose(token_of(authorization))

    @router.get("", response_model=None)
    def which() -> Any:
        return _answer(lambda: _which(catalogues, clock()))

    @router.get("/low-value", response_model=None)
    def low_value() -> Any:
        return _answer(lambda: _low_value(in_force(catalogues, clock())))

    @router.get("/lists/{version}", response_model=None)
    def signed(version: Version) -> Any:
        return _answer(lambda: _signed(catalogues, version))

    _add_reading(router, desk, staff)
    _add_acts(router, desk, staff)
    return router


def _add_reading(router: APIRouter, desk: PriceDesk, staff: Callable[[str], Staff]) -> None:
    @router.get("/refused", response_model=None)
    def refused(authorization: Bearer = "") -> Any:
        def work() -> dict[str, int]:
            staff(authorization).check("audit-see")
            return desk.refused()

        return _answer(work)

    @router.get("/drafts", response_model=None)
    def drafts(
        limit: Annotated[int, Query(ge=1, le=1000)] = 100, authorization: Bearer = ""
    ) -> Any:
        return _answer(lambda: [asdict(one) for one in desk.drafts(staff(authorization), limit)])

    @router.get("/drafts/{draft_id}", response_model=None)
    def draft(draft_id: Id, authorization: Bearer = "") -> Any:
        def work() -> dict[str, Any]:
            who = staff(authorization)
            found, _, differences = desk.shown(who, draft_id)
            edits = [one.model_dump() for one in desk.edits(who, draft_id)]
            said = {"differences": [asdict(one) for one in differences], "edits": edits}
            return asdict(found) | said

        return _answer(work)

    @router.get("/drafts/{draft_id}/unsigned", response_model=None)
    def unsigned(draft_id: Id, authorization: Bearer = "") -> Any:
        return _answer(
            lambda: Response(
                desk.unsigned(staff(authorization), draft_id), media_type="application/json"
            )
        )


def _add_acts(router: APIRouter, desk: PriceDesk, staff: Callable[[str], Staff]) -> None:
    def done(work: Callable[[], Draft]) -> Any:
        return _answer(lambda: asdict(work()))

    @router.post("/drafts", response_model=None)
    def begin(wanted: Wanted, authorization: Bearer = "") -> Any:
        return done(
            lambda: desk.drafting.draft(staff(authorization), wanted.valid_from, wanted.edits)
        )

    @router.put("/drafts/{draft_id}", response_model=None)
    def change(draft_id: Id, wanted: Rewritten, authorization: Bearer = "") -> Any:
        said = (wanted.saw, wanted.valid_from, wanted.edits)
        return done(lambda: desk.drafting.change(staff(authorization), draft_id, *said))

    @router.post("/drafts/{draft_id}/freeze", response_model=None)
    def freeze(draft_id: Id, seen: Seen, authorization: Bearer = "") -> Any:
        return done(lambda: desk.drafting.freeze(staff(authorization), draft_id, seen.saw))

    @router.post("/drafts/{draft_id}/sign", response_model=None)
    def sign(draft_id: Id, seen: Seen, authorization: Bearer = "") -> Any:
        return done(lambda: desk.signing.sign(staff(authorization), draft_id, seen.saw))

    @router.post("/drafts/{draft_id}/reject", response_model=None)
    def reject(draft_id: Id, turned: Turned, authorization: Bearer = "") -> Any:
        return done(lambda: desk.signing.reject(staff(authorization), draft_id, turned.reason))

    @router.post("/drafts/{draft_id}/withdraw", response_model=None)
    def withdraw(draft_id: Id, turned: Turned, authorization: Bearer = "") -> Any:
        return done(lambda: desk.drafting.withdraw(staff(authorization), draft_id, turned.reason))


def _which(catalogues: Mapping[str, Catalogue], now_s: int) -> dict[str, Any]:
    held = in_force(catalogues, now_s)
    coming = [
        {"version": o.version, "valid_from": o.valid_from} for o in to_come(catalogues, now_s)
    ]
    return {"version": held.version, "valid_from": held.valid_from, "to_come": coming}


def _signed(catalogues: Shelf, version: str) -> Response:
    data = catalogues.signed(version)
    if data is None:
        raise PriceError("unknown-list", f"there is no file of list {version!r} here")
    return Response(data, media_type="application/json")


def _low_value(held: Catalogue) -> dict[str, Any]:
    about = {"version": held.version, "valid_from": held.valid_from}
    return about | {"items": low_value_list(held)}


def _answer(work: Callable[[], Any]) -> Any:
    """What came of it, or why nothing did."""
    try:
        return work()
    except (PriceError, StaffError) as error:
        code, detail = error.code, str(error)
    except ContractError as error:
        code, detail = error.code, error.message
    _log.warning("event=refused code=%s", code)
    return Problem(STATUS.get(code, 422), code, detail)
