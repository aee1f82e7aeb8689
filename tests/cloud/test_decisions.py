"""What is held: why, what its resident says about it, and what staff make of it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cloud.decisions import Decisions, Place
from cloud.errors import DecisionError, LedgerError, StaffError
from cloud.held_api import held_api
from cloud.staff import TTL_S, Staff, StaffDesk
from contract.catalogue import example
from contract.districts import District
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk

REFEREE = Staff("wang", "decide", "xihu")
WHY = "The camera saw it fall."
PIECE, GRAMS = 4, 28


@pytest.fixture
def decisions(office: Office) -> Decisions:
    """Over a ledger whose first kiosk is in Xihu, the second in Yuhang."""
    districts = tuple(
        District(district=name, kiosks=(kiosk,))
        for name, kiosk in zip(("xihu", "yuhang"), KIOSKS, strict=True)
    )
    office.catalogues["2026-11-a"] = example().model_copy(update={"districts": districts})
    return Decisions(office.database, office.catalogues, office.keys, lambda: office.now_s)


def at(seq: int, epoch: str = EPOCH, kiosk: str = KIOSKS[0]) -> Place:
    """A record of the first kiosk."""
    return Place(kiosk, epoch, seq)


def points(office: Office) -> tuple[int, int, int]:
    """What Alice has, and how much of hers is held."""
    balance = office.ledger.balance(ALICE)
    return balance.points, balance.carbon_g, balance.held


def test_a_held_load_is_released_and_credited_once(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """By its price like any other; whatever the kiosk tells of it afterwards changes nothing."""
    office.post(kiosk.uncertain())
    (case,) = decisions.of_account(ALICE)
    assert (case.status, case.code, case.may_appeal) == ("held", "uncertain", True)
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (PIECE, GRAMS, 0)
    assert [one.deposit_id for one in office.ledger.statement(ALICE)] == ["s1-1"]
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    office.post(SampleKiosk(KIOSKS[0], epoch="5be1000000000003").uncertain(), epoch="f" * 16)
    assert points(office) == (PIECE, GRAMS, 0)
    (case,) = decisions.of_account(ALICE)
    assert (case.status, case.reason, case.may_appeal) == ("credited", WHY, False)


def test_a_refused_load_stays_refused_until_its_appeal_is_heard(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """The resident reads why, says one sentence, once, and staff decide anew."""
    office.post(kiosk.uncertain())
    decisions.decide(REFEREE, at(1), "refused", "The bin was empty.")
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    assert points(office) == (0, 0, 0)
    assert decisions.held(REFEREE) == []
    office.now_s += 60
    decisions.appeal(ALICE, at(1), "I heard it fall.")
    (case,) = decisions.held(REFEREE)
    assert (case.status, case.appeal, case.reason) == (
        "refused",
        "I heard it fall.",
        "The bin was empty.",
    )
    with pytest.raises(DecisionError, match="made already"):
        decisions.appeal(ALICE, at(1), "And another thing.")
    office.now_s += 60
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert (points(office), decisions.held(REFEREE)) == ((PIECE, GRAMS, 0), [])


def test_a_credited_load_is_entered_back_and_again(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Nothing is taken out of the books, its correction neither; both entries say why."""
    office.post(kiosk.deposit(points=9), kiosk.deposit(deposit_id="s1-other"))
    decisions.decide(REFEREE, at(2), "refused", "It was a stone.")
    assert points(office) == (PIECE, GRAMS, 0)
    reasons = [row[0] for row in office.rows("SELECT reason FROM entries ORDER BY id")]
    assert reasons[-1] == "reversed: It was a stone."
    assert {one.deposit_id: one.refused for one in office.ledger.statement(ALICE)} == {
        "s1-1": "It was a stone.",
        "s1-other": "",
    }
    decisions.decide(REFEREE, at(2), "released", WHY)
    assert points(office) == (2 * PIECE, 2 * GRAMS, 0)
    decisions.decide(REFEREE, at(2), "refused", "It was a stone after all.")
    assert points(office) == (PIECE, GRAMS, 0)


