"""Who is signed in at a browser, of staff or of tills: a random id in its cookie, the rest here.

A session keeps the hash of the token and not the token, and asks the desk each time: it ends with
the token, and at once where its owner was given another. All are in memory: after a restart
everybody signs in again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from cloud.errors import CloudError, StaffError
from cloud.store.hashed import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.staff.desk import Staff, StaffDesk

HOLDS_S = 8 * 3600
"""A shift of staff: whoever forgets to sign out is out by the next one."""

MOST = 10_000
"""Sessions at once; beyond that the oldest ends."""

Who = TypeVar("Who")


class _Session(NamedTuple):
    token_sha256: str
    ends_at: int


class Sessions(Generic[Who]):
    """Sessions in one process of the platform.

    Args:
        known_by: Says whose the token of a hash is, or raises what it is refused with.
        holds_s: Seconds after which a session ends by itself.
        ended: Makes the error of a session that is over; `signed-out`.
        clock: Gives Unix seconds.
        new_id: Gives a fresh secret text.
    """

    def __init__(
        self,
        known_by: Callable[[str], Who],
        holds_s: int,
        ended: Callable[[], CloudError],
        clock: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._known_by = known_by
        self._holds_s = holds_s
        self._ended = ended
        self._clock = clock
        self._new_id = new_id
        self._sessions: dict[str, _Session] = {}
        # Forms are taken on threads of their own, pages are drawn on the server's.
        self._lock = threading.Lock()

    def sign_in(self, token: str) -> str:
        """The id of a new session for whoever shows this token.

        Raises:
            CloudError: As `known_by`: the token is nobody's, has ended, or the database failed.
        """
        hashed = hash_of(token)
        self._known_by(hashed)
        session, ends_at = self._new_id(), self._clock() + self._holds_s
        with self._lock:
            self._forget_old()
            self._sessions[session] = _Session(hashed, ends_at)
        return session

    def whose(self, session: str) -> Who:
        """Who is signed in.

        Raises:
            CloudError: `signed-out`: nobody is, or not any more; or as `known_by`: their token has
                ended meanwhile, or the database failed.
        """
        found = self._sessions.get(session)
        if found is None or found.ends_at <= self._clock():
            self.sign_out(session)
            raise self._ended()
        return self._known_by(found.token_sha256)

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


def staff_sessions(
    desk: StaffDesk, clock: Callable[[], int], new_id: Callable[[], str]
) -> Sessions[Staff]:
    """Sessions of staff; refused with StaffError `no-token`, `expired` or `signed-out`."""

    def ended() -> StaffError:
        return StaffError("signed-out", "nobody is signed in here any more: sign in again")

    return Sessions(desk.known_by, HOLDS_S, ended, clock, new_id)
