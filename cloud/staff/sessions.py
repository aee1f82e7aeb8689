"""Who of the staff is signed in at a browser: a random id in its cookie, the rest in memory.

A session keeps the hash of the token and not the token, and asks the desk each time: it ends with
the token, and at once where its owner was given another. After a restart all sign in again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from cloud.errors import StaffError
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.staff.desk import Staff, StaffDesk

HOLDS_S = 8 * 3600
"""A shift: whoever forgets to sign out is out by the next one."""

MOST = 10_000
"""Sessions at once; beyond that the oldest ends."""


class _Session(NamedTuple):
    token_sha256: str
    ends_at: int


class Sessions:
    """Sessions of staff in one process of the platform.

    Args:
        desk: Knows whose a token is.
        clock: Gives Unix seconds.
        new_id: Gives a fresh secret text.
    """

    def __init__(
        self, desk: StaffDesk, clock: Callable[[], int], new_id: Callable[[], str]
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._new_id = new_id
        self._sessions: dict[str, _Session] = {}
        # Forms are taken on threads of their own, pages are drawn on the server's.
        self._lock = threading.Lock()

    def sign_in(self, token: str) -> str:
        """The id of a new session for whoever shows this token.

        Raises:
            StaffError: `no-token`, `expired`.
            LedgerError: The database failed.
        """
        hashed = sha256_hex(token.encode("utf-8", "surrogatepass"))
        self._desk.known_by(hashed)
        session, ends_at = self._new_id(), self._clock() + HOLDS_S
        with self._lock:
            self._forget_old()
            self._sessions[session] = _Session(hashed, ends_at)
        return session

    def whose(self, session: str) -> Staff:
        """Who is signed in.

        Raises:
            StaffError: `signed-out`: nobody is, or not any more. `no-token`, `expired`: their
                token has ended meanwhile.
            LedgerError: The database failed.
        """
        found = self._sessions.get(session)
        if found is None or found.ends_at <= self._clock():
            self.sign_out(session)
            raise StaffError("signed-out", "nobody is signed in here any more: sign in again")
        return self._desk.known_by(found.token_sha256)

    def sign_out(self, session: str) -> None:
        """End a session; one that there is not is none."""
        with self._lock:
            self._sessions.pop(session, None)

    def _forget_old(self) -> None:
        now_s = self._clock()
        for session in [one for one, found in self._sessions.items() if found.ends_at <= now_s]:
            del self._sessions[session]
        while len(self._sessions) >= MOST:
            del self._sessions[next(iter(self._sessions))]
