"""What is wrong now and what to do about it, and what was wrong lately."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core import touches
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import Pieces, press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.screens.service.counter import Counter
    from controller.screens.service.desk import Touch


class FaultsPage:
    """Faults of all bays, and of the kiosk itself."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._pieces = Pieces()
        self._found = self._told()

    def key(self) -> object:
        """What the buttons hang on; what is wrong, was and was refused follows by itself."""
        self._found = self._told()
        self._pieces.follow()
        may = self._counter.may(Act.MEND), self._counter.may(Act.OPEN_BAY)
        return may, self._counter.words

    def draw(self) -> None:
        """What is wrong first."""
        self._pieces.clear()
        self._pieces.add(box("section"), lambda: self._found["now"], self._draw_now)
        self._ways_out()
        text(self._counter.words.label("history"), tag="h2")
        self._pieces.add(box("section"), self._before, self._draw_before)

    def _draw_now(self) -> None:
        words, now = self._counter.words, self._found["now"]
        if not now:
            text(words.label("no-faults"), "good", "p")
        for row in now:
            with box("sheet").props(f'data-fault="{row["fault"]}"'):
                text(f"{words.place(row['bay'])} · {row['fault']}", "bad", "h2")
                text(words.remedy(row), tag="p")

    def _before(self) -> object:
        """What was recorded, of which the oldest goes for the latest, and what was refused."""
        history = self._counter.session.service.history
        last = history[-1][0] if history else None
        return len(history), last, dict(self._found["refused"])

    def _draw_before(self) -> None:
        words, found = self._counter.words, self._found
        for row in found["history"]:
            word = words.label("began" if row["active"] else "ended")
            when = self._counter.at(row["ago_s"])
            text(f"{when} · {words.place(row['bay'])} · {row['fault']} · {word}", "soft", "p")
        if found["refused"]:
            text(words.label("refused"), tag="h2")
        for code, count in sorted(found["refused"].items()):
            text(words.label("refused-times", code=code, count=count), "soft", "p")

    def _ways_out(self) -> None:
        words = self._counter.words
        if not (self._counter.may(Act.MEND) or self._counter.may(Act.OPEN_BAY)):
            return
        for bay in self._counter.session.bays:
            with box("row"):
                text(words.label("bay", bay=bay.upper()))
                if self._counter.may(Act.MEND):
                    self._press(words.label("clear-faults"), touches.FaultsCleared(bay))
                    self._press(words.label("repaired"), touches.FaultsCleared(bay, repaired=True))
                    self._press(words.label("restart-node"), touches.NodeRestarted(bay))
                if self._counter.may(Act.OPEN_BAY):
                    self._press(words.label("open-bay"), touches.BayChecked(bay))

    def _press(self, label: str, touch: Touch) -> None:
        press(label, partial(self._counter.act, touch, self._counter.words.label("done")))

    def _told(self) -> told.Told:
        return told.standing_faults(self._counter.session, self._counter.desk.now_s())
