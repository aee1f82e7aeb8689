"""What each role of staff may do: the only place that says it."""

from __future__ import annotations

from typing import Literal

Right = Literal[
    "held-see",
    "held-decide",
    "audit-see",
    "prices-see",
    "prices-draft",
    "prices-sign",
    "desk",
    "fleet-see",
    "fleet-command",
    "shop",
]

RIGHTS: dict[str, frozenset[Right]] = {
    "read": frozenset({"held-see", "audit-see", "fleet-see"}),
    "decide": frozenset({"held-see", "held-decide", "audit-see"}),
    # Who drafts a price list and who signs it are two people, so they are two roles as well.
    "prices": frozenset({"prices-see", "prices-draft", "audit-see"}),
    "sign": frozenset({"prices-see", "prices-sign", "audit-see"}),
    "desk": frozenset({"desk"}),
    "fleet": frozenset({"fleet-see", "fleet-command", "audit-see"}),
    # Partners, their goods, refunds, and what guests' points are given to.
    "shop": frozenset({"shop", "audit-see"}),
}
"""Role → its rights. A member of staff has one role."""


def may(role: str, right: Right) -> bool:
    """Whether `role` has `right`; a role that this software does not know has none."""
    return right in RIGHTS.get(role, frozenset())
