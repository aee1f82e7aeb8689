"""The API's way in for residents.

POST /api/sign-in/number {"number"}             a code goes there: {"challenge", "expires_at"}
POST /api/sign-in/code {"challenge", "code"}    {"token", "account", "expires_at"}
POST /api/sign-in/card {"card", "pin"}          the same, by a card's text
POST /api/sign-in/demo {"account"}              the same, of a demo's account, on its machine
POST /api/sign-out                              ends the sign-in of the token that is shown
GET  /api/sign-in/refused                       codes not sent since the start, by why not

Every number is answered in the same way, whether it has an account or not. Afterwards a resident
shows `Authorization: Bearer TOKEN`. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from cloud.api.bearer import Bearer, token_of
from cloud.residents.asking import address_of, device_of

if TYPE_CHECKING:
    from cloud.residents.front import Residents
    from cloud.residents.sign_ins import SignedIn


class NumberAsked(BaseModel):
    """A mobile number of mainland China, however it is typed."""

    number: Annotated[str, Field(max_length=40)]


class CodeTold(BaseModel):
    """The code that came, and which asking it answers."""

    challenge: Annotated[str, Field(max_length=64)]
    code: Annotated[str, Field(max_length=12)]


class CardShown(BaseModel):
    """A card's text, as it was scanned or typed, and its PIN."""

    card: Annotated[str, Field(max_length=600)]
    pin: Annotated[str, Field(max_length=12)]


class DemoAsked(BaseModel):
    """Which of the demo's accounts; its first where none is named."""

    account: Annotated[str, Field(pattern="^([0-9a-f]{16})?$")] = ""


def sign_in_api(residents: Residents) -> APIRouter:
    """The routes over the residents' side of the platform."""
    router = APIRouter(prefix="/api")

    @router.post("/sign-in/number")
    def ask(asked: NumberAsked, request: Request) -> dict[str, Any]:
        made = residents.by_number().ask(asked.number, address_of(request))
        return {"challenge": made.challenge, "expires_at": made.expires_at}

    @router.get("/sign-in/refused")
    def refused() -> dict[str, int]:
        return residents.refused()

    @router.post("/sign-in/code")
    def enter_code(told: CodeTold, request: Request) -> dict[str, Any]:
        numbers = residents.by_number()
        return _shown(numbers.enter(told.challenge, told.code.strip(), device_of(request)))

    @router.post("/sign-in/card")
    def enter_card(shown: CardShown, request: Request) -> dict[str, Any]:
        pin, address = shown.pin.strip(), address_of(request)
        return _shown(residents.cards.enter(shown.card, pin, address, device_of(request)))

    @router.post("/sign-in/demo")
    def enter_demo(asked: DemoAsked, request: Request) -> dict[str, Any]:
        address, device = address_of(request), device_of(request)
        return _shown(residents.enter_demo(address, device, asked.account))

    @router.post("/sign-out")
    def sign_out(authorization: Bearer = "") -> dict[str, Any]:
        mine = residents.sign_ins.whose(token_of(authorization))
        residents.sign_ins.end(mine.account, mine.sign_in_id)
        return {}

    return router


def _shown(made: SignedIn) -> dict[str, Any]:
    begun = made.sign_in
    return {"token": made.token, "account": begun.account, "expires_at": begun.expires_at}
