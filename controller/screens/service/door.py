"""The way from the resident's screen to the service page, for whoever showed a badge or the key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from controller.screens.service.words import ServiceWords
from controller.screens.tags import button

if TYPE_CHECKING:
    from controller.screens.parts import Moment


def leads_in(moment: Moment) -> str:
    """The key of what the door says: to begin after a badge, to go there in service, else empty."""
    if moment.view.state == "SERVICE":
        return "go-to-page"
    return "begin" if moment.view.message == "badge-known" else ""


def draw(moment: Moment) -> None:
    """A button to the page, in the screen's language, at the foot; nothing where no staff are."""
    if label := leads_in(moment):
        language = moment.words.language
        to_page = partial(ui.navigate.to, f"/service?lang={language}")
        button(ServiceWords(language).label(label), to_page)
