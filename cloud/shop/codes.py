"""The codes that residents show at a partner's till.

A code is 60 bits, written as 12 letters and digits that nobody confuses. It follows from the
account and the key of the call that reserved, under a secret of the platform: so the resident's
page can show it again, and the database keeps its hash alone.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""

LENGTH, GROUP = 12, 4

_ALIKE = str.maketrans("OIL", "011")


class ShopCodes:
    """Makes codes, and reads what was typed.

    Args:
        secret: 32 bytes; with another one, codes that are being shown are no longer known to
            the page, though a till still takes them.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def code(self, account: str, key_sha256: str) -> str:
        """The code of what `account` reserved under a key, 12 letters."""
        whole = hmac.new(self._secret, f"{account}:{key_sha256}".encode(), sha256).digest()
        number = int.from_bytes(whole, "big")
        return "".join(LETTERS[number >> 5 * at & 31] for at in range(LENGTH))


def typed(text: str) -> str:
    """The code that somebody typed or a scanner read: spaces, dashes and lower case forgiven."""
    return re.sub(r"[\s-]", "", text).upper().translate(_ALIKE)


def in_groups(code: str) -> str:
    """A code as people read it out, as in `7K2M-Q0XV-93TA`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
