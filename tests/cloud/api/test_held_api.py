"""What is held over the API: tokens, the whole way of one load, and absurd requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from cloud.accounts.codes import CityKeys, CodeIssuer
from cloud.api.accounts import accounts_api
from cloud.api.audit import audit_api
from cloud.api.held import held_api
from cloud.api.refusals import LONGEST, answer_refusals
from cloud.errors import StaffError
from cloud.ledger.held.decisions import Decisions
from cloud.residents.front import open_residents
from cloud.staff.auditing import AuditLog
from cloud.staff.desk import TTL_S, Staff, StaffDesk
from cloud.store.schema import CREATE_POSTINGS
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.hearing import GRAMS, PIECE, WHY, points
from tests.cloud.web import Client
from tests.contract.samples import ALICE, EPOCH, SampleKiosk, signer


class Counter:
    """The platform's API, and the desk that lets staff in."""

    def __init__(self, office: Office, decisions: Decisions) -> None:
        tokens = iter(("token-1", "token-2", "token-3"))
        self.desk = StaffDesk(office.database, lambda: office.now_s, lambda: next(tokens))
        app = FastAPI()
        answer_refusals(app)
        app.include_router(held_api(decisions, self.desk))
        app.include_router(audit_api(AuditLog(office.database), self.desk))
        keys = CityKeys(signer("city"))
        self.residents = open_residents(
            office.database, {}, keys, lambda: office.now_s, bytes(32), demo_accounts=(ALICE,)
        )
        issuer = CodeIssuer(keys, lambda: office.now_s, lambda: bytes(8))
        app.include_router(accounts_api(office.ledger, issuer, self.residents))
        self._app = app

    def alice(self) -> str:
        """Alice's token."""
        return self.residents.enter_demo("127.0.0.1", "phone").token

    def send(
        self, method: str, path: str, body: Any = None, token: str = "", shown: str = ""
    ) -> tuple[int, Any]:
        """Ask; the status and what was said. A `body` of bytes goes as it is,
        and what is `shown` instead of a bearer's token."""
        shown = f"Bearer {token}" if token else shown
        headers = {"Authorization": shown} if shown else {}
        headers |= {"Content-Type": "application/json"}
        given = {"content" if isinstance(body, bytes | AsyncIterator) else "json": body}
        return asyncio.run(self._send(method, f"/api{path}", given, headers))

    async def _send(
        self, method: str, path: str, given: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, Any]:
        carried = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            answer = await client.request(method, path, headers=headers, **given)
            return answer.status_code, answer.json()


