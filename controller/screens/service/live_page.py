"""Every input of every bay as it is now and was lately, and what can be moved by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from controller.core import touches
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import Drawn, press
from controller.screens.service.plots import EVERY_S, Plots
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
    """All bays, live. Buttons stand still: what is drawn anew under a finger does not hear it."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._plots = {
            bay: Plots(counter, bay, partial(_told, counter, bay)) for bay in counter.session.bays
        }

    def key(self) -> object:
        """What the buttons hang on."""
        return self._counter.may(Act.MOVE), self._counter.words

    def draw(self) -> None:
        """One sheet a bay."""
        for bay in self._counter.session.bays:
            with box("sheet"):
                text(self._counter.words.label("bay", bay=bay.upper()), tag="h2")
                self._follow(_Figures(self._counter, bay))
                if self._counter.may(Act.MOVE):
                    self._motions(bay)
                    self._follow(_Jogged(self._counter, bay))
                self._plots[bay].draw()

    def _follow(self, part: _Figures | _Jogged) -> None:
        drawn = Drawn(part, box("part"))
        drawn.follow()
        ui.timer(EVERY_S, drawn.follow)

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

    def _press(self, label: str, touch: Touch) -> None:
        press(label, partial(self._counter.act, touch, self._counter.words.label("done")))


class _Figures:
    """What a bay tells now."""

    def __init__(self, counter: Counter, bay: str) -> None:
        self._counter = counter
        self._bay = bay

    def key(self) -> object:
        """What is told."""
        return _told(self._counter, self._bay)

    def draw(self) -> None:
        """A tile each."""
        words, row = self._counter.words, _told(self._counter, self._bay)
        if row["why_not"]:
            text(words.why_not(row["why_not"]), "bad", "p")
        with box("tiles"):
            for label, key, unit in TILES:
                with box("tile").props(f'data-input="{key}"'):
                    text(words.label(label), "soft")
                    text(self._shown(row[key], unit), "value")
            for index, permille in row["levels_permille"].items():
                with box("tile"):
                    text(words.label("bin-number", index=index), "soft")
                    text(words.label("level", percent=permille // 10), "value")

    def _shown(self, value: object, unit: str) -> str:
        words = self._counter.words
        if isinstance(value, bool):
            return words.label("yes" if value else "no")
        return "–" if value is None else words.figure(f"{value} {unit}".rstrip())


class _Jogged:
    """What came of motions by hand."""

    def __init__(self, counter: Counter, bay: str) -> None:
        self._counter = counter
        self._bay = bay

    def key(self) -> object:
        """The results."""
        results = self._counter.session.service.results
        return [
            (name, one)
            for (name, of), one in results.items()
            if of == self._bay and name.startswith("jog-")
        ]

    def draw(self) -> None:
        """A line each."""
        results = self._counter.session.service.results
        for (name, of), result in results.items():
            if of == self._bay and name.startswith("jog-"):
                advice = self._counter.words.advice(told.result(result, result.at_s))
                figure = self._counter.words.figure(result.finding.figure)
                text(advice or figure, result.finding.verdict, "p")


def _told(counter: Counter, bay: str) -> told.Told:
    return told.inputs_of(counter.session, counter.session.bays[bay])
