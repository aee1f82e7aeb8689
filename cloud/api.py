"""The platform's JSON API.

GET /api/accounts/{account}         balance and deposits
GET /api/accounts/{account}/code    a fresh code to show
GET /api/ledger                     sums over the whole ledger
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path

if TYPE_CHECKING:
    from cloud.accounts import CodeIssuer
    from cloud.ledger import Ledger

Account = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="16 hex digits")]


def api(ledger: Ledger, issuer: CodeIssuer) -> APIRouter:
    """The routes over a ledger and an issuer; an account that is no 16 hex digits is a 422."""
    router = APIRouter(prefix="/api")

    @router.get("/accounts/{account}")
    def account_of(account: Account) -> dict[str, Any]:
        deposits = [asdict(receipt) for receipt in ledger.statement(account)]
        return {"account": account} | asdict(ledger.balance(account)) | {"deposits": deposits}

    @router.get("/accounts/{account}/code")
    def code_of(account: Account) -> dict[str, Any]:
        return asdict(issuer.issue(account))

    @router.get("/ledger")
    def totals() -> dict[str, Any]:
        return asdict(ledger.totals())

    return router
