"""What several pages of staff are made of."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from nicegui import ui

from cloud.errors import LedgerError
from cloud.screens.staff.aside import aside
from cloud.screens.staff.texts import TEXTS, say
from contract.errors import KioskError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cloud.screens.staff.texts import Words
    from cloud.screens.texts import Language

_log = logging.getLogger(__name__)

Found = TypeVar("Found")


class Outcome:
    """One line that says what became of the last press; drawn where it is made.

    Args:
        language: Of its texts.
        words: `refused-CODE` → what a page says of a refusal; others are told by their message.
    """

    def __init__(self, language: Language, words: Mapping[str, Words]) -> None:
        self._language = language
        self._words = {**TEXTS, **words}
        self._busy = False
        self._line = ui.label().classes("outcome").props("role=status")

    async def attempt(
        self,
        work: Callable[[], Found],
        done: str | Callable[[Found], str] = "",
        then: Callable[[Found], Awaitable[None] | None] = lambda _found: None,
    ) -> bool:
        """Do it aside, and say `done`, or why it was refused; whether it was done.

        `then` draws what came of it, before that is said. Where drawing fails it was done all the
        same, and the page says so: whoever read that it failed would do it twice. What is pressed
        before an act is over is no act: whoever presses twice means one card.
        """
        if self._busy:
            return False
        self._busy = True
        self.say("", good=True)  # what became of the last one is not what becomes of this
        try:
            return await self._attempt(work, done, then)
        finally:
            self._busy = False

    async def _attempt(
        self,
        work: Callable[[], Found],
        done: str | Callable[[Found], str],
        then: Callable[[Found], Awaitable[None] | None],
    ) -> bool:
        try:
            found = await aside(work)
        except KioskError as error:
            self.say(self._refused(error), good=False)
            return False
        said = done if isinstance(done, str) else done(found)
        try:
            if (drawing := then(found)) is not None:
                await drawing
        except KioskError as error:
            _log.error("event=not-drawn reason=%s", error)
            said = f"{said} {say(self._language, 'not-drawn')}".strip()
        self.say(said, good=True)
        return True

    def say(self, text: str, *, good: bool) -> None:
        """Show a sentence, as a success or as a problem."""
        self._line.classes(add="done" if good else "problem", remove="problem" if good else "done")
        self._line.set_text(text)

    def _refused(self, error: KioskError) -> str:
        if isinstance(error, LedgerError):
            _log.error("event=not-done reason=%s", error)
            return say(self._language, "refused-failed")
        code = getattr(error, "code", "")
        _log.warning("event=refused code=%s", code)
        known = self._words.get(f"refused-{code}")
        message = str(error).encode("utf-8", "backslashreplace").decode()
        return known[self._language].format(message=message) if known else message


def heading(text: str, level: str = "h2") -> None:
    """A heading; `text` may hold anything."""
    with ui.element(level):
        ui.label(text)


def press(text: str, act: Callable[[], object], kind: str = "") -> ui.element:
    """A button; `kind` is `main` for what is usually done, `stop` for what turns down.

    A double click is one press: its second click would make a second card, or another draft.
    """
    button = ui.element("button").classes(f"press {kind}").props("type=button")
    with button.on("click", act, js_handler="(e) => e.detail < 2 && emit()"):
        ui.label(text)
    return button


def sentence(label: str, longest: int) -> ui.input:
    """A field for one sentence."""
    return ui.input(label).props(f"outlined dense maxlength={longest}").classes("sentence")


@contextmanager
def table(
    label: str, headings: Sequence[str], *, figures: bool | Collection[int] = False
) -> Iterator[None]:
    """A table, called `label`; its rows are drawn within. It scrolls where it is too wide.

    With `figures`, all columns but the first hold figures, or those with these numbers, from 0 on.
    """
    holds = range(1, len(headings)) if figures is True else figures or ()
    with ui.element("div").classes("wide").props("tabindex=0 role=region") as around:
        around.props["aria-label"] = label
        with ui.element("table"):
            with ui.element("thead"), ui.element("tr"):
                for number, one in enumerate(headings):
                    kind = "figure" if number in holds else ""
                    with ui.element("th").props("scope=col").classes(kind):
                        ui.label(one)
            with ui.element("tbody"):
                yield


def cell(text: str, *, figure: bool = False) -> None:
    """A cell that holds a text, or a figure, which stands to the right."""
    with ui.element("td").classes("figure" if figure else ""):
        ui.label(text)
