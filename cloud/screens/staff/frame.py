"""The frame of every page of staff: who is signed in, what they may see, the way out.

A page is defined by `StaffFrame.page`, and drawn for those whose role has its right:

    @frame.page("/staff/held", {"zh": "人工核对", "en": "Held deposits"}, "held-see")
    async def held(visit: Visit) -> None: ...

Whatever may wait it does by `cloud.screens.staff.aside`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import Request  # NiceGUI reads the annotation when a page is defined
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from cloud.errors import LedgerError, StaffError
from cloud.screens.pages import LANG
from cloud.screens.plain import OTHER, TAGS
from cloud.screens.staff.aside import aside
from cloud.screens.staff.texts import TEXTS, say
from cloud.screens.texts import Language, language_of
from cloud.staff.desk import WHOLE_CITY

if TYPE_CHECKING:
    from cloud.screens.staff.texts import Words
    from cloud.staff.desk import Staff
    from cloud.staff.rights import Right
    from cloud.staff.sessions import Sessions

_log = logging.getLogger(__name__)

COOKIE = "staff"
HOME = "/staff"
PATIENCE_S = 30.0
"""A page may wait for the database: for longer than that waits for a lock."""

STYLE = Path(__file__).with_name("staff.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Visit:
    """One member of staff at one page. `staff` is who they were when it was drawn.

    `path` are the parameters in its address, `query` those behind the question mark.
    """

    staff: Staff
    language: Language
    path: Mapping[str, Any]
    query: Mapping[str, str]
    _again: Callable[[bool], Staff]

    def now(self) -> Staff:
        """Who they are now: ask before anything is done, for a page may be open for days.

        It may wait: ask on a thread.

        Raises:
            StaffError: Their session or their token has ended, or they have another role.
            LedgerError: The database failed.
        """
        return self._again(True)

    def still(self) -> Staff:
        """The same for a page that looks for news by itself, which nobody need be there for."""
        return self._again(False)

    def words(self, texts: Mapping[str, Words]) -> Callable[..., str]:
        """Says one of `texts` in the visit's language, with its figures filled in."""
        return lambda text, **figures: texts[text][self.language].format(**figures)

    def link(self, address: str) -> str:
        """An address of ours that stays in the visit's language."""
        return f"{address}{'&' if '?' in address else '?'}lang={self.language}"


Draw = Callable[[Visit], Awaitable[None]]
"""Draws a page for a visit."""


class _Page(NamedTuple):
    path: str
    title: Words
    right: Right


