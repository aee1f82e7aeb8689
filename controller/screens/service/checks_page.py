"""The checks as a table, with a button that runs each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core.service.acts import Act
from controller.core.service.checks import CHECKS
from controller.screens.service import told
from controller.screens.service.elements import press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.screens.service.counter import Counter

PRESET_G = 1_000
"""The known weight that a kiosk's technician carries."""


class ChecksPage:
    """All checks with their last results."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def key(self) -> object:
        """Results, and what runs."""
        service = self._counter.session.service
        running = service.running
        name = None if running is None else (running.check.name, running.bay)
        return dict(service.results), name, self._counter.words

    def draw(self) -> None:
        """One row a check."""
        words = self._counter.words
        if self._counter.may(Act.CHECK):
            press(words.label("run-quiet"), self._run_quiet, "main")
        with box("", "table"):
            with box("", "tr"):
                for column in ("check", "result", "figure", "limit", "when", "what-to-do", "run"):
                    text(words.label(column), tag="th")
            for row in told.checks(self._counter.session, self._counter.desk.now_s()):
                self._row(row)

    def _row(self, row: told.Told) -> None:
        words, name, bay = self._counter.words, row["check"], row["bay"]
        running = self._counter.session.service.running
        runs = running is not None and (running.check.name, running.bay) == (name, bay)
        verdict = "running" if runs else row["verdict"]
        place = words.label("bay", bay=bay.upper()) if bay else words.label("kiosk")
        when = "" if row["ago_s"] is None else self._counter.at(row["ago_s"])
        with box("", "tr").props(f'data-check="{name}"'):
            text(f"{words.check(name)} · {place}", tag="td")
            text(words.verdict(verdict), verdict or "not-run", "td")
            text(row["figure"] or "", tag="td")
            text(row["limit"] or "", "soft", "td")
            text(when, "soft", "td")
            text(words.advice(row), tag="td")
            with box("", "td"):
                if self._counter.may(Act.CHECK):
                    press(words.label("run"), partial(self._run, name, bay))

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