def test_another_load_under_a_credited_name_can_be_released(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Both are real; and the second, told again in a third epoch, waits for nobody."""
    office.post(kiosk.deposit())
    for number in (2, 3, 4):
        twin = SampleKiosk(KIOSKS[0], epoch=f"5be100000000000{number}")
        office.post(twin.deposit(mass_g=800, points=52), epoch=twin.epoch)
        if number == 3:
            assert points(office)[2] == 2
            decisions.decide(REFEREE, at(2, "5be1000000000002"), "released", WHY)
    assert points(office) == (PIECE + 52, GRAMS + 920, 0)


@pytest.mark.parametrize(
    ("staff", "place", "code"),
    [
        (Staff("li", "decide", "yuhang"), at(1), "other-district"),
        (Staff("li", "read", "xihu"), at(1), "role"),
        (REFEREE, at(99), "unknown-record"),
        (REFEREE, at(2), "cannot-credit"),
        (REFEREE, at(3), "not-held"),
        (REFEREE, at(5), "already"),
    ],
)
def test_a_decision_that_cannot_be_is_named(
    office: Office,
    kiosk: SampleKiosk,
    decisions: Decisions,
    staff: Staff,
    place: Place,
    code: str,
) -> None:
    """And nothing changes by it, in the books or in the log."""
    office.post(kiosk.uncertain(), kiosk.uncertain(jti="\0"), kiosk.void(), kiosk.deposit())
    before = points(office)
    with pytest.raises(DecisionError) as refusal:
        decisions.decide(staff, place, "released", WHY)
    assert (refusal.value.code, points(office)) == (code, before)
    assert office.rows("SELECT id FROM audit") == []


@pytest.mark.parametrize("sentence", ["", " ", "x" * 301, "two\nlines", "nul\0"])
def test_an_appeal_is_one_sentence(
    office: Office, kiosk: SampleKiosk, decisions: Decisions, sentence: str
) -> None:
    """Of the owner, about what is not credited."""
    office.post(kiosk.uncertain(), kiosk.deposit())
    for account, place, said, code in (
        (ALICE, at(1), sentence, "text"),
        (BOB, at(1), "It is mine.", "not-yours"),
        (ALICE, at(3), "More!", "not-held"),
    ):
        with pytest.raises(DecisionError) as refusal:
            decisions.appeal(account, place, said)
        assert refusal.value.code == code


def test_a_database_that_fails_decides_nothing(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """No credit without its line in the log."""
    office.post(kiosk.uncertain())
    with office.full_disk("audit"), pytest.raises(LedgerError):
        decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (0, 0, 1)
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (PIECE, GRAMS, 0)


class Counter:
    """The platform's API, and the desk that lets staff in."""

    def __init__(self, office: Office, decisions: Decisions) -> None:
        tokens = iter(("token-1", "token-2", "token-3"))
        self.desk = StaffDesk(office.database, lambda: office.now_s, lambda: next(tokens))
        app = FastAPI()
        app.include_router(held_api(decisions, self.desk))
        self._app = app

    def send(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """Ask; the status and what was said."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return asyncio.run(self._send(method, f"/api{path}", body, headers))

    async def _send(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, Any]:
        carried = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=carried, base_url="http://platform") as client:
            answer = await client.request(method, path, json=body, headers=headers)
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
    appeal = f"/accounts/{ALICE}/appeals"
    assert counter.send("POST", appeal, where | {"sentence": said}) == (200, {})
    assert counter.send("POST", appeal, where | {"sentence": said})[0] == 409
    decide = where | {"outcome": "released", "reason": WHY}
    assert counter.send("POST", "/held/decisions", decide)[1]["code"] == "no-token"
    assert counter.send("POST", "/held/decisions", decide, "forged")[0] == 401
    status, (case,) = counter.send("GET", "/held/records", token=token)
    assert (status, case["appeal"], case["code"]) == (200, said, "uncertain")
    assert counter.send("POST", "/held/decisions", decide, token) == (200, {})
    assert points(office) == (PIECE, GRAMS, 0)
    status, (mine,) = counter.send("GET", f"/accounts/{ALICE}/held")
    assert (mine["status"], mine["reason"], mine["may_appeal"]) == ("credited", WHY, False)
    status, log = counter.send("GET", "/audit", token=token)
    assert [(one["actor"], one["action"], one["seq"]) for one in log] == [
        ("staff:wang", "released", 1),
        (f"resident:{ALICE}", "appealed", 1),
        ("operator", "staff-admitted", None),
    ]
    bad = decide | {"seq": 2**70}
    assert counter.send("POST", "/held/decisions", bad, token)[0] == 422


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
