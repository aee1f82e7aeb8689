"""The audit log is searched: by who, by what it was done to, and by day, over both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.audit import audit_api
from cloud.api.refusals import answer_refusals
from cloud.errors import StaffError
from cloud.ledger.held.decisions import Decisions
from cloud.staff.acts import note_by
from cloud.staff.audit import note
from cloud.staff.auditing import AuditLog
from cloud.staff.desk import Staff, StaffDesk
from cloud.store.database import writing
from cloud.store.migrate import HEAD, downgrade, upgrade
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.hearing import REFEREE, WHY, at
from tests.contract.samples import ALICE, SampleKiosk

NOW = 1_795_500_000
"""The 24th of November 2026 in China, 14:00."""

DAY_S = 86_400

WANG = Staff("wang", "fleet", "xihu")
MEI = Staff("mei", "desk", "yuhang")
CITY = Staff("chen", "read", "*")

CARD = "ca4d000000000001"


def noted(office: Office) -> AuditLog:
    """A log with acts of two districts, on two days."""
    with writing(office.database) as connection:
        note(connection, NOW, "wang", "commanded", "xihu", detail=f"{KIOSKS[0]} restart 00ff")
        note_by(connection, NOW, MEI, "card-issued", "yuhang", detail=f"{ALICE} {CARD}")
        note_by(connection, NOW + DAY_S, MEI, "card-blocked", "yuhang", detail=f"{ALICE} {CARD}")
        said = f"redemption 7 at market-1, 20 points: {KIOSKS[0]} was rude"
        note_by(connection, NOW + DAY_S, WANG, "refunded", "xihu", detail=said)
        note_by(connection, NOW + DAY_S, WANG, "prices-rejected", "*", detail="2026-12-a no soap")
    return AuditLog(office.database)


def acts(log: AuditLog, staff: Staff = CITY, **asked: Any) -> list[str]:
    """What was found, newest first."""
    return [one.action for one in log.lines(staff, **asked)]


def test_a_line_is_found_by_who_what_and_when(office: Office) -> None:
    """Each that is asked for must fit; what stands in somebody's sentence is no name."""
    log = noted(office)
    assert acts(log, actor="mei") == ["card-blocked", "card-issued"]
    assert acts(log, actor=" Staff:wang ") == ["prices-rejected", "refunded", "commanded"]
    assert acts(log, about=CARD) == acts(log, about=ALICE) == ["card-blocked", "card-issued"]
    assert acts(log, about=KIOSKS[0].upper()) == ["commanded"]
    assert acts(log, about="market-1") == ["refunded"]
    assert acts(log, about="2026-12-a") == ["prices-rejected"]
    assert acts(log, about="soap") == acts(log, about="rude") == acts(log, about="7") == []
    assert acts(log, day="2026-11-24") == ["card-issued", "commanded"]
    assert acts(log, actor="mei", about=CARD, day="2026-11-25") == ["card-blocked"]
    assert acts(log, actor="mei", about=KIOSKS[0]) == []


def test_a_district_sees_its_own_and_who_may_not_sees_nothing(office: Office) -> None:
    """Whatever they look for; the city's own acts are the city's."""
    log = noted(office)
    assert acts(log, WANG) == ["refunded", "commanded"]
    assert acts(log, WANG, about=CARD) == acts(log, WANG, actor="mei") == []
    with pytest.raises(StaffError) as refused:
        log.lines(MEI)
    assert refused.value.code == "role"


def test_pages_follow_on_each_other(office: Office) -> None:
    """Every line once, newest first, though more are noted meanwhile."""
    log = noted(office)
    found, before = [], None
    while page := log.lines(CITY, 2, before=before):
        with writing(office.database) as connection:
            note(connection, NOW, "operator", "staff-admitted", "*", detail="li")
        found += page
        before = page[-1].id
    assert [one.id for one in found] == [5, 4, 3, 2, 1]


