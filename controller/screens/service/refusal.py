"""Why the service desk does not do what it was asked: a status of HTTP, a code, a sentence."""

from __future__ import annotations

from contract.errors import KioskError

STATUS = {
    "no-token": 401,
    "no-badge": 401,
    "forbidden": 403,
    "read-only": 403,
    "no-such-check": 404,
    "no-such-bay": 404,
    "no-such-bin": 404,
    "busy": 409,
    "not-now": 409,
    "nothing-to-open": 409,
    "occupied": 409,
    "waiting": 409,
    "bad-request": 422,
    "too-many": 429,
}
"""Code → status; every other code is about a badge that is none, 401."""


class RefusedError(KioskError):
    """Staff, or whoever asks, may not do this, or not now; the message says why.

    `code` stays the same when the wording changes, `status` is HTTP's.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The status of HTTP that goes with it."""
        return STATUS.get(self.code, 401)
