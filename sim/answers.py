"""What people make of a screen: whether it is their turn, and what they say when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.core.view import PriceRow, View

NONE_OF_THESE = "none-of-these"
ITEM_CODES = {"carton": "cardboard", "t-shirt": "textile"}
"""Kinds of things that the catalogue calls by another name."""


def free(view: View) -> bool:
    """Whether the screen invites the next resident."""
    return view.state == "IDLE" and any(row.usable for row in view.bays)


def named(kind: str, view: View) -> str:
    """The answer of somebody who knows what they brought."""
    code = ITEM_CODES.get(kind, kind)
    return code if any(choice.answer == code for choice in view.choices) else NONE_OF_THESE


def pays_best(view: View) -> str:
    """The answer of somebody who wants points."""
    rows = {row.item_code: row for row in view.prices}
    offered = [choice.answer for choice in view.choices if choice.answer in rows]
    return max(offered, key=lambda one: _worth(rows[one]), default=NONE_OF_THESE)


def _worth(row: PriceRow) -> int:
    """Points for a kilogram, or for as many pieces as make about one."""
    return row.points_per_kg or PIECES_A_KG * (row.points_per_piece or 0)


PIECES_A_KG = 50
"""Bottles or cans of 20 g."""
