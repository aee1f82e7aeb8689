"""What may come of a load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.catalogue import Item
    from contract.points import Priced

MAX_CHOICES = 4
"""More answers than this are no question that a resident at a hatch can be asked."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the load as `item`, into the bin at `bin_index`."""

    item: Item
    bin_index: int
    pieces: int
    priced: Priced


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the resident which of these items it is."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """Give the load back; `reason` is a key of the screens' text table."""

    reason: str


Verdict = Accept | Ask | Return
