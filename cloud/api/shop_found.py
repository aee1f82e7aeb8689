"""The shop's API for staff who look for a redemption, or at what erased accounts left.

GET  /api/shop/redemptions?partner=&day=&before=&limit=    of their district, newest first
POST /api/shop/redemptions/find                            {"code"} as a resident shows it
GET  /api/shop/giving/erased?before=&limit=                for staff of the whole city

Staff whose role has the right `shop` show `Authorization: Bearer TOKEN`. Whose account it was is
not told; a code stands in no address, which logs would keep. What is refused is a problem
(`cloud.api.problem`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query

from cloud.api.bearer import Bearer, token_of
from cloud.api.document import refusal
from cloud.api.shop_answers import Answers, Cursor, Limit, page
from cloud.api.shop_till import Shown  # FastAPI reads the annotation

if TYPE_CHECKING:
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff, StaffDesk

Partner = Annotated[str, Query(pattern="^[a-z0-9-]{0,32}$", description="a partner's pseudonym")]
Day = Annotated[str, Query(max_length=10, description="of China's calendar, as in 2026-11-28")]


def shop_found_api(shop: Shop, desk: StaffDesk) -> APIRouter:
    """The routes over what the shop knows of redemptions."""
    router = APIRouter(prefix="/api/shop")
    answers = Answers(shop.refused)

    def who(authorization: str) -> Staff:
        return desk.whose(token_of(authorization))

    @router.get("/redemptions", response_model=None, responses={404: refusal(404)})
    def redeemed(
        partner: Partner = "",
        day: Day = "",
        before: Cursor = None,
        limit: Limit = 50,
        authorization: Bearer = "",
    ) -> Any:
        def found() -> dict[str, Any]:
            asked = (limit + 1, partner, day, before)
            return page("redemptions", shop.sight.redeemed(who(authorization), *asked), limit)

        return answers.to(found)

    @router.post("/redemptions/find", response_model=None)
    def find(shown: Shown, authorization: Bearer = "") -> Any:
        return answers.to(lambda: asdict(shop.sight.by_code(who(authorization), shown.code)))

    @router.get("/giving/erased", response_model=None)
    def erased(before: Cursor = None, limit: Limit = 50, authorization: Bearer = "") -> Any:
        def found() -> dict[str, Any]:
            return page("entries", shop.rests.left(who(authorization), limit + 1, before), limit)

        return answers.to(found)

    return router
