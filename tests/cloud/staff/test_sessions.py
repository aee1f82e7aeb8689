"""Roles and sessions of staff: what each may, and when a session ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.errors import StaffError
from cloud.screens.staff.texts import TEXTS
from cloud.staff.desk import ROLES, TTL_S, Staff, StaffDesk
from cloud.staff.rights import RIGHTS, may
from cloud.staff.sessions import HOLDS_S, staff_sessions
from cloud.store.database import open_database

NOW = 1_795_500_000


class Front:
    """A desk and its sessions, with a clock that is set."""

    def __init__(self, where: Path | str) -> None:
        self.database = open_database(where)
        self.now_s = NOW
        numbers = itertools.count(1)
        self.desk = StaffDesk(self.database, lambda: self.now_s, lambda: f"token-{next(numbers)}")
        self.sessions = staff_sessions(self.desk, lambda: self.now_s, lambda: f"id-{next(numbers)}")

    def refusal(self, session: str) -> str:
        """The code with which a session is refused."""
        with pytest.raises(StaffError) as refused:
            self.sessions.whose(session)
        return refused.value.code


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """On a file."""
    front = Front(tmp_path / "staff.sqlite")
    yield front
    front.database.dispose()


def test_a_session_ends_by_itself_by_signing_out_and_with_its_token(front: Front) -> None:
    """And nothing that an id could be made of opens another."""
    token = front.desk.admit("wang", "prices", "xihu")
    first, second = front.sessions.sign_in(token), front.sessions.sign_in(token)
    assert front.sessions.whose(first) == Staff("wang", "prices", "xihu")
    front.sessions.sign_out(first)
    assert front.refusal(first) == "signed-out"
    front.now_s += HOLDS_S - 1
    assert front.sessions.whose(second).staff_id == "wang"
    front.now_s += 1
    assert front.refusal(second) == "signed-out"
    third = front.sessions.sign_in(token)
    front.desk.admit("wang", "sign", "xihu")
    assert front.refusal(third) == "no-token"
    for absurd in ("", token, "id-1\0", "\ud800"):
        assert front.refusal(absurd) == "signed-out"


def test_a_session_does_not_outlive_a_token(front: Front) -> None:
    """Which ends after a quarter, also in the middle of a shift."""
    token = front.desk.admit("wang", "read", "*")
    front.now_s += TTL_S - 60
    session = front.sessions.sign_in(token)
    front.now_s += 60
    assert front.refusal(session) == "expired"
    with pytest.raises(StaffError):
        front.sessions.sign_in("\ud800")


def test_one_who_drafts_prices_cannot_sign_them() -> None:
    """No role has both rights; and a role that nobody knows has none."""
    both = {"prices-draft", "prices-sign"}
    assert not any(both <= rights for rights in RIGHTS.values())
    assert not may("root", "desk")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_name_in_both_languages(role: str) -> None:
    """It stands in the heading of each page."""
    assert set(TEXTS[f"role-{role}"]) == {"zh", "en"}
