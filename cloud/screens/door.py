"""Who gets into the pages of an account, and stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from cloud.errors import SignInError
from cloud.screens.plain import link, paragraph, plain_page
from cloud.screens.sign_in import COOKIE, refusal
from cloud.screens.texts import say
from contract.fields import is_residents

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

    from cloud.residents.front import Residents
    from cloud.screens.texts import Language


class Door:
    """Lets residents into their own pages.

    Args:
        residents: Knows who is signed in.
    """

    def __init__(self, residents: Residents) -> None:
        self._residents = residents

    def kept_out(self, request: Request, account: str, language: Language) -> Any | None:
        """What whoever may not see `account` is answered; None for its own resident."""
        if not is_residents(account):
            body = paragraph(say(language, "bad-account"))
            body += link(say(language, "home"), f"/?lang={language}")
            return plain_page(language, "title", body)
        return refusal(self._residents, request, account, language)

    def stays(self, request: Request, account: str, language: Language) -> Callable[[], bool]:
        """Says as long as the page is open whether they still are signed in; shows them out."""
        token = request.cookies.get(COOKIE, "")

        def stays() -> bool:
            try:
                self._residents.sign_ins.check(token, account)
            except SignInError:
                ui.navigate.to(f"/sign-in?refused=not-signed-in&lang={language}")
                return False
            return True

        return stays
