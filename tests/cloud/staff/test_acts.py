"""The audit log names a member of staff in one way, whatever they did and whenever it was noted."""

from __future__ import annotations

import pytest

from cloud.errors import StaffError
from cloud.staff.acts import note_by
from cloud.staff.audit import audit_of, note
from cloud.staff.desk import Staff, StaffDesk
from cloud.store.database import reading, writing
from tests.cloud.conftest import Office

NOW = 1_795_500_000

WANG = Staff("wang", "decide", "xihu")
CHEN = Staff("chen", "prices", "*")


def test_what_the_fleet_noted_before_is_found_under_the_same_name(office: Office) -> None:
    """Its lines had the pseudonym alone; they stay as written, and are read as staff's."""
    with writing(office.database) as connection:
        for action in ("commanded", "bundle-taken", "denied"):
            note(connection, NOW, "wang", action, "xihu", detail="hz-xihu-0001 restart")
        note_by(connection, NOW, WANG, "denied", "xihu", detail="role")
        note_by(connection, NOW, CHEN, "prices-drafted", "*")
        note(connection, NOW, "operator", "staff-admitted", "xihu", detail="wang")
        note(connection, NOW, "resident:a11ce00000000001", "appealed", "xihu")
    with reading(office.database) as connection:
        lines = audit_of(connection, None, 10)
        assert len(audit_of(connection, "xihu", 10)) == 6
    assert [one.actor for one in reversed(lines)] == [
        *["staff:wang"] * 4,
        "staff:chen",
        "operator",
        "resident:a11ce00000000001",
    ]
    assert {one.actor: one.district for one in lines}["staff:chen"] == ""
    assert office.rows("SELECT count(*) FROM audit WHERE actor = 'wang'") == [(3,)]


def test_nobody_goes_by_the_operators_name(file_office: Office) -> None:
    """The log could not tell them from whoever works at the platform's own machine, or from it."""
    desk = StaffDesk(file_office.database, lambda: NOW, lambda: "token")
    for name, what in (
        ("operator", "whoever works at this machine"),
        ("platform", "what nobody does"),
    ):
        with pytest.raises(StaffError, match=f"{what}: name another") as refused:
            desk.admit(name, "shop", "*")
        assert refused.value.code == "name"
    assert file_office.rows("SELECT count(*) FROM audit") == [(0,)]
