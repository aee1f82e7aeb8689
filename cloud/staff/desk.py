"""Staff of the platform: who they are, in which role, and in which district."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from cloud.errors import StaffError
from cloud.staff.audit import note
from cloud.staff.ending import end_sessions
from cloud.staff.rights import RIGHTS, may
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema import staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cloud.staff.rights import Right

WHOLE_CITY = "*"
"""The district of those who decide everywhere."""

ROLES = tuple(RIGHTS)
"""What each may do stands in `cloud.staff.rights`."""

OPERATOR = "operator"
"""Whoever works at the platform's own machine."""

PLATFORM = "platform"
"""Nobody: what it does by itself."""

NO_STAFF = {OPERATOR: "whoever works at this machine", PLATFORM: "what nobody does"}
"""Names in the log by which nobody else goes → who they are."""

TTL_S = 90 * 86_400
"""A token holds a quarter: whoever left is out by then, whatever was forgotten."""

_NAME = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, by a pseudonym."""

    staff_id: str
    role: str
    district: str

    @property
    def actor(self) -> str:
        """How the audit log names them."""
        return f"staff:{self.staff_id}"

    def covers(self, district: str) -> bool:
        """Whether a kiosk of `district` is theirs; empty where it is in none."""
        return self.district in (WHOLE_CITY, district)

    def may(self, right: Right) -> bool:
        """Whether their role has `right`."""
        return may(self.role, right)

    def check(self, right: Right) -> None:
        """Go on where their role has `right`.

        Raises:
            StaffError: `role`.
        """
        if not self.may(right):
            raise StaffError("role", f"{self.staff_id} is {self.role}: that is another role's")


class StaffDesk:
    """Lets staff in by a bearer token, of which only the hash is kept.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
        new_token: Gives a fresh secret text.
    """

    def __init__(
        self, database: Engine, clock: Callable[[], int], new_token: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_token = new_token

    def admit(self, staff_id: str, role: str, district: str) -> str:
        """A new token for a member of staff, in place of the one before; it is shown once.

        Raises:
            StaffError: `name`: pseudonym, role or district cannot be.
            LedgerError: The database failed; nobody was admitted.
        """
        if staff_id in NO_STAFF:
            raise StaffError("name", f"{staff_id} is {NO_STAFF[staff_id]}: name another")
        if not _NAME.fullmatch(staff_id) or role not in ROLES:
            raise StaffError("name", f"{staff_id[:40]!r} as {role[:16]!r}: a-z, 0-9 and -; {ROLES}")
        if district != WHOLE_CITY and not _NAME.fullmatch(district):
            raise StaffError("name", f"district {district[:40]!r} is none; * is the whole city")
        token, now_s = self._new_token(), self._clock()
        row = {"id": staff_id, "role": role, "district": district}
        row |= {"token_sha256": hash_of(token)}
        with writing(self._database) as connection:
            connection.execute(delete(staff).where(staff.c.id == staff_id))
            end_sessions(connection, "staff", staff_id)
            connection.execute(insert(staff).values(**row, expires_at=now_s + TTL_S))
            said = f"{staff_id}: {role}"  # the row itself knows only what they are by now
            note(connection, now_s, OPERATOR, "staff-admitted", district, detail=said)
        return token

    def dismiss(self, staff_id: str) -> None:
        """Let a member of staff in no more: token and sessions end at once.

        Whatever the clock says later: one that is set back lets nobody in again.

        Raises:
            StaffError: `unknown-staff`: there is none of that name.
            LedgerError: The database failed; nobody was dismissed.
        """
        with writing(self._database) as connection:
            ended = update(staff).where(staff.c.id == staff_id).values(expires_at=0)
            known = _NAME.fullmatch(staff_id) and connection.execute(ended).rowcount
            if not known:
                raise StaffError("unknown-staff", f"there is no {staff_id[:40]!r} among staff")
            end_sessions(connection, "staff", staff_id)
            where = connection.execute(select(staff.c.district).where(staff.c.id == staff_id))
            district = where.scalar_one()
            note(connection, self._clock(), OPERATOR, "staff-ended", district, detail=staff_id)

    def whose(self, token: str) -> Staff:
        """Who shows this token.

        Raises:
            StaffError: `no-token`: it is nobody's. `expired`.
            LedgerError: The database failed.
        """
        return self.known_by(hash_of(token))

    def known_by(self, token_sha256: str) -> Staff:
        """Whose the token of this hash is; whoever signed in with it is remembered by that alone.

        Raises:
            StaffError, LedgerError: As `whose`.
        """
        shown = select(staff).where(staff.c.token_sha256 == token_sha256)
        with reading(self._database) as connection:
            row = connection.execute(shown).first()
        if row is None:
            raise StaffError("no-token", "this token is nobody's: ask your operator for one")
        if row.expires_at <= self._clock():
            raise StaffError("expired", f"the token of {row.id} has ended: ask for another")
        return Staff(row.id, row.role, row.district)
