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
