"""The forms of signing in and out while the database fails; without a browser."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from cloud.screens.staff.frame import COOKIE
from cloud.screens.staff.sign_in import sign_in_routes
from cloud.staff.desk import StaffDesk
from cloud.staff.sessions import staff_sessions
from tests.cloud.conftest import Office

NOW = 1_795_500_000


def test_whoever_cannot_be_signed_out_keeps_the_cookie_and_is_told(file_office: Office) -> None:
    """Else they would believe that nobody can use this browser any more; nobody gets in either."""
    database = file_office.database
    desk = StaffDesk(database, lambda: NOW, lambda: "token")
    sessions = staff_sessions(database, desk, lambda: NOW, lambda: secrets.token_hex(8))
    app = FastAPI()
    app.include_router(sign_in_routes(sessions))
    desk.admit("wang", "read", "*")
    mine = {"cookie": f"{COOKIE}={sessions.sign_in('token')}"}

    def post(path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            carried = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
                return await client.post(path, data={"token": "token"}, headers=mine)

        # A browser that is driven from this thread has an event loop here.
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(lambda: asyncio.run(ask())).result()

    with database.begin() as connection:
        connection.execute(text("ALTER TABLE web_sessions RENAME TO away"))
    for path in ("/staff/sign-out", "/staff/sign-in"):
        answer = post(path)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/staff?lang=zh&refused=failed",
        )
        assert "set-cookie" not in answer.headers
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO web_sessions"))
    assert "Max-Age=0" in post("/staff/sign-out").headers["set-cookie"]
