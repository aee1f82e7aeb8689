"""What is wrong now and what to do about it, and what was wrong lately."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core import touches
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.screens.service.counter import Counter
    from controller.screens.service.desk import Touch


class FaultsPage:
    """Faults of all bays, and of the kiosk itself."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def key(self) -> object:
        """What is wrong, how much was recorded, and how much was refused."""
        service, found = self._counter.session.service, self._told()
        return found["now"], len(service.history), found["refused"], self._counter.words

    def draw(self) -> None:
        """What is wrong first."""
        words, found = self._counter.words, self._told()
        if not found["now"]:
            text(words.label("no-faults"), "good", "p")
        for row in found["now"]:
            with box("sheet").props(f'data-fault="{row["fault"]}"'):
                text(f"{words.place(row['bay'])} · {row['fault']}", "bad", "h2")
                text(words.remedy(row), tag="p")
        self._ways_out()
        text(words.label("history"), tag="h2")
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
