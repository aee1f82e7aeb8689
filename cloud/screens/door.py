"""Who gets into the pages of an account, and stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from cloud.screens.aside import look_aside
from cloud.screens.plain import link, paragraph, plain_page
from cloud.screens.sign_in import COOKIE, refusal
from cloud.screens.texts import say
from contract.fields import is_residents

if TYPE_CHECKING:
    from fastapi import Request

    from cloud.residents.front import Residents
    from cloud.screens.texts import Language


PATIENCE_S = 30.0
"""A page of an account may wait for the database: for longer than that waits for a lock."""


class Stay:
    """One resident at one page of theirs, as long as it is open; made where the page is drawn.

    Args:
        residents: Knows who is signed in.
        token: What the page was asked for with.
        account: 16 hex digits.
        language: Of the page.
    """

    def __init__(self, residents: Residents, token: str, account: str, language: Language) -> None:
        self._residents = residents
        self._token = token
        self._account = account
        self._language = language
        self._client = ui.context.client

    def check(self) -> None:
        """See that they still are signed in. It may wait: ask on a thread.

        Raises:
            SignInError: They are not.
            LedgerError: The database failed.
        """
        self._residents.sign_ins.check(self._token, self._account)

    def show_out(self) -> None:
        """Lead them to where one signs in."""
        with self._client:
            ui.navigate.to(f"/sign-in?refused=not-signed-in&lang={self._language}")


class Door:
    """Lets residents into their own pages.

    Args:
        residents: Knows who is signed in.
    """

    def __init__(self, residents: Residents) -> None:
        self._residents = residents

    async def kept_out(self, request: Request, account: str, language: Language) -> Any | None:
        """What whoever may not see `account` is answered; None for its own resident.

        Raises:
            LedgerError: The database failed.
        """
        if not is_residents(account):
            body = paragraph(say(language, "bad-account"))
            body += link(say(language, "home"), f"/?lang={language}")
            return plain_page(language, "title", body)
        return await look_aside(lambda: refusal(self._residents, request, account, language))

    def stay(self, request: Request, account: str, language: Language) -> Stay:
        """The resident who asked for the page that is being drawn."""
        return Stay(self._residents, request.cookies.get(COOKIE, ""), account, language)
