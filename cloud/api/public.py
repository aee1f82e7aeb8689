"""The platform's JSON API, of what everybody may know.

GET /api/ledger                     sums over the whole ledger
GET /api/kiosks                     what each kiosk last said of itself since the start
GET /api/kiosks/{kiosk}/heads       how far it was posted, each epoch, as the ledger signs it
GET /api/kiosks/{kiosk}/months/{month}  what it took, by item, as in months/2026-11
GET /api/mixes                      what a kg of each kiosk's deposits avoided, and any alarm
GET /api/refused                    messages that were refused since the start, by code
GET /api/rejected                   lines that never will post, by code
GET /api/held                       records that wait for staff or for knowledge, by code
GET /api/flags?limit=N              what somebody should look at, newest first
POST /api/claims {"receipt": [...]} a receipt's codes, or its line: posted once

What is refused is a problem (`cloud.api.problem`).
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from cloud.api.problem import Problem
from cloud.api.seldom import Seldom
from cloud.errors import MonthError, UnknownKioskError
from cloud.ledger.claims import ClaimError, line_of
from contract.errors import ContractError, KeyFileError
from contract.receipt import MAX_PARTS, MAX_TEXT

if TYPE_CHECKING:
    from cloud.ingest.answers import Ingest
    from cloud.ledger.ledger import Ledger
    from contract.payloads import BinLevels

_log = logging.getLogger(__name__)

Kiosk = Annotated[str, Path(pattern="^[a-z0-9-]{1,32}$", description="a kiosk's id")]

NO_PROOF = frozenset({"bad-signature", "unknown-key"})
"""Codes of receipts that nobody proves."""


PRIVATE = frozenset({"account", "deposit_id"})
"""What of a flag is not everybody's to know."""


class ClaimRequest(BaseModel):
    """The codes of one receipt as they were scanned, in any order, or the record's line."""

    receipt: Annotated[
        list[Annotated[str, Field(max_length=MAX_TEXT)]],
        Field(min_length=1, max_length=MAX_PARTS),
    ]


def api(ledger: Ledger, ingest: Ingest) -> APIRouter:
    """The routes over the platform's parts."""
    router = APIRouter(prefix="/api")
    sums = Seldom(ledger.totals)

    @router.get("/ledger")
    def totals() -> dict[str, Any]:
        return asdict(sums())

    @router.get("/refused")
    def refused_messages() -> dict[str, int]:
        return dict(ingest.refused)

    @router.get("/rejected")
    def rejected_lines() -> dict[str, int]:
        return ledger.rejected()

    @router.get("/held")
    def held_records() -> dict[str, int]:
        return ledger.held()

    @router.get("/kiosks")
    def kiosks() -> list[dict[str, Any]]:
        return [
            state.model_dump()
            | {"bins": _bins(ingest.levels.get(kiosk)), "epoch_again": ingest.again[kiosk]}
            for kiosk, state in sorted(ingest.states.items())
        ]

    @router.get("/mixes")
    def mixes() -> list[dict[str, Any]]:
        return [
            {"kiosk": kiosk} | asdict(one) | {"g_per_kg": one.g_per_kg, "alarm": one.alarm}
            for kiosk, one in sorted(ingest.mix.mixes.items())
        ]

    @router.get("/kiosks/{kiosk}/heads", response_model=None)
    def heads_of(kiosk: str) -> list[Any] | Problem:
        try:
            return [json.loads(line) for line in ledger.heads(kiosk)]
        except UnknownKioskError as error:
            return Problem(404, "unknown-kiosk", str(error))
        except KeyFileError as error:
            return _damaged(error)

    @router.get("/kiosks/{kiosk}/months/{month}", response_model=None)
    def month_of(kiosk: Kiosk, month: str) -> list[dict[str, Any]] | Problem:
        try:
            return [asdict(one) for one in ledger.month(kiosk, month)]
        except MonthError as error:
            return Problem(422, "no-month", str(error))

    @router.get("/flags")
    def flags(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[dict[str, Any]]:
        found = [asdict(one) for one in ledger.flagged(limit)]
        return [{name: row[name] for name in row if name not in PRIVATE} for row in found]

    @router.post("/claims", response_model=None)
    def claim(request: ClaimRequest) -> dict[str, Any] | Problem:
        try:
            return asdict(ledger.claim(line_of(request.receipt)))
        except ClaimError as error:
            return Problem(409, error.code, str(error))
        except UnknownKioskError as error:
            return Problem(404, "unknown-kiosk", str(error))
        except KeyFileError as error:
            return _damaged(error)
        except ContractError as error:
            return Problem(403 if error.code in NO_PROOF else 422, error.code, error.message)

    return router


def _damaged(error: KeyFileError) -> Problem:
    """A kiosk's key is damaged here; where it lies is nobody's business."""
    _log.error("event=key-not-read code=%s: %s", error.code, error)
    return Problem(503, error.code, "this kiosk's key cannot be read just now: tell the operator")


def _bins(levels: BinLevels | None) -> list[dict[str, Any]]:
    return [] if levels is None else [one.model_dump() for one in levels.bins]
