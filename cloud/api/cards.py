"""The API of the counter: cards for people without a phone, as the desk's page makes them.

POST /api/cards                        {"account"}: a card for it, or for a new one without any
POST /api/cards/find                   {"asked"}: an account, a card's id or a mobile number
POST /api/cards/numbers                {"account", "number"}: the resident says that it is theirs
POST /api/cards/{card}/replace         it was lost: its account gets another one
POST /api/cards/{card}/block           it was lost, and nobody wants another
POST /api/cards/{card}/pin             another PIN, in place of the one before

Staff in role `desk` show `Authorization: Bearer TOKEN`. What is found is asked for in a body: a
number stands in no address, which logs would keep. A new card is told once, with its PIN and the
picture to print; neither is kept. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from cloud.accounts.square import square
from cloud.api.bearer import Bearer, token_of
from cloud.api.problem import Problem
from cloud.errors import CounterError, SignInError, StaffError
from contract.errors import TokenError
from contract.fields import Account  # FastAPI reads the annotation

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.counter.counter import Counter, NewCard
    from cloud.staff.desk import Staff, StaffDesk

_log = logging.getLogger(__name__)

CardId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="a card's id")]
Typed = Annotated[str, Field(max_length=40)]

ONCE = {"Cache-Control": "no-store"}
"""Nobody keeps a card's text or a PIN on the way."""

STATUS = {
    "no-token": 401,
    "expired": 401,
    "role": 403,
    "unknown-account": 404,
    "unknown-card": 404,
    "unknown-number": 404,
    "not-a-number": 422,
}
"""By code; what is not named is a 409: card, account or number do not stand as they would have to.
"""


class Wanted(BaseModel):
    """Whose card it is to be: a new account's where none is named."""

    account: Account | None = None


class Asked(BaseModel):
    """What a resident says: an account, the id on a card, or a number, however it is typed."""

    asked: Typed


class Theirs(BaseModel):
    """A number that a resident says is theirs; its keyed hash is kept."""

    account: Account
    number: Typed


def cards_api(counter: Counter, desk: StaffDesk) -> APIRouter:
    """The routes over the counter and the desk that knows staff."""
    router = APIRouter(prefix="/api/cards")

    def who(authorization: str) -> Staff:
        return desk.whose(token_of(authorization))

    @router.post("", response_model=None, status_code=201)
    def issue(wanted: Wanted, authorization: Bearer = "") -> Any:
        return _answer(lambda: _made(counter.issue(who(authorization), wanted.account or "")), 201)

    @router.post("/find", response_model=None)
    def find(said: Asked, authorization: Bearer = "") -> Any:
        def found() -> dict[str, Any]:
            staff = who(authorization)
            account = counter.find(staff, said.asked)
            return {
                "account": account,
                "cards": [asdict(one) for one in counter.cards_of(staff, account)],
            }

        return _answer(found)

    @router.post("/numbers", response_model=None)
    def link(said: Theirs, authorization: Bearer = "") -> Any:
        return _answer(lambda: counter.link(who(authorization), said.account, said.number))

    @router.post("/{card}/replace", response_model=None, status_code=201)
    def replace(card: CardId, authorization: Bearer = "") -> Any:
        return _answer(lambda: _made(counter.replace(who(authorization), card)), 201)

    @router.post("/{card}/block", response_model=None)
    def block(card: CardId, authorization: Bearer = "") -> Any:
        return _answer(lambda: counter.block(who(authorization), card))

    @router.post("/{card}/pin", response_model=None)
    def pin(card: CardId, authorization: Bearer = "") -> Any:
        return _answer(lambda: {"card_id": card, "pin": counter.pin(who(authorization), card)})

    return router


def _made(new: NewCard) -> dict[str, Any]:
    """A card to print: `svg` is the code that kiosks read, `text` what stands in it."""
    picture = {"svg": square(new.card.text)}
    return {"account": new.account, "pin": new.pin} | asdict(new.card) | picture


def _answer(work: Callable[[], Any], status: int = 200) -> Any:
    """What came of it; nothing to say is an empty object."""
    try:
        found = work()
    except (CounterError, SignInError, StaffError, TokenError) as error:
        _log.warning("event=refused code=%s", error.code)
        said = error.message if isinstance(error, TokenError) else str(error)
        return Problem(STATUS.get(error.code, 409), error.code, said)
    return JSONResponse({} if found is None else found, status, ONCE)
