"""Calibrating and verifying: what to lay on the pan now, and what was found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core import touches
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.core.service.procedure import Kind
    from controller.screens.service.counter import Counter
    from controller.screens.service.desk import Touch


class VerifyPage:
    """One procedure at a time; readings take themselves."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def key(self) -> object:
        """The step, how far it is, and what was said."""
        return told.procedure(self._counter.session), self._counter.words

    def draw(self) -> None:
        """What to lay on; where nothing is on its way, what may be begun."""
        words = self._counter.words
        if not self._counter.may(Act.VERIFY):
            text(words.label("inspectors-only"), tag="p")
            return
        row = told.procedure(self._counter.session)
        if row is not None and row["summary"]:
            with box("sheet"):
                text(row["summary"], "good" if row["passed"] else "bad", "h2")
        if row is None or row["summary"]:
            self._begin()
            return
        with box("sheet"):
            text(words.step(row), "figure").props("role=status aria-live=polite")
            text(words.label("step-of", done=row["done"], of=row["of"]), "soft")
            if row["said"]:
                text(row["said"], "bad", "p")
            with box("row"):
                self._press("take-reading", touches.ReadingTaken())
                self._press("give-up", touches.ProcedureGivenUp())

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
