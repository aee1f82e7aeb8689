"""Residents' codes as the platform issues them.

There is no sign-in yet: whoever knows an account's address can show its code and read its
balance. A shown code can only credit its owner; points cannot be spent here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract import token

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.keys import Signer

RENEW_BEFORE_S = 15
"""A shown code is replaced this long before it expires, so that nobody shows one about to die."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code to show: its text, and when it was made and ends (Unix seconds)."""

    text: str
    issued_at: int
    expires_at: int


class CodeIssuer:
    """Issues short-lived codes.

    Args:
        signer: The city's key.
        clock: Gives Unix seconds.
        new_id: Gives 8 fresh random bytes.
        ttl_s: Seconds that a code holds.
    """

    def __init__(
        self,
        signer: Signer,
        clock: Callable[[], int],
        new_id: Callable[[], bytes],
        ttl_s: int = token.TTL_S,
    ) -> None:
        self._signer = signer
        self._clock = clock
        self._new_id = new_id
        self._ttl_s = ttl_s

    def issue(self, account: str) -> IssuedCode:
        """Make a code for `account`.

        Raises:
            TokenError: `malformed`: the account is not 16 hex digits.
        """
        now_s = self._clock()
        text = token.issue(self._signer, account, now_s, ttl_s=self._ttl_s, jti=self._new_id())
        return IssuedCode(text, now_s, now_s + self._ttl_s)
