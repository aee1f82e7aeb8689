"""Roles and sessions of staff: what each may, and when a session ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud.errors import LedgerError, ShopError, StaffError
from cloud.screens.staff.texts import TEXTS
from cloud.shop.partners import PartnerDesk
from cloud.shop.sessions import till_sessions
from cloud.staff.desk import ROLES, TTL_S, Staff, StaffDesk
from cloud.staff.rights import RIGHTS, may
from cloud.staff.sessions import HOLDS_S, IDLE_S, MOST, SEEN_EVERY_S, Sessions, staff_sessions
from cloud.store.database import open_database

NOW = 1_795_500_000


class Front:
    """A desk and its sessions, with a clock that is set."""

    def __init__(self, where: Path | str) -> None:
        self.database = open_database(where)
        self.now_s = NOW
        self._numbers = itertools.count(1)
        self.desk = StaffDesk(self.database, lambda: self.now_s, self._new)
        self.sessions = self.process()

    def process(self) -> Sessions[Staff]:
        """One of several processes over the same database."""
        return staff_sessions(self.database, self.desk, lambda: self.now_s, self._new)

    def refusal(self, session: str) -> str:
        """The code with which a session is refused."""
        with pytest.raises(StaffError) as refused:
            self.sessions.whose(session)
        return refused.value.code

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the tables."""
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def _new(self) -> str:
        return f"secret-{next(self._numbers)}"


@pytest.fixture
def front(where: Path | str) -> Iterator[Front]:
    """On either database."""
    front = Front(where)
    yield front
    front.database.dispose()


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Front]:
    """On SQLite alone, for what has nothing to do with the database."""
    front = Front(tmp_path / "staff.sqlite")
    yield front
    front.database.dispose()


def works_until(front: Front, session: str, end_s: int) -> None:
    """Somebody does something now and then until `end_s` (Unix seconds)."""
    while front.now_s < end_s:
        front.now_s = min(front.now_s + IDLE_S - 1, end_s)
        assert front.sessions.whose(session).staff_id == "wang"


def test_a_session_ends_by_itself_by_signing_out_and_with_its_token(front: Front) -> None:
    """And nothing that an id could be made of opens another."""
    token = front.desk.admit("wang", "prices", "xihu")
    first, second = front.sessions.sign_in(token), front.sessions.sign_in(token)
    assert front.sessions.whose(first) == Staff("wang", "prices", "xihu")
    front.sessions.sign_out(first)
    assert front.refusal(first) == "signed-out"
    works_until(front, second, NOW + HOLDS_S - 1)
    front.now_s += 1
    assert front.refusal(second) == "signed-out"
    third = front.sessions.sign_in(token)
    front.desk.admit("wang", "sign", "xihu")
    assert front.refusal(third) == "signed-out"
    for absurd in ("", token, "id-1\0", "\ud800"):
        assert front.refusal(absurd) == "signed-out"


def test_every_process_knows_who_is_signed_in(front: Front) -> None:
    """One that was started anew as well as one beside it; and who is out is out everywhere."""
    token = front.desk.admit("wang", "fleet", "xihu")
    session = front.sessions.sign_in(token)
    beside = front.process()
    assert beside.whose(session) == front.sessions.whose(session)
    (kept,) = front.rows("SELECT * FROM web_sessions")
    assert not {token, session} & set(kept)
    beside.sign_out(session)
    assert front.refusal(session) == "signed-out"


def test_another_role_and_a_dismissal_end_what_is_open(front: Front) -> None:
    """At once, in every process, whatever the clock says later; another one's stays."""
    li = front.sessions.sign_in(front.desk.admit("li", "read", "*"))
    before = front.desk.admit("wang", "decide", "xihu")
    session = front.sessions.sign_in(before)
    after = front.desk.admit("wang", "read", "xihu")
    with pytest.raises(StaffError):
        front.process().whose(session)
    session = front.sessions.sign_in(after)
    front.desk.dismiss("wang")
    assert front.refusal(session) == "signed-out"
    front.now_s -= TTL_S
    for token, code in ((before, "no-token"), (after, "expired")):
        with pytest.raises(StaffError) as refused:
            front.sessions.sign_in(token)
        assert refused.value.code == code
    front.now_s += TTL_S
    assert front.sessions.whose(li).staff_id == "li"
    for nobody in ("zhao", "", "\ud800"):
        with pytest.raises(StaffError, match="among staff"):
            front.desk.dismiss(nobody)
    ended = "SELECT actor, district, detail FROM audit WHERE action = 'staff-ended'"
    assert front.rows(ended) == [("operator", "xihu", "wang")]
    admitted = "SELECT detail FROM audit WHERE action = 'staff-admitted' ORDER BY id"
    assert front.rows(admitted) == [("li: read",), ("wang: decide",), ("wang: read",)]


