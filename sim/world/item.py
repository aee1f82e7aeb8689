"""What people bring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One thing (or a bag of `pieces` of one kind) that a person brings.

    `name` is unique in a run, `kind` is what it is, `mass_g` the mass of all of it and
    `size_mm` the gap it needs to pass the hatch. Things of one `load` are laid down together.
    """

    name: str
    kind: str
    mass_g: int
    pieces: int = 1
    size_mm: int = 100
    load: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """As much of an item as is in one place: all of it, unless it fell in parts."""

    item: Item
    mass_g: int
