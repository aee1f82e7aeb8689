"""The seven unified points of this site: passed, failed or unknown, each from data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from controller.core.service.audit.points import PASS
from controller.screens.service import told
from controller.screens.service.elements import press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.screens.service.counter import Counter

SOON_S = 0.05
"""The journal is read after the page has said that it looks."""

OLD_S = 60.0
"""What was found longer ago is looked for anew."""

_CLASSES = {word: verdict for verdict, word in PASS.items()}


class AuditPage:
    """One row a point; looked at anew every minute, and when asked."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._rows: list[told.Told] | None = None
        self._at_s = 0.0

    def key(self) -> object:
        """What was found just now, in the language of the page."""
        if self._counter.desk.now_s() - self._at_s > OLD_S:
            self._rows = None
        return self._rows, self._counter.words

    def draw(self) -> None:
        """The seven points, and what to do about those that do not pass."""
        words = self._counter.words
        if self._rows is None:
            text(words.label("looking"), "soft", "p")
            ui.timer(SOON_S, self._look, once=True)
            return
        press(words.label("look-again"), self._again, "main")
        with box("", "table"):
            with box("", "tr"):
                for column in ("point", "result", "figure", "limit", "what-to-do"):
                    text(words.label(column), tag="th")
            for row in self._rows:
                self._row(row)

    def _row(self, row: told.Told) -> None:
        words = self._counter.words
        with box("", "tr").props(f'data-point="{row["point"]}"'):
            text(words.point(row["point"]), tag="td")
            text(words.verdict(row["verdict"]), _CLASSES[row["verdict"]], "td")
            text(words.figure(row["figure"]), tag="td")
            text(words.figure(row["limit"]), "soft", "td")
            text(words.advice(row), tag="td")

    def _again(self) -> None:
        self._rows = None

    async def _look(self) -> None:
        around, session = self._counter.desk.around, self._counter.session
        self._rows = told.audit(await around.audited(session))
        self._at_s = self._counter.desk.now_s()
