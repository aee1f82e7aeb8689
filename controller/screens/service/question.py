"""What a check asks whoever stands before the kiosk, and the fields that they touch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import background_tasks

from controller.core import touches
from controller.screens.saying import spoken
from controller.screens.service.elements import press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from nicegui.element import Element

    from controller.screens.service.counter import Counter

FIELDS = 15
"""Three across and five down: a dead stripe of a screen is wider than none of them."""


class Question:
    """The question of the check that runs; nothing where none asks."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._untouched: dict[int, Element] = {}

    @property
    def check(self) -> str:
        """Which check asks; empty where none does."""
        running = self._counter.session.service.running
        if self._counter.duty is None:
            return ""
        return running.check.name if running is not None and running.check.asks else ""

    def key(self) -> object:
        """What is drawn; fields that were touched change where they are."""
        return self.check, self._counter.words

    def draw(self) -> None:
        """The question with its two answers, or the fields of the screen."""
        words, check = self._counter.words, self.check
        if not check:
            return
        no = "feels-nothing" if check == "touch" else "not-so"
        with box("sheet asks").props(f'data-asks="{check}" role=alertdialog'):
            text(words.question(check), tag="h2")
            if check == "touch":
                self._fields()
            with box("row"):
                if check != "touch":
                    press(words.label("yes-so"), partial(self._answer, True), "main")
                element = press(words.label(no), partial(self._answer, False))
        if check == "speaker":
            background_tasks.create(self._speak(element), name="speaker test")

    def _fields(self) -> None:
        with box("fields"):
            self._untouched = {
                number: press(str(number + 1), partial(self._touch, number), "field")
                for number in range(FIELDS)
            }

    async def _touch(self, number: int) -> None:
        field = self._untouched.pop(number, None)
        if field is not None:
            field.classes("chosen")
            if not self._untouched:
                await self._answer(True)

    async def _answer(self, yes: bool) -> None:
        await self._counter.act(touches.CheckAnswered(yes))

    async def _speak(self, element: Element) -> None:
        """The kiosk says what it asks."""
        words, voice = self._counter.words, self._counter.desk.around.front.voice
        script = await spoken(voice, words.label("speaker-test"), words.language)
        element.client.run_javascript(script)
