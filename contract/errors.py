"""The root of the project's errors, and those of the contract.

A message names the thing, its value and the way out. `code` is a short word that stays the same
when the wording changes: logs, acks and tests rely on it.
"""

from __future__ import annotations

UNEXPECTED = "unexpected"
"""Code of a message over which our own code stumbled, at either end; the log has the traceback."""


class KioskError(Exception):
    """Root of every error the project raises on purpose."""


class ContractError(KioskError, ValueError):
    """Something does not keep to what kiosk and platform agreed on.

    `code` says what is wrong in one word such as `bad-signature`; `message` says it in full.
    """

    code: str
    message: str

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[ContractError], tuple[str, str]]:
        """Pickle both arguments; by default an exception would keep its message alone."""
        return type(self), (self.code, self.message)


class CanonicalError(ContractError):
    """A value has no canonical form: a float, a key that is no string, an integer too large."""


class RecordError(ContractError):
    """A line of a journal is not a record that its kiosk signed."""


class TokenError(ContractError):
    """What was shown to the kiosk is not a resident's valid code.

    `what` says what it is instead where the code is `foreign`, as in "an Alipay payment code".
    """

    what: str

    def __init__(self, code: str, message: str, what: str = "") -> None:
        super().__init__(code, message)
        self.what = what

    def __reduce__(self) -> tuple[type[ContractError], tuple[str, ...]]:  # type: ignore[override]
        """Pickle `what` as well."""
        return type(self), (self.code, self.message, self.what)


class ReceiptError(ContractError):
    """What was shown is no receipt, or a part of one only, or damaged."""


class CatalogueError(ContractError):
    """A catalogue is not signed by the operator, or a row of it cannot be used."""


class PayloadError(ContractError):
    """A message between kiosk and platform has the wrong topic or the wrong content."""


class KeyFileError(ContractError):
    """A key file cannot be read, may be read by others, or holds another kind of key."""


class CertificateError(ContractError):
    """A certificate, or a request for one, cannot be used; `code` says why."""
