"""Calibrating and verifying: what to lay on the pan now, and what was found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core import touches
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import Pieces, press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.core.service.procedure import Kind
    from controller.screens.service.counter import Counter
    from controller.screens.service.desk import Touch


class VerifyPage:
    """One procedure at a time; readings take themselves."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._pieces = Pieces()
        self._row: told.Told | None = None

    def key(self) -> object:
        """Whether a procedure is on its way, or what came of it; its step follows by itself."""
        self._row = told.procedure(self._counter.session)
        self._pieces.follow()
        come_of = None if self._row is None else self._row["summary"]
        return come_of, self._counter.may(Act.VERIFY), self._counter.words

    def draw(self) -> None:
        """What to lay on; where nothing is on its way, what may be begun."""
        row = self._row
        self._pieces.clear()
        if not self._counter.may(Act.VERIFY):
            text(self._counter.words.label("inspectors-only"), tag="p")
            return
        if row is not None and row["summary"]:
            with box("sheet"):
                text(row["summary"], "good" if row["passed"] else "bad", "h2")
        if row is None or row["summary"]:
            self._begin()
            return
        with box("sheet"):
            self._pieces.add(box("part"), lambda: self._row, self._step)
            with box("row"):
                self._press("take-reading", touches.ReadingTaken())
                self._press("give-up", touches.ProcedureGivenUp())

    def _step(self) -> None:
        words, row = self._counter.words, self._row
        if row is None:  # it was given up: the page is about to be drawn anew
            return
        text(words.step(row), "figure").props("role=status aria-live=polite")
        text(words.label("step-of", done=row["done"], of=row["of"]), "soft")
        if row["said"]:
            text(row["said"], "bad", "p")

    def _begin(self) -> None:
        words = self._counter.words
        for bay in self._counter.session.bays:
            with box("row"):
                text(words.label("bay", bay=bay.upper()), tag="h2")
                press(words.label("verify"), partial(self._start, bay, "verify"), "main")
                press(words.label("calibrate"), partial(self._start, bay, "calibrate"))
        text(words.label("verify-hint"), "soft", "p")

    async def _start(self, bay: str, kind: Kind) -> None:
        await self._counter.act(touches.ProcedureBegun(bay, kind))

    def _press(self, label: str, touch: Touch) -> None:
        press(self._counter.words.label(label), partial(self._counter.act, touch))
