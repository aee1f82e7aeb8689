"""A hand at the screen: does what somebody means, by touch alone or by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.flow.credit import MORE
from controller.core.touches import (
    Answered,
    BayPicked,
    GuestBegan,
    NumberTyped,
    ReceiptWanted,
    ResidentLeft,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from controller.core.touches import Touch
    from controller.core.view import View
    from controller.screens.words import Words

    Press = Callable[[Page, str], None]

MOST_TABS = 40
"""More than any page has to touch."""


def finger(page: Page, name: str) -> None:
    """Touch the button that begins with these words."""
    page.locator("button:visible", has_text=name).first.click()


def keyboard(page: Page, name: str) -> None:
    """Go from one thing to the next until the focus is on it, and press Enter."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no Tab leads to {name!r}")


def touch(page: Page, meant: Touch, view: View, words: Words, press: Press) -> None:
    """Press one thing after the other until the screen has posted what is `meant`."""
    for name in _names(meant, view, words):
        press(page, name)


def _names(meant: Touch, view: View, words: Words) -> Iterator[str]:
    match meant:
        case GuestBegan():
            yield words.label("as-guest")
        case NumberTyped(number=number):
            yield words.label("by-phone")
            yield from number
            yield words.label("number-is-mine")
        case BayPicked(bay=bay):
            yield words.bay(bay)
        case ReceiptWanted():
            yield words.label("print")
        case Answered(answer=answer) if answer == MORE:
            yield words.label("more")
        case Answered(answer=answer):
            yield from (words.name(one.names) for one in view.choices if one.answer == answer)
        case ResidentLeft() if view.state == "ASKING":
            yield words.label("none-of-these")
        case ResidentLeft():
            yield words.label("cancel" if view.state == "IDENTIFIED" else "done")
        case _:
            raise AssertionError(f"residents touch no {meant}")
