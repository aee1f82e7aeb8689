"""Every input of every bay as it is now, and what can be moved by hand."""

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

TILES = (
    ("mass", "mass_g", "g"),
    ("hatch", "hatch", ""),
    ("gate", "gate", ""),
    ("hand", "hand", ""),
    ("presence", "presence", ""),
    ("motor", "motor_ma", "mA"),
    ("temperature", "temperature_c", "°C"),
    ("openings", "hatch_openings", ""),
    ("cycles", "gate_cycles", ""),
)
"""Label, key of what the desk tells, unit."""


class LivePage:
    """All bays, live."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def key(self) -> object:
        """What the bays tell, in the language of the page."""
        jogged = [
            one for (name, _), one in self._counter.session.service.results.items() if "jog" in name
        ]
        return told.inputs(self._counter.session), jogged, self._counter.words

    def draw(self) -> None:
        """One sheet a bay."""
        for row in told.inputs(self._counter.session):
            with box("sheet"):
                self._bay(row)

    def _bay(self, row: told.Told) -> None:
        words = self._counter.words
        text(words.label("bay", bay=row["bay"].upper()), tag="h2")
        if row["why_not"]:
            text(row["why_not"], "bad", "p")
        with box("tiles"):
            for label, key, unit in TILES:
                with box("tile").props(f'data-input="{key}"'):
                    text(words.label(label), "soft")
                    text(self._shown(row[key], unit), "value")
            for index, permille in row["levels_permille"].items():
                with box("tile"):
                    text(words.label("bin-number", index=index), "soft")
                    text(words.label("level", percent=permille // 10), "value")
        if self._counter.may(Act.MOVE):
            self._motions(row["bay"])

    def _motions(self, bay: str) -> None:
        words, config = self._counter.words, self._counter.session.bays[bay].config
        with box("row"):
            self._press(words.label("open-hatch"), touches.HatchJogged(bay, True))
            self._press(words.label("close-hatch"), touches.HatchJogged(bay, False))
            for one in config.bins:
                cycle = touches.GateJogged(bay, one.index)
                self._press(words.label("cycle-gate", bin=one.index), cycle)
            self._press(words.label("light-on"), touches.LightSwitched(bay, True))
            self._press(words.label("light-off"), touches.LightSwitched(bay, False))
        for (name, of), result in self._counter.session.service.results.items():
            if of == bay and name.startswith("jog-"):
                advice = words.advice(told.result(result, result.at_s))
                text(advice or result.finding.figure, result.finding.verdict, "p")

    def _press(self, label: str, touch: Touch) -> None:
        press(label, partial(self._counter.act, touch, self._counter.words.label("done")))

    def _shown(self, value: object, unit: str) -> str:
        words = self._counter.words
        if isinstance(value, bool):
            return words.label("yes" if value else "no")
        return "–" if value is None else f"{value} {unit}".rstrip()
