"""The API of an account, which answers to its own resident alone.

GET    /api/accounts/{account}              balance, deposits and redemptions
GET    /api/accounts/{account}/code         a fresh code to show
GET    /api/accounts/{account}/held         what is held and what was decided, with reasons
POST   /api/accounts/{account}/appeals      {"kiosk", "epoch", "seq", "sentence"}, once a record
GET    /api/accounts/{account}/sign-ins     where the account is signed in
DELETE /api/accounts/{account}/sign-ins     sign out everywhere; of one: .../sign-ins/{sign_in_id}
GET    /api/accounts/{account}/export       everything that is kept about the account
POST   /api/accounts/{account}/erasure      {"points", "rest", "really": true}: erase the person

Residents show `Authorization: Bearer TOKEN` (`cloud.api.sign_in`); without one it is 401, with
another account's 403. What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from cloud.api.bearer import Account, Bearer, residents_own, token_of
from cloud.api.held import Appeal, answer, shown
from cloud.api.problem import Problem
from cloud.residents.sign_ins import SignIn  # FastAPI reads the annotation
from contract.canonical import INT_MAX
from contract.errors import ContractError

if TYPE_CHECKING:
    from cloud.accounts.codes import CodeIssuer
    from cloud.ledger.ledger import Ledger
    from cloud.residents.front import Residents

SignInId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="a sign-in's id")]


class Erase(BaseModel):
    """The second yes: what they were told that they have, and what becomes of it."""

    points: Annotated[int, Field(ge=-INT_MAX, le=INT_MAX)]
    rest: Literal["donated", "forfeited"]
    really: Literal[True]


def accounts_api(ledger: Ledger, issuer: CodeIssuer, residents: Residents) -> APIRouter:
    """The routes over one account; one that is no 16 hex digits is a 422."""
    sign_ins, decisions = residents.sign_ins, ledger.decisions
    mine = Depends(residents_own(sign_ins.check))
    router = APIRouter(prefix="/api/accounts/{account}", dependencies=[mine])

    @router.get("")
    def account_of(account: Account) -> dict[str, Any]:
        deposits = [asdict(receipt) for receipt in ledger.statement(account)]
        redemptions = [asdict(one) for one in ledger.redeemed(account)]
        lists = {"deposits": deposits, "redemptions": redemptions}
        return {"account": account} | asdict(ledger.balance(account)) | lists

    @router.get("/code", response_model=None)
    def code_of(account: Account) -> dict[str, Any] | Problem:
        try:
            return asdict(issuer.issue(account))
        except ContractError as error:
            return Problem(403, error.code, error.message)

    @router.get("/held")
    def held_of(account: Account) -> list[dict[str, Any]]:
        return [shown(one) for one in decisions.of_account(account)]

    @router.post("/appeals", response_model=None)
    def appeal(account: Account, said: Appeal) -> Any:
        return answer(lambda: decisions.appeal(account, said.place, said.sentence))

    @router.get("/sign-ins")
    def sign_ins_of(account: Account, here: SignIn = mine) -> list[dict[str, Any]]:
        return [asdict(one) | {"this": one == here} for one in sign_ins.of_account(account)]

    @router.delete("/sign-ins")
    def sign_out_everywhere(account: Account) -> dict[str, Any]:
        sign_ins.end_all(account)
        return {}

    @router.delete("/sign-ins/{sign_in_id}")
    def sign_out_one(account: Account, sign_in_id: SignInId) -> dict[str, Any]:
        sign_ins.end(account, sign_in_id)
        return {}

    @router.get("/export")
    def export(account: Account) -> dict[str, Any]:
        return residents.privacy.export(account)

    @router.post("/erasure")
    def erase(account: Account, said: Erase, authorization: Bearer = "") -> dict[str, Any]:
        sign_ins.check_fresh(token_of(authorization), account)
        residents.erasure.erase(account, said.rest, said.points)
        return {}

    return router
