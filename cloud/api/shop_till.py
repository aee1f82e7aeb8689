"""The shop's API for partners' tills and for staff.

Tills show `Authorization: Bearer TOKEN` of their partner:

GET  /api/shop/till                                 who this is, and what it has
GET  /api/shop/till/redemptions?before=&limit=      its statement, newest first
GET  /api/shop/till/months/{month}                  by good, as in months/2026-11
POST /api/shop/till/look | confirm | turn-down      {"code"} as it was shown
POST /api/shop/till/redemptions/{id}/refund         {"reason"}

Staff whose role has the right `shop` show theirs:

POST /api/shop/partners                             {"id", "zh", "en", "district"}: a new token
POST /api/shop/partners/{id}/end                    its token holds no longer
POST /api/shop/partners/{id}/goods                  {"code", "zh", "en", "points", "stock_by",
                                                    "on_sale"}
POST /api/shop/redemptions/{id}/refund              {"reason"}
POST /api/shop/giving                               {"cause", "points", "reason"}; under an
                                                    `Idempotency-Key`, once

What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from cloud.api.bearer import Bearer, token_of
from cloud.api.shop_answers import (
    Answers,
    Cursor,
    Key,
    Limit,
    RedemptionId,
    page,
)
from cloud.errors import MonthError, ShopError
from cloud.shop.shelves import MOST_POINTS, MOST_STOCK, Offer
from contract.canonical import INT_MAX

if TYPE_CHECKING:
    from cloud.shop.partners import Partner
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff, StaffDesk

Slug = Annotated[str, Field(max_length=64)]
Named = Annotated[str, Field(max_length=200)]
PartnerId = Annotated[str, Path(pattern="^[a-z0-9-]{1,32}$", description="a partner's pseudonym")]


class Shown(BaseModel):
    """A code as it was scanned or typed."""

    code: Annotated[str, Field(max_length=64)]


class Why(BaseModel):
    """The reason for a refund; no names belong there."""

    reason: Annotated[str, Field(max_length=1000)]


class Admitted(BaseModel):
    """A partner that staff admit, or whose token they replace."""

    id: Slug
    zh: Named
    en: Named
    district: Slug


class Put(BaseModel):
    """What a partner offers from now on; `stock_by` is what came or went on the shelf."""

    code: Slug
    zh: Named
    en: Named
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)]
    stock_by: Annotated[int, Field(ge=-MOST_STOCK, le=MOST_STOCK)] = 0
    on_sale: bool = True


class Gift(BaseModel):
    """What guests' points are given to."""

    cause: Slug
    points: Annotated[int, Field(ge=1, le=INT_MAX)]
    reason: Annotated[str, Field(max_length=1000)]


def till_api(shop: Shop) -> APIRouter:
    """The routes of partners' tills."""
    router = APIRouter(prefix="/api/shop/till")
    answers, redeeming = Answers(shop.refused), shop.redeeming

    def who(authorization: str) -> Partner:
        return shop.partners.whose(token_of(authorization))

    @router.get("", response_model=None)
    def self(authorization: Bearer = "") -> Any:
        def told() -> dict[str, Any]:
            partner = who(authorization)
            return asdict(partner) | asdict(shop.till.takings(partner.id))

        return answers.to(told)

    @router.get("/redemptions", response_model=None)
    def statement(before: Cursor = None, limit: Limit = 50, authorization: Bearer = "") -> Any:
        return answers.to(
            lambda: page(
                "redemptions",
                shop.till.statement(who(authorization).id, limit + 1, before),
                limit,
            )
        )

    @router.get("/months/{month}", response_model=None)
    def month_of(month: str, authorization: Bearer = "") -> Any:
        def told() -> list[dict[str, Any]]:
            try:
                return [asdict(one) for one in shop.till.month(who(authorization).id, month)]
            except MonthError as error:
                raise ShopError("no-month", str(error)) from error

        return answers.to(told)

    @router.post("/look", response_model=None)
    def look(shown: Shown, authorization: Bearer = "") -> Any:
        return answers.to(lambda: asdict(redeeming.look(who(authorization).id, shown.code)))

    @router.post("/confirm", response_model=None)
    def confirm(shown: Shown, authorization: Bearer = "") -> Any:
        return answers.to(lambda: asdict(redeeming.confirm(who(authorization).id, shown.code)))

    @router.post("/turn-down", response_model=None)
    def turn_down(shown: Shown, authorization: Bearer = "") -> Any:
        return answers.to(lambda: asdict(redeeming.turn_down(who(authorization).id, shown.code)))

    @router.post("/redemptions/{redemption_id}/refund", response_model=None)
    def refund(redemption_id: RedemptionId, why: Why, authorization: Bearer = "") -> Any:
        return answers.to(
            lambda: asdict(shop.refunds.by_partner(who(authorization), redemption_id, why.reason))
        )

    return router


def shop_staff_api(shop: Shop, desk: StaffDesk) -> APIRouter:
    """The routes of staff who look after the shop."""
    router = APIRouter(prefix="/api/shop")
    answers = Answers(shop.refused)

    def who(authorization: str) -> Staff:
        return desk.whose(token_of(authorization))

    @router.post("/partners", response_model=None, status_code=201)
    def admit(said: Admitted, authorization: Bearer = "") -> Any:
        def admitted() -> dict[str, str]:
            staff = who(authorization)
            token = shop.partners.admit(staff, said.id, said.zh, said.en, said.district)
            return {"id": said.id, "token": token}

        return answers.to(admitted, 201)

    @router.post("/partners/{partner}/end", response_model=None)
    def end(partner: PartnerId, authorization: Bearer = "") -> Any:
        return answers.to(lambda: shop.partners.end(who(authorization), partner))

    @router.post("/partners/{partner}/goods", response_model=None, status_code=201)
    def put(partner: PartnerId, said: Put, authorization: Bearer = "") -> Any:
        offer = Offer(**said.model_dump())
        return answers.to(lambda: asdict(shop.shelves.put(who(authorization), partner, offer)), 201)

    @router.post("/redemptions/{redemption_id}/refund", response_model=None)
    def refund(redemption_id: RedemptionId, why: Why, authorization: Bearer = "") -> Any:
        return answers.to(
            lambda: asdict(shop.refunds.by_staff(who(authorization), redemption_id, why.reason))
        )

    @router.post("/giving", response_model=None, status_code=201)
    def give(said: Gift, key: Key = "", authorization: Bearer = "") -> Any:
        return answers.to(
            lambda: shop.giving.donate(
                who(authorization), said.cause, said.points, said.reason, key
            ),
            201,
        )

    return router
