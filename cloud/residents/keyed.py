"""Keyed hashes of what is not kept: numbers, addresses, codes and PINs.

Six digits, or all numbers of a country, are tried in no time against a plain hash. So each is
hashed with a secret that is not in the database (HMAC-SHA256), under a name of its own.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address


class Keyed:
    """Makes keyed hashes.

    Args:
        secret: 32 bytes; with other ones nothing of before is found again.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, what: str, text: str) -> str:
        """64 hex digits; the same text under another `what` has others."""
        # \0 stands in neither, so no two pairs are one text.
        said = f"sign-in\0{what}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, said, sha256).hexdigest()

    def of_address(self, address: str) -> str:
        """Of where a request came from; of IPv6 the network, for one home has 2^64 addresses."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return self.of("address", address)
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped  # as a proxy that listens to both writes IPv4
        if isinstance(parsed, IPv6Address):
            return self.of("address", f"{int(parsed) >> 64:x}/64")
        return self.of("address", str(parsed))
