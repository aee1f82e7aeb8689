"""The page with which anybody checks receipts and journals: one file, no network, the key alone.

It keeps to the same rules as `contract.receipt`, `contract.record` and `contract.chain`, written
again for browsers; the tests hold the two against each other.
"""

from __future__ import annotations

from importlib import resources


def verify_page() -> bytes:
    """The page as UTF-8 HTML; it may be served, or kept as a file and opened from there."""
    return resources.files("contract").joinpath("data/verify.html").read_bytes()
