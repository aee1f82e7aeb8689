"""The way from the resident's screen to the service page, for whoever showed a badge or the key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from controller.screens.service.words import ServiceWords
from controller.screens.tags import button

if TYPE_CHECKING:
    from controller.screens.parts import Moment

PLACE = "position: fixed; right: 1.6rem; bottom: 9rem; z-index: 2"


def leads_in(moment: Moment) -> bool:
    """Whether a badge was greeted just now, or the kiosk is in service."""
    return moment.view.message == "badge-known" or moment.view.state == "SERVICE"


def draw(moment: Moment) -> None:
    """A button to the page, in the screen's language; nothing where no staff are."""
    if leads_in(moment):
        language = moment.words.language
        to_page = partial(ui.navigate.to, f"/service?lang={language}")
        button(ServiceWords(language).label("begin"), to_page).style(PLACE)
