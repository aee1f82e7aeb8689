"""The residents' pages that stay connected: `/` and `/account/{account}`.

An account's page is drawn for its own resident alone, and goes as soon as they are signed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fastapi import Request  # NiceGUI reads the annotation when a page is defined
from fastapi.responses import Response
from nicegui import app, ui

from cloud.screens.account import AccountPage
from cloud.screens.aside import look_aside
from cloud.screens.door import PATIENCE_S, Door
from cloud.screens.plain import OTHER, TAGS
from cloud.screens.sign_in import shown_by
from cloud.screens.texts import Language, language_of, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.accounts.codes import CodeIssuer
    from cloud.ledger.ledger import Ledger
    from cloud.residents.front import Residents

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
TITLE = "绿色账户 · Green account"
LANG: Literal["zh-CN"] = "zh-CN"
"""What a page's own element says; what is in it says its language itself."""


def add_pages(
    ledger: Ledger, issuer: CodeIssuer, residents: Residents, clock: Callable[[], int]
) -> None:
    """Define the pages; the front page signs in to the demo's account where there is one."""
    # A bar for requests would run across the top for as long as a page is open.
    app.config.quasar_config["loadingBar"]["skipHijack"] = True
    door = Door(residents)

    @ui.page("/", title=TITLE, language=LANG, response_timeout=PATIENCE_S)
    async def front(request: Request, lang: str = "zh", done: str = "") -> None:
        language = language_of(lang)
        signed_in = await look_aside(lambda: shown_by(residents, request)) is not None
        with frame(language, "front-title"):
            if done == "erased":
                _paragraph(say(language, "erased"))
            _paragraph(say(language, "front-what"))
            _link(language, *(("my-account", "/account") if signed_in else ("sign-in", "/sign-in")))
            _link(language, "front-map", "/kiosks")
            _link(language, "front-verify", "/verify")
            if residents.demo_accounts:
                _link(language, "front-demo", "/sign-in/demo")
                ui.label(say(language, "demo-note")).classes("note")

    @ui.page("/account/{account}", title=TITLE, language=LANG, response_timeout=PATIENCE_S)
    async def account_page(request: Request, account: str, lang: str = "zh") -> Response | None:
        language = language_of(lang)
        kept_out: Response | None = await door.kept_out(request, account, language)
        if kept_out is not None:
            return kept_out
        stay = door.stay(request, account, language)
        with frame(language, "title"):
            await AccountPage(ledger, issuer, clock, account, language, stay).draw()
            _link(language, "shop", f"/account/{account}/shop")
            _link(language, "privacy", f"/account/{account}/privacy")
            _link(language, "front-map", "/kiosks")
            form = ui.element("form").props(f'method=post action="/sign-out?lang={language}"')
            with form, ui.element("button").classes("plain-button wide").props("type=submit"):
                ui.label(say(language, "sign-out"))
        return None


def _link(language: Language, text: str, address: str) -> None:
    link = ui.link(say(language, text), f"{address}?lang={language}")
    link.classes("plain-button wide")


@contextmanager
def frame(language: Language, title: str) -> Iterator[None]:
    """One column with a heading and the way to the other language."""
    ui.add_css(STYLE)
    with ui.element("div").classes("page").props(f"lang={TAGS[language]}"):
        with ui.element("header").classes("head"):
            ui.html(say(language, title), tag="h1", sanitize=False)
            other = OTHER[language]
            link = ui.link(say(language, "other-language"), f"?lang={other}")
            link.classes("plain-button").props(f"lang={TAGS[other]}")
        yield


def _paragraph(text: str) -> None:
    ui.label(text).classes("card")
