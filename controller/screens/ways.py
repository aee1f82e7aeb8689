"""Ways to begin without a code or a card: a phone number, or no name at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core.touches import GuestBegan
from controller.core.viewing import CLOSED
from controller.screens.tags import button, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.screens.parts import Moment
    from controller.screens.visit import Post
    from controller.screens.words import Words


def offered(moment: Moment) -> object:
    """What `draw` depends on: nothing is offered while nothing is taken."""
    view = moment.view
    return view.phones, view.takes_something and view.message != CLOSED


def draw(moment: Moment, post: Post, type_number: Callable[[], None]) -> None:
    """A button for each way that this kiosk has."""
    if not moment.view.takes_something or moment.view.message == CLOSED:
        return
    if moment.view.phones:
        _way(moment.words, "by-phone", type_number)
    _way(moment.words, "as-guest", partial(post, GuestBegan()))


def _way(words: Words, name: str, begin: Callable[[], None]) -> None:
    with button("", begin, "way-in", stays=name):
        text(words.label(name))
        text(words.label(f"{name}-how"), "how-so")
