"""The keypad: a phone number typed key by key, seen whole, and said to be right.

What is typed stays in this browser's page until then, and is in no log and no representation.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.screens.chosen import DELETE
from controller.screens.tags import box, button, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.screens.parts import Moment

KEYS = "123456789"


def number(moment: Moment) -> None:
    """The number as far as it is typed."""
    if moment.typing is not None:
        text(moment.typing.grouped, "digits").props("role=status aria-live=polite")


def shown(moment: Moment) -> object:
    """What `keys` depends on: keys that were drawn anew at each touch would miss a quick finger."""
    return None if moment.typing is None else moment.typing.is_whole


def keys(
    moment: Moment,
    press: Callable[[str], None],
    confirm: Callable[[], None],
    leave: Callable[[], None],
) -> None:
    """The keys; once the number is whole, two answers in their place."""
    typing, words = moment.typing, moment.words
    if typing is None:
        return
    if typing.is_whole:
        button(words.label("number-is-mine"), confirm, "main")
        button(words.label("correct-number"), partial(press, DELETE), "quiet")
        return
    with box("keys").props(f'role=group aria-label="{words.label("keypad")}"'):
        for key in KEYS:
            button(key, partial(press, key), "key")
        button(words.label("delete-digit"), partial(press, DELETE), "key quiet")
        button("0", partial(press, "0"), "key")
        button(words.label("cancel-typing"), leave, "key quiet")
