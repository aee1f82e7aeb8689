"""What helps to read, reach and hear: large type, low controls, sentences read out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.screens.chosen import AIDS
from controller.screens.tags import button, drawing, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.screens.chosen import Aid
    from controller.screens.parts import Moment


def draw(moment: Moment, switch: Callable[[Aid], None]) -> None:
    """A button for each, pressed while it is on."""
    for aid in AIDS:
        pressed = "true" if getattr(moment.aids, aid) else "false"
        touch = button("", partial(switch, aid), "aid", stays=aid).props(f"aria-pressed={pressed}")
        with touch:
            drawing(f"aid-{aid}")
            text(moment.words.label(f"aid-{aid}"))
