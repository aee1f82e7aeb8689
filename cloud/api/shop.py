"""The shop's API for residents and for everybody.

GET  /api/shop/goods?partner=&district=&after=&limit=    what is on sale: {"goods", "next"}
GET  /api/shop/partners                                   who gives goods for points
GET  /api/shop/giving                                     what guests' points gave, by cause
GET  /api/shop/refused                                    refusals since the start, by code
GET  /api/shop/accounts/{account}                         {"points", "waiting", "to_spend"}
GET  /api/shop/accounts/{account}/redemptions?before=&limit=
POST /api/shop/accounts/{account}/redemptions             {"good_id", "points"} as seen, under an
                                                          `Idempotency-Key` of 16 to 64 letters
GET  /api/shop/accounts/{account}/redemptions/{id}        with its code, while it is of use
POST /api/shop/accounts/{account}/redemptions/{id}/cancel

Residents show `Authorization: Bearer TOKEN`. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from cloud.api.bearer import Account, residents_own
from cloud.api.seldom import Seldom
from cloud.api.shop_answers import (
    Answers,
    Cursor,
    Key,
    Limit,
    RedemptionId,
    page,
)
from cloud.shop.shelves import MOST_POINTS
from contract.canonical import INT_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.shop.redeeming import Reserved
    from cloud.shop.shop import Shop

Slug = Annotated[str | None, Query(pattern="^[a-z0-9-]{1,32}$")]


class Wish(BaseModel):
    """What a resident reserves, and what they saw that it costs."""

    good_id: Annotated[int, Field(ge=1, le=INT_MAX)]
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)]


def shop_api(shop: Shop, check: Callable[[str, str], object]) -> APIRouter:
    """The routes over the shop.

    `check` takes a resident's token and the account that it is to be of, and raises what the
    application answers with where it is not.
    """
    router = APIRouter(prefix="/api/shop")
    mine_alone = [Depends(residents_own(check))]
    answers, redeeming = Answers(shop.refused), shop.redeeming
    given = Seldom(shop.giving.given)

    @router.get("/goods")
    def offered(
        partner: Slug = None, district: Slug = None, after: Cursor = None, limit: Limit = 50
    ) -> dict[str, Any]:
        shop.expiry.expire()
        return page("goods", shop.shelves.offered(limit + 1, after or 0, partner, district), limit)

    @router.get("/partners")
    def partners() -> list[dict[str, Any]]:
        return [
            {"id": one.id, "names": one.names, "district": one.district}
            for one in shop.partners.giving()
        ]

    @router.get("/giving")
    def giving() -> dict[str, Any]:
        return asdict(given())

    @router.get("/refused")
    def refused() -> dict[str, int]:
        return dict(shop.refused)

    @router.get("/accounts/{account}", dependencies=mine_alone)
    def means(account: Account) -> dict[str, Any]:
        shop.expiry.expire()
        found = redeeming.means(account)
        return asdict(found) | {"to_spend": found.to_spend}

    @router.get("/accounts/{account}/redemptions", dependencies=mine_alone)
    def mine(account: Account, before: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
        shop.expiry.expire()
        return page("redemptions", redeeming.of_account(account, limit + 1, before), limit)

    @router.post(
        "/accounts/{account}/redemptions",
        response_model=None,
        status_code=201,
        dependencies=mine_alone,
    )
    def reserve(account: Account, wish: Wish, key: Key = "") -> Any:
        return answers.to(
            lambda: _shown(redeeming.reserve(account, key, wish.good_id, wish.points)), 201
        )

    @router.get(
        "/accounts/{account}/redemptions/{redemption_id}",
        response_model=None,
        dependencies=mine_alone,
    )
    def one(account: Account, redemption_id: RedemptionId) -> Any:
        return answers.to(lambda: _shown(redeeming.shown(account, redemption_id)))

    @router.post(
        "/accounts/{account}/redemptions/{redemption_id}/cancel",
        response_model=None,
        dependencies=mine_alone,
    )
    def cancel(account: Account, redemption_id: RedemptionId) -> Any:
        return answers.to(lambda: asdict(redeeming.cancel(account, redemption_id)))

    return router


def _shown(reserved: Reserved) -> dict[str, Any]:
    return asdict(reserved.redeemed) | {"code": reserved.code}
