"""Errors of the platform."""

from __future__ import annotations

from contract.errors import KioskError


class CloudError(KioskError):
    """Root of the platform's own errors."""


class UnknownKioskError(CloudError):
    """Somebody speaks as a kiosk whose public key was never registered; nothing is acked.

    Once the key is registered the kiosk's next repetition posts, so nothing is lost.
    """


class LedgerError(CloudError):
    """The ledger's database cannot be opened, read or written; nothing was posted."""


class EnrolError(CloudError):
    """A kiosk is not given the certificate that it asks for; `code` says why in one word."""

    code: str

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DecisionError(CloudError):
    """A record is not decided about, or an appeal not taken; `code` says why in one word.

    `unknown-record`, `not-yours`, `other-district`, `already`, `changed`, `appealed`, `not-held`,
    `text`, `cannot-credit`, `role`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StaffError(CloudError):
    """Somebody who says to be staff is not let in: `no-token`, `expired`; or `name`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class MonthError(CloudError):
    """What was asked for is no month."""
