"""The few elements that the service pages are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nicegui.elements.mixins.text_element import TextElement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nicegui.element import Element


class Section(Protocol):
    """One part of the service page: drawn anew when what `key` gives has changed."""

    def key(self) -> object:
        """Everything that is drawn, so that the same is not drawn again."""

    def draw(self) -> None:
        """Draw it into the element that is open."""


def press(words: str, act: Callable[[], Awaitable[None] | None], classes: str = "") -> Element:
    """Something to press in gloves: at least 64 px high, reached by Tab and pressed by Enter."""
    return (
        TextElement(tag="button", text=words)
        .props("type=button")
        .classes(f"press {classes}")
        .on("click", act, args=[])
    )