def test_a_decision_is_found_by_kiosk_and_account(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Which stand in its record; the reason may say what it likes."""
    office.post(kiosk.uncertain())
    decisions.decide(REFEREE, at(1), "released", WHY)
    log = AuditLog(office.database)
    assert acts(log, about=KIOSKS[0]) == acts(log, about=ALICE) == ["released"]


def test_what_was_noted_before_is_found_as_well(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """A ledger of before that is brought up to date finds what one of today would."""
    log = noted(office)
    office.post(kiosk.uncertain())
    decisions.decide(REFEREE, at(1), "released", WHY)
    told = "SELECT name, audit_id FROM audit_about ORDER BY name, audit_id"
    before = office.rows(told)
    with office.database.begin() as connection:
        downgrade(connection, "0011")
        upgrade(connection, HEAD)
    assert office.rows(told) == before
    assert acts(log, about=CARD) == ["card-blocked", "card-issued"]


def test_an_id_of_figures_alone_is_an_id(office: Office) -> None:
    """One account or card in 1,843 is such: 16 hex digits without a letter. Points are none."""
    account, card = "1234567890123456", "0000000000000042"
    with writing(office.database) as connection:
        note_by(connection, NOW, MEI, "card-issued", "yuhang", detail=f"{account} {card}")
        note_by(connection, NOW, WANG, "donated", "*", detail="20 points to trees: thanks")
    log = AuditLog(office.database)
    assert acts(log, about=account) == acts(log, about=card) == ["card-issued"]
    assert acts(log, about="20") == []
    with office.database.begin() as connection:
        downgrade(connection, "0011")
        upgrade(connection, HEAD)
    assert acts(log, about=card) == ["card-issued"]


def test_who_is_no_staff_is_found_as_the_log_says_it(office: Office) -> None:
    """The operator, the platform itself, a partner; a person who is gone by their account."""
    gone = f"resident:{ALICE}"
    with writing(office.database) as connection:
        note(connection, NOW, "operator", "staff-admitted", "*", detail="li")
        note(connection, NOW, "platform", "rest-settled", "", detail="8 points: donated, later")
        note(connection, NOW, "partner:market-1", "confirmed", "xihu", detail="redemption 7")
        note(connection, NOW, gone, "erased", "", detail="donated 8")
    log = AuditLog(office.database)
    assert acts(log, actor="operator") == ["staff-admitted"]
    assert acts(log, actor="Platform") == ["rest-settled"]
    assert acts(log, actor="partner:market-1") == ["confirmed"]
    assert acts(log, actor=gone) == acts(log, about=ALICE) == ["erased"]
    with office.database.begin() as connection:
        downgrade(connection, "0011")
        upgrade(connection, HEAD)
    assert acts(log, about=ALICE) == ["erased"]


def test_who_reserved_something_is_told_no_staff(office: Office) -> None:
    """Neither by reading the log nor by looking for an account: the shop's own pages hide it."""
    gone = f"resident:{ALICE}"
    with writing(office.database) as connection:
        for action in ("reserved", "cancelled"):
            note(connection, NOW, gone, action, "xihu", detail="redemption 7 at market-1")
        note(connection, NOW, "partner:market-1", "cancelled", "xihu", detail="redemption 8")
        note(connection, NOW, gone, "erased", "", detail="donated 8")
    log = AuditLog(office.database)
    assert acts(log, actor=gone) == acts(log, actor=gone, day="2026-11-24") == ["erased"]
    assert acts(log, about=ALICE) == ["erased"]
    told = [one.actor for one in log.lines(CITY)]
    assert told == [gone, "partner:market-1", "resident", "resident"]
    assert ALICE not in str(log.lines(WANG))
    kept = office.rows("SELECT actor FROM audit WHERE action = 'reserved'")
    assert kept == [(gone,)], "the log itself knows"


@pytest.mark.parametrize("absurd", ["\0", "\ud800", "'; DROP TABLE audit --", "<b>", "%", "x" * 99])
def test_what_nothing_can_be_called_finds_nothing(file_office: Office, absurd: str) -> None:
    """It reaches no database."""
    log = noted(file_office)
    assert acts(log, actor=absurd) == acts(log, about=absurd) == []
    with pytest.raises(StaffError) as refused:
        log.lines(CITY, day=absurd)
    assert refused.value.code == "no-day"


def test_the_api_looks_up_the_same(file_office: Office) -> None:
    """With a token whose role sees the log; refused with a code otherwise."""
    log = noted(file_office)
    tokens = iter(("reader", "clerk"))
    desk = StaffDesk(file_office.database, lambda: NOW, lambda: next(tokens))
    desk.admit("li", "read", "yuhang")
    desk.admit("mei", "desk", "yuhang")
    app = FastAPI()
    answer_refusals(app)
    app.include_router(audit_api(log, desk))

    async def ask(asked: str, token: str) -> tuple[int, Any]:
        carried = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            shown = {"Authorization": f"Bearer {token}"}
            answer = await client.get(f"/api/audit?{asked}", headers=shown)
            return answer.status_code, answer.json()

    def got(asked: str, token: str = "reader") -> tuple[int, Any]:
        return asyncio.run(ask(asked, token))

    status, found = got(f"about={CARD}&day=2026-11-25")
    assert (status, [one["action"] for one in found]) == (200, ["card-blocked"])
    assert [one["id"] for one in got(f"about={CARD}&before={found[0]['id']}")[1]] == [2]
    for asked, status, code in (
        ("day=2026-02-30", 422, "no-day"),
        ("day=2026-02-30-31", 422, "request"),
        (f"actor={'x' * 65}", 422, "request"),
        ("before=0", 422, "request"),
    ):
        refused = got(asked)
        assert (refused[0], refused[1]["code"]) == (status, code)
    assert got("", "clerk")[1]["code"] == "role"
    assert got("", "nobody")[1]["code"] == "no-token"