def test_the_whole_way_over_the_api(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Held, appealed, decided, credited; the log has every step, and HTML is only letters."""
    counter = Counter(office, decisions)
    token = counter.desk.admit("wang", "decide", "xihu")
    office.post(kiosk.uncertain())
    where = {"kiosk": KIOSKS[0], "epoch": EPOCH, "seq": 1}
    said = "<b>It fell'; DROP TABLE records</b>"
    appeal, alice = f"/accounts/{ALICE}/appeals", counter.alice()
    assert counter.send("POST", appeal, where | {"sentence": said})[0] == 401
    assert counter.send("POST", appeal, where | {"sentence": said}, alice) == (200, {})
    assert counter.send("POST", appeal, where | {"sentence": said}, alice)[0] == 409
    decide = where | {"outcome": "released", "reason": WHY}
    assert counter.send("POST", "/held/decisions", decide)[1]["code"] == "no-token"
    assert counter.send("POST", "/held/decisions", decide, "forged")[0] == 401
    status, (case,) = counter.send("GET", "/held/records", token=token)
    assert (status, case["appeal"], case["code"]) == (200, said, "uncertain")
    assert counter.send("POST", "/held/decisions", decide, token) == (200, {})
    assert points(office) == (PIECE, GRAMS, 0)
    status, (mine,) = counter.send("GET", f"/accounts/{ALICE}/held", token=alice)
    assert (mine["status"], mine["reason"], mine["may_appeal"]) == ("credited", WHY, False)
    status, log = counter.send("GET", "/audit", token=token)
    assert [(one["actor"], one["action"], one["seq"]) for one in log] == [
        ("staff:wang", "released", 1),
        (f"resident:{ALICE}", "appealed", 1),
        ("operator", "staff-admitted", None),
    ]
    bad = decide | {"seq": 2**70}
    assert counter.send("POST", "/held/decisions", bad, token)[0] == 422


ABSURD = [
    b"",
    b"null",
    b"[]",
    b"\xff\xfe",
    b"[" * 100_000,
    b"1" * 5000,
    b'{"seq":NaN}',
    b'{"seq":1e400}',
    b'{"sentence":"\\ud800","reason":"\\ud800"}',
    b'{"sentence":"' + b"x" * 1_000_000 + b'"}',
]


@pytest.mark.parametrize("body", ABSURD)
def test_an_absurd_request_is_refused_and_not_repeated(
    office: Office, decisions: Decisions, body: bytes
) -> None:
    """Whatever JSON can be made to say: a 4xx in few words, and none of them the sender's."""
    counter = Counter(office, decisions)
    token = counter.desk.admit("wang", "decide", "*")
    appeals = f"/accounts/{ALICE}/appeals"
    for path, who in ((appeals, counter.alice()), ("/held/decisions", token)):
        status, said = counter.send("POST", path, body, who)
        assert status in (400, 413, 422)
        assert len(str(said)) < 400
    # Whoever is not signed in hears no more of it than that.
    assert counter.send("POST", appeals, body, token)[0] in (401, 413, 422)
    assert Client(office.ledger).send("/api/claims", body) in (400, 413, 422)


def test_a_token_is_one_of_a_bearer(
    office: Office, decisions: Decisions, caplog: pytest.LogCaptureFixture
) -> None:
    """However that is spelled, and nothing else; what was shown instead stands in no log."""
    counter = Counter(office, decisions)
    token = counter.desk.admit("wang", "read", "*")
    assert counter.send("GET", "/held/records", shown=f"bearer  {token}") == (200, [])
    for shown in (token, f"Basic {token}", "Bearer", "Bearer secret-of-mine", ""):
        status, said = counter.send("GET", "/held/records", shown=shown)
        assert (status, said["code"]) == (401, "no-token")
    assert caplog.text.count("event=refused code=no-token") == 5
    assert token not in caplog.text and "secret-of-mine" not in caplog.text


def test_while_the_ledger_fails_every_call_says_so(office: Office) -> None:
    """A 503 that names no statement and no account, and nothing that looks like a crash."""
    client, counter = Client(office.ledger), Counter(office, office.ledger.decisions)
    alice = counter.alice()
    with office.database.begin() as connection:
        connection.execute(text("DROP VIEW postings"))
        connection.execute(text("ALTER TABLE transfers RENAME TO lost"))
    for status, said in (
        client.get("/api/ledger"),
        counter.send("GET", f"/accounts/{ALICE}", token=alice),
    ):
        assert (status, said["code"]) == (503, "ledger-failed")
        assert ALICE not in said["detail"] and "SELECT" not in said["detail"]
    with office.database.begin() as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO transfers"))
        connection.execute(CREATE_POSTINGS)
    assert client.get("/api/ledger")[0] == 200


def test_a_body_without_end_is_not_kept(office: Office, decisions: Decisions) -> None:
    """It comes in pieces and says no length; the platform stops listening at the limit."""
    counter, heard = Counter(office, decisions), []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            heard.append(1024)
            yield bytes(1024)

    status, said = counter.send("POST", "/held/decisions", endless())
    assert (status, said["code"]) == (413, "too-long")
    assert sum(heard) == LONGEST + 1024


def test_a_token_ends_and_is_replaced(office: Office, decisions: Decisions) -> None:
    """Only its hash is kept; the newest one of a member of staff counts."""
    desk = Counter(office, decisions).desk
    old, new = (desk.admit("wang", "decide", "*") for _ in range(2))
    assert desk.whose(new) == Staff("wang", "decide", "*")
    assert office.rows("SELECT id FROM staff WHERE token_sha256 LIKE '%token%'") == []
    with pytest.raises(StaffError, match="nobody's"):
        desk.whose(old)
    office.now_s += TTL_S
    with pytest.raises(StaffError, match="has ended"):
        desk.whose(new)
    for name, role, district in (
        ("Wang!", "decide", "*"),
        ("wang", "rule", "*"),
        ("w", "read", ""),
    ):
        with pytest.raises(StaffError):
            desk.admit(name, role, district)
