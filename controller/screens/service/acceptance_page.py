"""The acceptance of a new site, guided: what to do now, what was found, and the report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from contract.hours import local_time
from controller.core.service.acts import Act
from controller.screens.service.accepting import AcceptanceDesk
from controller.screens.service.checks_page import PRESET_G
from controller.screens.service.elements import press
from controller.screens.service.refusal import RefusedError
from controller.screens.service.report_html import report_page
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from controller.screens.service.counter import Counter


class AcceptancePage:
    """One check after the other; what is skipped stays open."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._desk = AcceptanceDesk(counter.desk)
        self._skipped: set[tuple[str, str]] = set()

    def key(self) -> object:
        """What was found, and what is skipped."""
        running = self._counter.session.service.running
        shown = self._desk.told(), frozenset(self._skipped), running is not None
        return *shown, self._counter.may(Act.CHECK), self._counter.words

    def draw(self) -> None:
        """The check that is next, with what to do for it; then those that were run."""
        words, told = self._counter.words, self._desk.told()
        if not self._counter.may(Act.CHECK):
            text(words.label("acceptance-not-yours"), tag="p")
        elif told is None:
            self._begin()
        else:
            with box("sheet"):
                self._next(told["checks"])
            self._found(told["checks"])

    def _begin(self) -> None:
        words = self._counter.words
        with box("sheet"):
            text(words.label("acceptance-hint"), tag="p")
            press(words.label("acceptance-begin"), self._start, "main")
        if (report := self._last()) is not None:
            with box("sheet"):
                text(words.label("report-there"), "good", "h2")
                text(local_time(report["ended"]), "soft")
                press(words.label("report-save"), partial(self._save, report))

    def _last(self) -> dict[str, Any] | None:
        try:
            return self._desk.last()
        except RefusedError:
            return None

    def _next(self, rows: list[dict[str, str]]) -> None:
        words = self._counter.words
        left = [row for row in rows if not row["verdict"]]
        step = next((one for one in left if (one["check"], one["bay"]) not in self._skipped), None)
        done = len(rows) - len(left)
        text(words.label("acceptance-done", done=done, of=len(rows)), "soft")
        if step is None:
            text(words.label("acceptance-over", open=len(left)), tag="h2")
            with box("row"):
                press(words.label("acceptance-end"), self._end, "main")
                press(words.label("acceptance-open-ones"), self._skipped.clear)
                press(words.label("give-up"), self._give_up)
            return
        name, bay = step["check"], step["bay"]
        place = words.label("bay", bay=bay.upper()) if bay else words.label("kiosk")
        text(f"{words.check(name)} · {place}", "", "h2").props(f'data-step="{name}"')
        text(words.prepare(name), tag="p")
        with box("row"):
            press(words.label("run"), partial(self._run, name, bay), "main")
            press(words.label("skip"), partial(self._skip, name, bay))
            press(words.label("give-up"), self._give_up)

    def _found(self, rows: list[dict[str, str]]) -> None:
        words = self._counter.words
        with box("", "table"):
            for row in [one for one in rows if one["verdict"]]:
                name, bay = row["check"], row["bay"]
                place = words.label("bay", bay=bay.upper()) if bay else words.label("kiosk")
                with box("", "tr"):
                    text(f"{words.check(name)} · {place}", tag="td")
                    text(words.verdict(row["verdict"]), row["verdict"], "td")
                    text(words.figure(row["figure"]), tag="td")
                    text(words.advice(row), tag="td")
                    with box("", "td"):
                        press(words.label("again"), partial(self._run, name, bay))

    async def _start(self) -> None:
        self._skipped.clear()
        await self._do(self._desk.begin(self._counter.token))

    async def _give_up(self) -> None:
        await self._do(self._desk.give_up(self._counter.token))

    async def _run(self, name: str, bay: str) -> None:
        load_g = PRESET_G if name == "scale-load" else None
        desk, token = self._counter.desk, self._counter.token
        await self._do(desk.check(token, name, bay, load_g))

    def _skip(self, name: str, bay: str) -> None:
        self._skipped.add((name, bay))

    async def _end(self) -> None:
        await self._do(self._desk.end(self._counter.token))

    def _save(self, report: dict[str, Any]) -> None:
        page = report_page(report, self._counter.words)
        ui.download.content(page, f"acceptance-{report['kiosk']}.html", "text/html")

    async def _do(self, act: Awaitable[object]) -> None:
        await self._counter.do(act, "")
