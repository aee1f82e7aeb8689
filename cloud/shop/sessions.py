"""Which till is signed in at a browser: a random id in its cookie, the rest in memory.

A session keeps the hash of the token and asks the desk each time, so it ends with the token. After
a restart the tills sign in again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from cloud.errors import ShopError
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.shop.partners import Partner, PartnerDesk

HOLDS_S = 12 * 3600
"""A shop's day."""

MOST = 10_000
"""Sessions at once; beyond that the oldest ends."""


class _Session(NamedTuple):
    token_sha256: str
    ends_at: int


class TillSessions:
    """Sessions of tills in one process of the platform.

    Args:
        desk: Knows whose a token is.
        clock: Gives Unix seconds.
        new_id: Gives a fresh secret text.
    """

    def __init__(
        self, desk: PartnerDesk, clock: Callable[[], int], new_id: Callable[[], str]
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._new_id = new_id
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()  # forms are taken on threads of their own

    def sign_in(self, token: str) -> str:
        """The id of a new session for the till that shows this token.

        Raises:
            ShopError: `no-token`, `token-ended`.
            LedgerError: The database failed.
        """
        hashed = sha256_hex(token.encode("utf-8", "surrogatepass"))
        self._desk.known_by(hashed)
        session, ends_at = self._new_id(), self._clock() + HOLDS_S
        with self._lock:
            while len(self._sessions) >= MOST:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[session] = _Session(hashed, ends_at)
        return session

    def whose(self, session: str) -> Partner:
        """Whose till is signed in.

        Raises:
            ShopError: `signed-out`, or as `sign_in`.
            LedgerError: The database failed.
        """
        found = self._sessions.get(session)
        if found is None or found.ends_at <= self._clock():
            self.sign_out(session)
            raise ShopError("signed-out", "no till is signed in here any more: sign in again")
        return self._desk.known_by(found.token_sha256)

    def sign_out(self, session: str) -> None:
        """End a session; one that there is not is none."""
        with self._lock:
            self._sessions.pop(session, None)
