"""Names of the shop's accounts in the books.

Points go from a resident to what is reserved for a partner, and from there to the partner or back.
"""

from __future__ import annotations


def partner_account(partner: str) -> str:
    """What a partner earned, and has not been paid for."""
    return f"partner:{partner}"


def reserved_account(partner: str) -> str:
    """What residents have reserved at a partner and neither taken nor given up."""
    return f"partner-reserved:{partner}"


def cause_account(cause: str) -> str:
    """What guests' points gave to a cause of the city."""
    return f"cause:{cause}"
