"""All chance in a run comes from its seed, one independent stream for each purpose."""

from __future__ import annotations

import hashlib
import random


def rng(seed: int, *purpose: str) -> random.Random:
    """A stream of its own for `purpose`, so that one more draw here moves nothing there."""
    return random.Random("/".join((str(seed), *purpose)))


def secret(seed: int, *purpose: str) -> bytes:
    """32 bytes for a key of `purpose`; for simulated keys only, everybody can compute them."""
    return hashlib.sha256("/".join(("simulated", str(seed), *purpose)).encode()).digest()
