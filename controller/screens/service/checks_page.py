"""The checks as a table, with a button that runs each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core.service.acceptance import plan
from controller.core.service.acts import Act
from controller.core.service.checks import CHECKS
from controller.screens.service import told
from controller.screens.service.elements import Drawn, press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller.core.service.check import Result
    from controller.screens.service.counter import Counter

PRESET_G = 1_000
"""The known weight that a kiosk's technician carries."""


class ChecksPage:
    """All checks with their last results. Each row is drawn anew by itself: the others hear."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._rows: list[Drawn] = []

    def key(self) -> object:
        """What the buttons hang on; the rows follow by themselves."""
        for row in self._rows:
            row.follow()
        return self._counter.may(Act.CHECK), self._counter.words

    def draw(self) -> None:
        """One row a check."""
        words = self._counter.words
        if self._counter.may(Act.CHECK):
            press(words.label("run-quiet"), self._run_quiet, "main")
        with box("", "table"):
            with box("", "tr"):
                for column in ("check", "result", "figure", "limit", "when", "what-to-do", "run"):
                    text(words.label(column), tag="th")
            self._rows = [self._row(name, bay) for name, bay in plan(self._counter.session.bays)]

    def _row(self, name: str, bay: str) -> Drawn:
        element = box("", "tr").props(f'data-check="{name}"')
        row = Drawn(_Row(self._counter, name, bay, partial(self._run, name, bay)), element)
        row.follow()
        return row

    async def _run(self, name: str, bay: str) -> None:
        load_g = PRESET_G if name == "scale-load" else None
        desk, token = self._counter.desk, self._counter.token
        await self._counter.do(desk.check(token, name, bay, load_g), "")

    async def _run_quiet(self) -> None:
        """One after the other, all that move nothing, count nothing and take no picture."""
        for name, check in CHECKS.items():
            if not check.at_once:
                continue
            for bay in check.places(self._counter.session.bays):
                await self._run(name, bay)


class _Row:
    """One check of one bay, or of the kiosk."""

    def __init__(
        self, counter: Counter, name: str, bay: str, run: Callable[[], Awaitable[None]]
    ) -> None:
        self._counter = counter
        self._name = name
        self._bay = bay
        self._run = run

    def key(self) -> object:
        """Its result, and whether it runs."""
        return self._result, self._runs

    def draw(self) -> None:
        """A cell each."""
        words, row = self._counter.words, told.result(self._result, self._counter.desk.now_s())
        verdict = "running" if self._runs else row["verdict"]
        place = words.label("bay", bay=self._bay.upper()) if self._bay else words.label("kiosk")
        when = (row["day"] or "") if row["ago_s"] is None else self._counter.at(row["ago_s"])
        text(f"{words.check(self._name)} · {place}", tag="td")
        text(words.verdict(verdict), verdict or "not-run", "td")
        text(words.figure(row["figure"]), tag="td")
        text(words.figure(row["limit"]), "soft", "td")
        text(when, "soft", "td")
        text(words.advice(row), tag="td")
        with box("", "td"):
            if self._counter.may(Act.CHECK):
                press(words.label("run"), self._run)

    @property
    def _result(self) -> Result | None:
        return self._counter.session.service.results.get((self._name, self._bay))

    @property
    def _runs(self) -> bool:
        running = self._counter.session.service.running
        return running is not None and (running.check.name, running.bay) == (self._name, self._bay)
