"""What somebody carries to the kiosk and lays on its pan, with their hands and their tricks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.camera import SimCamera
    from sim.world import Item, Part


class Bay(Protocol):
    """A bay as a person can use it."""

    def hand(self, inside: bool) -> bool:
        """Put a hand into the opening or take it out; False where it cannot get in."""

    def put(self, item: Item) -> bool:
        """Lay an item on the pan; False where it cannot get in."""

    def take(self) -> list[Part]:
        """Take back everything that a hand inside can reach."""

    def tie(self, on: bool) -> None:
        """Hold what lies there on a string, so that it does not fall, or let go of it."""


class Hands:
    """Two hands, what is in them, and what was given and taken back.

    `lying` while something of this person lies on a pan.

    Args:
        owner: Whose they are; names what is laid down together.
        items: What they bring, in order.
        bays: The kiosk's bays by name.
    """

    def __init__(self, owner: str, items: Sequence[Item], bays: Mapping[str, Bay]) -> None:
        self.holding = list(items)
        self.given: list[Item] = []
        self.took_back: list[Part] = []
        self.lying = False
        self._owner = owner
        self._bays = bays
        self._inside: str | None = None
        self._string: Mapping[str, SimCamera] = {}
        self._more_g = 0

    def tie(self, cameras: Mapping[str, SimCamera]) -> None:
        """Verb: the next thing hangs on a string, which the bays' `cameras` see."""
        self._string = cameras

    def weigh_down(self, more_g: int) -> None:
        """Verb: the next thing has something else in it."""
        self._more_g += more_g

    def reach_into(self, bay: str) -> bool:
        """Put a hand into the opening; False where it is too small."""
        if self._bays[bay].hand(True):
            self._inside = bay
        return self._inside == bay

    def draw_back(self) -> None:
        """Take the hand out, wherever it is."""
        if self._inside is not None:
            self._bays[self._inside].hand(False)
        self._inside = None

    def lay_down(self, bay: str, at_once: int) -> bool:
        """Put the next thing, or so many at once, on the pan; False where nothing got in."""
        together = f"{self._owner}/{len(self.given)}"
        for item in self.holding[:at_once]:
            heavy = replace(item, mass_g=item.mass_g + self._more_g, load=together)
            if not self._bays[bay].put(heavy):
                break
            self._more_g = 0
            self.lying = True
            self.given.append(heavy)
            del self.holding[0]
        if self.lying and self._string:
            self._hold(bay, True)
        return self.lying

    def pick_up(self, bay: str) -> None:
        """Take it out once more, to lay it down again."""
        taken = len(self._bays[bay].take())
        if taken:
            self.holding[:0] = self.given[-taken:]
            del self.given[-taken:]
        self.lying = False

    def take_back(self, bay: str) -> None:
        """Take what is given back, string and all, and keep it."""
        self.took_back += self._bays[bay].take()
        self.lying = False
        if self._string:
            self._hold(bay, False)
            self._string = {}

    def _hold(self, bay: str, on: bool) -> None:
        self._bays[bay].tie(on)
        self._string[bay].chamber.string = on