def test_a_token_that_is_replaced_while_somebody_signs_in_opens_nothing(front: Front) -> None:
    """Whoever was faster: the session of the token of before is worth nothing."""
    for _ in range(4):
        token = front.desk.admit("wang", "decide", "xihu")
        with ThreadPoolExecutor(2) as both:
            signing_in = both.submit(front.sessions.sign_in, token)
            both.submit(front.desk.admit, "wang", "read", "yuhang").result()
        if signing_in.exception() is None:
            assert front.refusal(signing_in.result()) in ("no-token", "signed-out")


def test_who_does_nothing_is_out_after_a_while(light: Front) -> None:
    """A page that looks for news by itself is nobody who is there; nor is a clock set back."""
    token = light.desk.admit("wang", "fleet", "xihu")
    session = light.sessions.sign_in(token)
    light.now_s += SEEN_EVERY_S
    light.sessions.whose(session)
    light.now_s += IDLE_S - 1
    assert light.sessions.whose(session, acts=False).staff_id == "wang"
    light.now_s += 1
    with pytest.raises(StaffError):
        light.sessions.whose(session, acts=False)
    session = light.sessions.sign_in(token)
    light.now_s -= IDLE_S
    assert light.refusal(session) == "signed-out"


def test_there_are_no_more_sessions_than_one_can_use(front: Front) -> None:
    """The oldest ends for the newest, of that one alone; what has ended is forgotten."""
    li = front.sessions.sign_in(front.desk.admit("li", "read", "*"))
    token = front.desk.admit("wang", "read", "*")
    mine = []
    for _ in range(MOST + 1):
        front.now_s += 1
        mine.append(front.sessions.sign_in(token))
    assert front.refusal(mine[0]) == "signed-out"
    assert all(front.sessions.whose(one) for one in (li, *mine[1:]))
    front.now_s += HOLDS_S - 1
    front.sessions.forget()
    assert front.rows("SELECT who FROM web_sessions") == [("wang",)]


def test_a_session_does_not_outlive_a_token(light: Front) -> None:
    """Which ends after a quarter, also in the middle of a shift."""
    token = light.desk.admit("wang", "read", "*")
    light.now_s += TTL_S - 60
    session = light.sessions.sign_in(token)
    light.now_s += 60
    assert light.refusal(session) == "expired"
    with pytest.raises(StaffError):
        light.sessions.sign_in("\ud800")


def test_a_till_is_signed_in_as_staff_are_and_is_none_of_them(front: Front) -> None:
    """Its session outlives the process, ends with its partner, and opens no page of staff."""
    partners = PartnerDesk(front.database, lambda: front.now_s, lambda: "till-token")
    token = partners.admit(None, "market-1", "小超市", "Market", "xihu")
    tills = [
        till_sessions(front.database, partners, lambda: front.now_s, lambda: "till-session")
        for _ in range(2)
    ]
    session = tills[0].sign_in(token)
    assert tills[1].whose(session).id == "market-1"
    assert front.refusal(session) == "signed-out"
    partners.end(None, "market-1")
    with pytest.raises(ShopError, match="sign in again"):
        tills[0].whose(session)


def test_every_till_of_a_large_shop_stays_signed_in(light: Front) -> None:
    """All of them show one token: the last one to open turns no other one off."""
    ids = (f"till-{number}" for number in itertools.count())
    partners = PartnerDesk(light.database, lambda: light.now_s, lambda: "till-token")
    token = partners.admit(None, "market-1", "大超市", "Market", "xihu")
    tills = till_sessions(light.database, partners, lambda: light.now_s, lambda: next(ids))
    opened = [tills.sign_in(token) for _ in range(2 * MOST)]
    assert {tills.whose(one).id for one in opened} == {"market-1"}


def test_while_the_database_fails_nobody_is_let_in(front: Front) -> None:
    """Nor out: who would believe it leaves an open page. An act that is not noted is none lost."""
    token = front.desk.admit("wang", "read", "*")
    session = front.sessions.sign_in(token)
    with front.database.begin() as connection:
        connection.execute(text("ALTER TABLE web_sessions RENAME TO away"))
    for act in (front.sessions.sign_in, front.sessions.whose, front.sessions.sign_out):
        with pytest.raises(LedgerError):
            act(session if act != front.sessions.sign_in else token)
    with front.database.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO web_sessions"))
    assert front.sessions.whose(session).staff_id == "wang"


def test_one_who_drafts_prices_cannot_sign_them() -> None:
    """No role has both rights; and a role that nobody knows has none."""
    both = {"prices-draft", "prices-sign"}
    assert not any(both <= rights for rights in RIGHTS.values())
    assert not may("root", "desk")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_name_in_both_languages(role: str) -> None:
    """It stands in the heading of each page."""
    assert set(TEXTS[f"role-{role}"]) == {"zh", "en"}
