"""The few HTML elements the screens are made of, on NiceGUI."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element

ASSETS = files("controller.screens") / "assets"


@cache
def asset(name: str) -> str:
    """The text of a file of `assets/`."""
    return (ASSETS / name).read_text(encoding="utf-8")


def box(classes: str, tag: str = "div") -> Element:
    """An element that holds others."""
    return ui.element(tag).classes(classes)


def text(words: str, classes: str = "", tag: str = "span") -> TextElement:
    """An element with words in it; they are never read as HTML."""
    return TextElement(tag=tag, text=words).classes(classes)


def drawing(name: str, classes: str = "", says: str = "") -> Element:
    """One of our own pictures (`assets/NAME.svg`), inline; `says` is its text for the blind."""
    picture = ui.html(asset(f"{name}.svg"), sanitize=False).classes(f"drawing {classes}")
    return picture.props('role=img aria-label="' + says + '"' if says else "aria-hidden=true")


def button(words: str, touched: Callable[[], None], classes: str = "", stays: str = "") -> Element:
    """Something to touch: at least 64 px high, reached by Tab and pressed by Enter.

    `stays` names what is the same button when it is drawn anew, so that it keeps the focus.
    """
    return (
        TextElement(tag="button", text=words)
        .props("type=button" + (f' data-stays="{stays}"' if stays else ""))
        .classes(f"touch {classes}")
        .on("click", touched, args=[])
    )


def keep_focus() -> None:
    """Let the page give the focus back to a button that was drawn anew (`assets/focus.js`)."""
    ui.add_body_html(f"<script>{asset('focus.js')}</script>")
