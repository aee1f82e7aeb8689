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


class HeldUpError(LedgerError):
    """Somebody has what was needed, and did not let it go in time; nothing was changed."""


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
    """Somebody who says to be staff is not let in: `no-token`, `expired`, `signed-out`.

    Or they may not do that (`role`), a name cannot be one (`name`) or is nobody's
    (`unknown-staff`), or what they ask for is no day (`no-day`).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ShopError(CloudError):
    """Something is not redeemed, refunded, sold or given; `code` says why in one word.

    `account`, `key`, `key-reused`, `unknown-good`, `not-on-sale`, `sold-out`, `price-changed`,
    `not-enough`, `looked-at`, `too-many-open`, `unknown-code`, `unknown-redemption`, `confirmed`,
    `cancelled`, `expired`, `refunded`, `changed`, `not-confirmed`, `too-late`, `no-token`,
    `token-ended`, `signed-out`, `origin`, `unknown-partner`, `name`, `points`, `stock`, `text`,
    `cause`, `no-month`, `no-day`, `partner-there`, `good-there`, `role`, `other-district`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CounterError(CloudError):
    """Something is not done at the counter; `code` says why in one word.

    `unknown-account`, `unknown-card`, `revoked`, `erased`, `no-phones`, `unknown-number`,
    `number-taken`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PriceError(CloudError):
    """A price list is not drafted, signed or turned down; `code` says why in one word.

    `unknown-item`, `unknown-district`, `unknown-draft`, `too-many`, `bad-date`, `too-early`,
    `not-later`, `no-change`, `not-yours`, `own-draft`, `other-district`, `changed`, `not-open`,
    `not-frozen`, `decided`, `too-late`, `base-changed`, `damaged`, `wrong-key`, `none-in-force`,
    `unknown-list`, `text`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class MonthError(CloudError):
    """What was asked for is no month."""


class SignInError(CloudError):
    """A resident is not let in, or is not let do that; `code` says why in one word.

    `not-signed-in`, `other-account`, `not-a-number`, `wrong-code`, `wrong-card`, `too-many`,
    `busy`, `no-texts`, `text-failed`, `not-here`, `erased`, `sign-in-again`, `unknown-sign-in`,
    `unknown-card`, `changed`, `reserved`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FleetError(CloudError):
    """A kiosk is not commanded, or not shown; `code` says why in one word.

    `unknown-kiosk`, `other-district`, `no-key`, `unknown-verb`, `arguments`, `no-such-bay`,
    `lifetime`, `too-many`, `already`, `id-taken`, `unknown-bundle`, `unknown-command`, `under-way`,
    `over`, `field`. Or who may speak at NATS is not written: `no-kiosks`, `not-written`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PlacesError(CloudError):
    """The operator's file of places cannot be used; the message names row and field."""