class StaffFrame:
    """Defines pages of staff, and knows which there are.

    Args:
        sessions: Who is signed in.
    """

    def __init__(self, sessions: Sessions[Staff]) -> None:
        self._sessions = sessions
        self._pages: list[_Page] = []

    def page(
        self, path: str, title: Words, right: Right, *, listed: bool = True
    ) -> Callable[[Draw], None]:
        """Define the page at `path`, drawn by the function below it for those who have `right`.

        `listed`: every page of theirs links to it. Do not list an address with parameters.
        """
        if listed:
            self._pages.append(_Page(path, title, right))

        def define(draw: Draw) -> None:
            name = " · ".join(title.values())

            @ui.page(path, title=name, language=LANG, response_timeout=PATIENCE_S)
            async def page(request: Request, lang: str = "zh") -> Response | None:
                language = language_of(lang)
                try:
                    staff = await self._who(request)
                except StaffError as error:
                    return _to_sign_in(language, error.code)
                except LedgerError as error:
                    _log.error("event=page-not-drawn reason=%s", error)
                    return _to_sign_in(language, "failed")
                with self.drawn(language, title, staff, path):
                    if staff.may(right):
                        await self._draw(draw, self._visit(request, staff, language, right))
                    else:
                        ui.label(say(language, "refused-role")).classes("card problem")
                return None

        return define

    def home(self) -> None:
        """Define the first page: signing in, then the way to the others."""
        title = TEXTS["title"]

        @ui.page(HOME, title=" · ".join(title.values()), language=LANG, response_timeout=PATIENCE_S)
        async def page(request: Request, lang: str = "zh", refused: str = "") -> None:
            language = language_of(lang)
            try:
                staff = await self._who(request)
            except (StaffError, LedgerError):
                with self.drawn(language, title):
                    _sign_in_form(language, refused)
                return
            with self.drawn(language, title, staff, HOME):
                if refused == "failed":
                    ui.label(say(language, "refused-failed")).classes("problem").props("role=alert")
                self._overview(language, staff)

    @contextmanager
    def drawn(
        self, language: Language, title: Words, staff: Staff | None = None, path: str = ""
    ) -> Iterator[None]:
        """Heading, who is signed in and where they may go; what is drawn within stands below."""
        ui.add_css(STYLE)
        with ui.element("div").classes("page staff").props(f"lang={TAGS[language]}"):
            with ui.element("header").classes("head"):
                ui.html(title[language], tag="h1", sanitize=False)
                with ui.element("div").classes("who"):
                    _who_and_out(language, staff)
            if staff is not None:
                self._links(language, staff, path)
            with ui.element("div").classes("body"):
                yield

    async def _draw(self, draw: Draw, visit: Visit) -> None:
        """Draw a page, or say that it cannot be drawn while the database fails."""
        try:
            await draw(visit)
        except StaffError as error:
            _log.warning("event=page-not-drawn code=%s", error.code)
            ui.label(say(visit.language, f"refused-{error.code}")).classes("card problem")
        except LedgerError as error:
            _log.error("event=page-not-drawn reason=%s", error)
            ui.label(say(visit.language, "refused-failed")).classes("card problem")

    async def _who(self, request: Request) -> Staff:
        session = request.cookies.get(COOKIE, "")
        return await aside(lambda: self._sessions.whose(session))

    def _visit(self, request: Request, staff: Staff, language: Language, right: Right) -> Visit:
        session = request.cookies.get(COOKIE, "")

        def again(acts: bool) -> Staff:
            found = self._sessions.whose(session, acts=acts)
            found.check(right)
            return found

        path, query = dict(request.path_params), dict(request.query_params)
        return Visit(staff, language, path, query, again)

    def _mine(self, staff: Staff) -> list[_Page]:
        return [one for one in self._pages if staff.may(one.right)]

    def _links(self, language: Language, staff: Staff, path: str) -> None:
        with ui.element("nav").props(f'aria-label="{say(language, "pages")}"'):
            mine = [(one.path, one.title) for one in self._mine(staff)]
            for address, title in [(HOME, TEXTS["home"]), *mine]:
                link = ui.link(title[language], f"{address}?lang={language}")
                if address == path:
                    link.props("aria-current=page")

    def _overview(self, language: Language, staff: Staff) -> None:
        mine = self._mine(staff)
        if not mine:
            ui.label(say(language, "no-pages")).classes("card")
        for one in mine:
            ui.link(one.title[language], f"{one.path}?lang={language}").classes("card big-link")


def _who_and_out(language: Language, staff: Staff | None) -> None:
    if staff is not None:
        whole = staff.district == WHOLE_CITY
        district = say(language, "whole-city") if whole else staff.district
        role = say(language, f"role-{staff.role}")
        who = say(language, "signed-in", who=staff.staff_id, role=role, district=district)
        ui.label(who).classes("small name")
        with ui.element("form").props(f'method=post action="/staff/sign-out?lang={language}"'):
            ui.html(say(language, "sign-out"), tag="button", sanitize=False).classes("press")
    other = OTHER[language]
    link = ui.link(say(language, "other-language"), f"?lang={other}").classes("press")
    link.props(f"lang={TAGS[other]}")


def _sign_in_form(language: Language, refused: str) -> None:
    form = ui.element("form").classes("card form")
    with form.props(f'method=post action="/staff/sign-in?lang={language}"'):
        ui.label(say(language, "token-what"))
        with ui.element("label").classes("field"):
            ui.label(say(language, "token")).classes("name")
            ui.element("input").classes("own").props(
                "type=password name=token required maxlength=200 autocomplete=off autofocus"
            )
        if refused in ("no-token", "expired", "signed-out", "origin", "failed"):
            ui.label(say(language, f"refused-{refused}")).classes("problem").props("role=alert")
        ui.html(say(language, "sign-in"), tag="button", sanitize=False).classes("press main")


def _to_sign_in(language: Language, code: str) -> RedirectResponse:
    return RedirectResponse(f"{HOME}?lang={language}&refused={code}", 303)
