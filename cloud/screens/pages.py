"""The residents' pages by address: `/` and `/account/{account}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nicegui import app, ui

from cloud.screens.account import AccountPage
from cloud.screens.texts import Language, language_of, say
from contract.fields import GUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.accounts.codes import CodeIssuer
    from cloud.ledger.ledger import Ledger

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
TITLE = "绿色账户 · Green account"
LANG: Literal["zh-CN"] = "zh-CN"
"""What a page's own element says; what is in it says its language itself."""

OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}

_ACCOUNT = re.compile(r"[0-9a-f]{16}")


def add_pages(
    ledger: Ledger, issuer: CodeIssuer, clock: Callable[[], int], demo_account: str | None
) -> None:
    """Define the pages; the front page links to `demo_account` where there is one."""
    # A bar for requests would run across the top for as long as a page is open.
    app.config.quasar_config["loadingBar"]["skipHijack"] = True

    @ui.page("/", title=TITLE, language=LANG)
    def front(lang: str = "zh") -> None:
        language = language_of(lang)
        with _frame(language, "front-title"):
            _paragraph(say(language, "front-what"))
            if demo_account is None:
                _paragraph(say(language, "front-closed"))
            else:
                address = f"/account/{demo_account}?lang={language}"
                ui.link(say(language, "front-demo"), address).classes("plain-button")
            ui.label(say(language, "no-sign-in")).classes("note")

    @ui.page("/account/{account}", title=TITLE, language=LANG)
    def account_page(account: str, lang: str = "zh") -> None:
        language = language_of(lang)
        with _frame(language, "title"):
            if _ACCOUNT.fullmatch(account) and account != GUESTS:
                AccountPage(ledger, issuer, clock, account, language)
                ui.label(say(language, "no-sign-in")).classes("note")
            else:
                _paragraph(say(language, "bad-account"))


@contextmanager
def _frame(language: Language, title: str) -> Iterator[None]:
    """One column with a heading and the way to the other language."""
    ui.add_css(STYLE)
    lang = {"zh": "zh-CN", "en": "en"}
    with ui.element("div").classes("page").props(f"lang={lang[language]}"):
        with ui.element("header").classes("head"):
            ui.html(say(language, title), tag="h1", sanitize=False)
            other = OTHER[language]
            link = ui.link(say(language, "other-language"), f"?lang={other}")
            link.classes("plain-button").props(f"lang={lang[other]}")
        yield


def _paragraph(text: str) -> None:
    ui.label(text).classes("card")
