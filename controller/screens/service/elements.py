"""The few elements that the service pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from nicegui.elements.mixins.text_element import TextElement

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from nicegui.element import Element

Key = TypeVar("Key")


class Section(Protocol):
    """One part of the service page: drawn anew when what `key` gives has changed."""

    def key(self) -> object:
        """Everything that is drawn, so that the same is not drawn again."""

    def draw(self) -> None:
        """Draw it into the element that is open."""


class Drawn:
    """A section in its element, drawn anew where it has changed."""

    def __init__(self, section: Section, root: Element) -> None:
        self._section = section
        self._root = root
        self._key: object = None

    def follow(self) -> None:
        """Draw it anew, if it has changed and its element is still there."""
        if self._root.is_deleted:
            return
        key = self._section.key()
        if key == self._key:
            return
        self._key = key
        self._root.clear()
        with self._root:
            self._section.draw()


@dataclass(frozen=True, slots=True)
class Piece:
    """A section that is no class of its own: what is drawn, and how."""

    key: Callable[[], object]
    draw: Callable[[], None]


class Pieces:
    """What a page draws piece by piece, so that a piece that changes leaves the others alone."""

    def __init__(self) -> None:
        self._drawn: list[Drawn] = []

    def clear(self) -> None:
        """Follow none any more: the page draws itself anew."""
        self._drawn.clear()

    def add(self, root: Element, key: Callable[[], object], draw: Callable[[], None]) -> None:
        """Draw a piece into its own element, now and whenever what `key` gives has changed."""
        piece = Drawn(Piece(key, draw), root)
        piece.follow()
        self._drawn.append(piece)

    def follow(self) -> None:
        """Draw anew what has changed."""
        for one in self._drawn:
            one.follow()


def mark(choices: Mapping[Key, Element], chosen: Key | None) -> None:
    """Show which of some `press` buttons is the chosen one, without drawing any anew."""
    for key, choice in choices.items():
        choice.classes(replace="press chosen" if key == chosen else "press")


def press(words: str, act: Callable[[], Awaitable[None] | None], classes: str = "") -> Element:
    """Something to press in gloves: at least 64 px high, reached by Tab and pressed by Enter.

    It keeps the focus when it is drawn anew with the same words.
    """
    button = TextElement(tag="button", text=words).props("type=button").classes(f"press {classes}")
    button.props["data-stays"] = words
    return button.on("click", act, args=[])
