"""Regions of a page that follow the view: each is drawn anew when what it reads has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.screens.chosen import NO_AIDS, Aids
from controller.screens.scenes import scene_of
from controller.screens.tags import box

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.view import View
    from controller.screens.chosen import Typing
    from controller.screens.scenes import Scene
    from controller.screens.words import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """What one browser shows now: the view, its language, the chamber's picture (data URL).

    `typing` is what somebody types at this browser, None while nobody does; `aids` are those that
    they asked for.
    """

    view: View
    words: Words
    picture: str = ""
    typing: Typing | None = None
    aids: Aids = NO_AIDS

    @property
    def sighted(self) -> bool:
        """Whether the picture shows the load in hand, and not an earlier one."""
        return bool(self.picture) and self.scene.picture in ("look", "drop", "back")

    @property
    def layout(self) -> str:
        """The page's arrangement."""
        return "keypad" if self.typing is not None else self.scene.layout

    @property
    def scene(self) -> Scene:
        """How the view is staged."""
        return scene_of(self.view)


class Part:
    """One region of a page.

    Args:
        classes: CSS classes of its element.
        reads: What of a moment it depends on; anything comparable. The language is read always.
        draw: Fills the element; called inside it, when what `reads` gives has changed.
        tag: HTML tag of its element.
    """

    def __init__(
        self,
        classes: str,
        reads: Callable[[Moment], object],
        draw: Callable[[Moment], None],
        tag: str = "div",
    ) -> None:
        self._box = box(classes, tag)
        self._reads = reads
        self._draw = draw
        self._read: object = None

    def update(self, moment: Moment) -> None:
        """Follow the view."""
        read = (moment.words, self._reads(moment))
        if read == self._read:
            return
        self._read = read
        self._box.clear()
        with self._box:
            self._draw(moment)
