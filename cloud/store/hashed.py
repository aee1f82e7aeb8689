"""What the database keeps of a secret text: of a token, or of a code that somebody shows."""

from __future__ import annotations

from contract.canonical import sha256_hex


def hash_of(secret: str) -> str:
    """The SHA-256 of a secret, 64 hex digits; it is drawn from so many that a plain hash hides it.

    Of whatever somebody sends: half a character of UTF-16 has a hash as well, which is nobody's.
    """
    return sha256_hex(secret.encode("utf-8", "surrogatepass"))
