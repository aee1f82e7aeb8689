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
    "nothing-before": 409,
    "begun-before": 409,
    "not-begun": 409,
    "no-report": 404,
    "hatch-open": 409,
    "pan-loaded": 409,
    "pan-empty": 409,
    "bad-picture": 409,
    "same-picture": 409,
    "moving": 409,
    "too-few": 409,
    "enough": 409,
    "camera-lost": 503,
    "node-lost": 503,
    "not-kept": 503,
    "no-eyes": 404,
    "no-such-item": 404,
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
