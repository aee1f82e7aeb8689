"""The acceptance of a new site, guided: what to do now, what was found, and the report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from contract.hours import local_time
from controller.core.service.acceptance import plan
from controller.core.service.acts import Act
from controller.screens.service.accepting import AcceptanceDesk, row_of
from controller.screens.service.checks_page import PRESET_G
from controller.screens.service.elements import Pieces, press
from controller.screens.service.refusal import RefusedError
from controller.screens.service.report_html import report_page
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller.screens.service.counter import Counter


class AcceptancePage:
    """One check after the other; what is skipped stays open."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._desk = AcceptanceDesk(counter.desk)
        self._skipped: set[tuple[str, str]] = set()
        self._pieces = Pieces()

    def key(self) -> object:
        """Whether one is on its way; what is next and what was found follow by themselves."""
        self._pieces.follow()
        begun = self._counter.session.service.acceptance is not None
        return begun, self._counter.may(Act.CHECK), self._counter.words

    def draw(self) -> None:
        """The check that is next, with what to do for it; then those that were run."""
        self._pieces.clear()
        if not self._counter.may(Act.CHECK):
            text(self._counter.words.label("acceptance-not-yours"), tag="p")
        elif self._desk.told() is None:
            self._begin()
        else:
            self._pieces.add(box("sheet"), self._left, self._next)
            with box("", "table"):
                for step in plan(self._counter.session.bays):
                    row = partial(self._row, step)
                    self._pieces.add(box("", "tr"), row, partial(self._found, row))

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

    def _row(self, step: tuple[str, str]) -> dict[str, str] | None:
        """What was found at this step; None where it was not run."""
        acceptance = self._counter.session.service.acceptance
        if acceptance is None or step not in acceptance.rows:
            return None
        return row_of(acceptance.rows[step])

    def _left(self) -> object:
        """What has not been run, and what of it is skipped."""
        acceptance = self._counter.session.service.acceptance
        bays = self._counter.session.bays
        left = acceptance.open_steps(bays) if acceptance is not None else []
        return tuple(left), frozenset(self._skipped)

    def _next(self) -> None:
        words, acceptance = self._counter.words, self._counter.session.service.acceptance
        if acceptance is None:  # it has ended: the page is about to be drawn anew
            return
        bays = self._counter.session.bays
        steps, left = plan(bays), acceptance.open_steps(bays)
        step = next((one for one in left if one not in self._skipped), None)
        done = len(steps) - len(left)
        text(words.label("acceptance-done", done=done, of=len(steps)), "soft")
        if step is None:
            text(words.label("acceptance-over", open=len(left)), tag="h2")
            with box("row"):
                press(words.label("acceptance-end"), self._end, "main")
                press(words.label("acceptance-open-ones"), self._skipped.clear)
                press(words.label("give-up"), self._give_up)
            return
        name, bay = step
        place = words.label("bay", bay=bay.upper()) if bay else words.label("kiosk")
        text(f"{words.check(name)} · {place}", "", "h2").props(f'data-step="{name}"')
        text(words.prepare(name), tag="p")
        with box("row"):
            press(words.label("run"), partial(self._run, name, bay), "main")
            press(words.label("skip"), partial(self._skip, name, bay))
            press(words.label("give-up"), self._give_up)

    def _found(self, found: Callable[[], dict[str, str] | None]) -> None:
        words, row = self._counter.words, found()
        if row is None:
            return
        name, bay = row["check"], row["bay"]
        place = words.label("bay", bay=bay.upper()) if bay else words.label("kiosk")
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
