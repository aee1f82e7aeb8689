"""The platform's JSON API, called without a server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI

from cloud.api.public import api
from cloud.api.refusals import answer_refusals
from cloud.ingest.answers import Ingest
from cloud.ledger.ledger import Ledger


class Client:
    """Calls the API over one ledger; each call gives status and JSON."""

    def __init__(self, ledger: Ledger, ingest: Ingest | None = None) -> None:
        self._app = FastAPI()
        answer_refusals(self._app)
        self._app.include_router(api(ledger, ingest or Ingest(ledger)))

    def get(self, path: str) -> tuple[int, Any]:
        """Read something."""
        return asyncio.run(self._call("GET", path, None))

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """Hand something in."""
        return asyncio.run(self._call("POST", path, body))

    def send(self, path: str, body: bytes) -> int:
        """Hand in bytes that may be no JSON; the status."""
        headers = {"Content-Type": "application/json"}
        return asyncio.run(self._request("POST", path, content=body, headers=headers)).status_code

    async def _call(self, method: str, path: str, body: object) -> tuple[int, Any]:
        answer = await self._request(method, path, json=body)
        return answer.status_code, answer.json()

    async def _request(self, method: str, path: str, **body: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
            return await client.request(method, path, **body)
