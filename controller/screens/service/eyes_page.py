"""The kiosk's eyes: focus while somebody turns the lens, empty reference, items that it learns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from controller.core import touches
from controller.core.service.acts import Act
from controller.ports import FOREIGN
from controller.screens.service.elements import Drawn, Pieces, press
from controller.screens.service.eyes import EyesDesk
from controller.screens.service.refusal import RefusedError
from controller.screens.service.sharpness import FOCUS_S, Sharpness
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Container

    from controller.ports import Lesson
    from controller.screens.service.counter import Counter


class EyesPage:
    """One bay after the other; what is taught of items is of the whole kiosk."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._eyes = EyesDesk(counter.desk)
        self._item = ""
        self._learns = False
        self._pieces = Pieces()
        self._there: dict[str, Any] | None = None
        self._sharp = {bay: Sharpness(counter, self._eyes, bay) for bay in counter.session.bays}

    def key(self) -> object:
        """Whether somebody may teach here; what is there, and chosen, follows by itself."""
        self._there = self._told()  # once a look: it lies on a card
        self._pieces.follow()
        return self._may, self._counter.words

    def draw(self) -> None:
        """Focus and reference of each bay, then the items."""
        words = self._counter.words
        self._pieces.clear()
        if not self._may:
            text(words.label("eyes-not-here"), tag="p")
            return
        for bay in self._counter.session.bays:
            with box("sheet"):
                text(words.label("bay", bay=bay.upper()), tag="h2")
                self._focus(bay)
                self._empty(bay)
        with box("sheet"):
            self._teach()

    @property
    def _may(self) -> bool:
        return self._there is not None and self._counter.may(Act.TEACH)

    def _told(self) -> dict[str, Any] | None:
        try:
            return self._eyes.told()
        except RefusedError:
            return None

    def _has_empty(self, bay: str) -> bool:
        return self._there is not None and self._there["empty"][bay]

    @property
    def _pictures(self) -> dict[str, int]:
        """How many pictures there are of each label that can be taught."""
        return {} if self._there is None else dict(self._there["pictures"])

    def _focus(self, bay: str) -> None:
        words, sharp = self._counter.words, self._sharp[bay]
        text(words.label("focus"), "soft", "p")
        drawn = Drawn(sharp, box("part"))
        drawn.follow()
        ui.timer(FOCUS_S, partial(self._follow, sharp, drawn))
        with box("row"):
            press(words.label("focus-start"), sharp.start)
            press(words.label("focus-stop"), sharp.stop)

    async def _follow(self, sharp: Sharpness, drawn: Drawn) -> None:
        await sharp.look()
        drawn.follow()

    def _empty(self, bay: str) -> None:
        words = self._counter.words
        self._pieces.add(box("part"), partial(self._has_empty, bay), partial(self._draw_empty, bay))
        text(words.label("empty-hint"), "soft", "p")
        with box("row"):
            press(words.label("take-empty"), partial(self._take_empty, bay), "main")
            press(words.label("undo"), partial(self._undo_empty, bay))

    def _draw_empty(self, bay: str) -> None:
        words = self._counter.words
        there = words.label("empty-there" if self._has_empty(bay) else "empty-none")
        text(f"{words.label('empty-title')}: {there}", tag="h2")

    def _teach(self) -> None:
        words = self._counter.words
        text(words.label("teach-title"), tag="h2")
        text(words.label("teach-hint"), "soft", "p")
        self._pieces.add(box("row"), lambda: (self._pictures, self._item), self._draw_items)
        for bay in self._counter.session.bays:
            with box("row"):
                text(words.label("bay", bay=bay.upper()))
                self._jog("open-hatch", touches.HatchJogged(bay, True))
                self._jog("close-hatch", touches.HatchJogged(bay, False))
                press(words.label("take-picture"), partial(self._show, bay), "main")
        self._pieces.add(box("part"), lambda: self._learns, self._draw_learning)
        with box("row"):
            press(words.label("finish-lesson"), self._finish, "main")
            press(words.label("undo-lesson"), self._undo)
            press(words.label("forget-lesson"), self._forget)

    def _draw_items(self) -> None:
        words, pictures = self._counter.words, self._pictures
        for code, label, name in self._items(pictures):
            kind = words.label("foreign-kind") if label == FOREIGN else words.kind(label)
            said = words.label("class-count", name=name, label=kind, count=pictures.get(label, 0))
            press(said, partial(self._choose, code), "chosen" if code == self._item else "")

    def _draw_learning(self) -> None:
        if self._learns:
            text(self._counter.words.label("learning"), "running", "p")

    def _items(self, known: Container[str]) -> list[tuple[str, str, str]]:
        """Code, class and name of what this kiosk takes, and of what it does not.

        A catalogue may be newer than the model, and have a class that it cannot learn.
        """
        session, words = self._counter.session, self._counter.words
        streams = {stream for bay in session.bays.values() for stream in bay.bins}
        taken = [
            (one.code, one.classes[0], getattr(one.names, words.language))
            for one in session.catalogue.items
            if one.stream in streams and one.classes and one.classes[0] in known
        ]
        return [*taken, (FOREIGN, FOREIGN, words.label("foreign"))]

    def _choose(self, item: str) -> None:
        self._item = item

    def _jog(self, label: str, touch: touches.HatchJogged) -> None:
        words = self._counter.words
        press(words.label(label), partial(self._counter.act, touch, words.label("done")))

    async def _take_empty(self, bay: str) -> None:
        await self._do(self._eyes.take_empty(self._counter.token, bay))

    async def _undo_empty(self, bay: str) -> None:
        await self._do(self._eyes.undo_empty(self._counter.token, bay))

    async def _show(self, bay: str) -> None:
        if not self._item:
            self._counter.say(self._counter.words.label("choose-item"), bad=True)
            return
        await self._do(self._eyes.show(self._counter.token, bay, self._item))

    async def _forget(self) -> None:
        await self._do(self._eyes.forget(self._counter.token))

    async def _undo(self) -> None:
        await self._do(self._eyes.undo(self._counter.token))

    async def _do(self, act: Awaitable[object]) -> None:
        await self._counter.do(act, self._counter.words.label("done"))

    async def _finish(self) -> None:
        counter, words = self._counter, self._counter.words
        found: list[Lesson] = []
        self._learns = True

        async def learn() -> None:
            found.append(await self._eyes.finish(counter.token))

        try:
            await counter.do(learn(), "")
        finally:
            self._learns = False
        for one in found:
            before, after = round(100 * one.right_before), round(100 * one.right_after)
            figures = {"before": before, "after": after, "pictures": one.pictures}
            counter.say(words.label("lesson-holds" if one.holds else "lesson-not", **figures))
