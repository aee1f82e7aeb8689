"""The service page in one browser: sign in, choose a section, end service.

It is at `/service` of the kiosk's own screen. Whoever comes without a badge or the key sees a plain
refusal and the way back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from controller.core.service.acts import Act
from controller.screens.service.acceptance_page import AcceptancePage
from controller.screens.service.audit_page import AuditPage
from controller.screens.service.checks_page import ChecksPage
from controller.screens.service.collection_page import CollectionPage
from controller.screens.service.counter import Counter
from controller.screens.service.elements import Drawn, Piece, mark, press
from controller.screens.service.eyes_page import EyesPage
from controller.screens.service.faults_page import FaultsPage
from controller.screens.service.kiosk_page import KioskPage
from controller.screens.service.live_page import LivePage
from controller.screens.service.question import Question
from controller.screens.service.verify_page import VerifyPage
from controller.screens.tags import asset, box, keep_focus, text
from controller.screens.texts import LANGUAGES

if TYPE_CHECKING:
    from nicegui.element import Element

    from controller.core.service.duty import Duty
    from controller.screens.service.bundle import Bundle
    from controller.screens.service.desk import Desk
    from controller.screens.service.elements import Section

PATH = "/service"

EVERY_S = 0.2
"""So often the page looks whether something has changed."""


def add_page(desk: Desk, bundle: Bundle) -> None:
    """Serve the service page with the kiosk's others."""

    def page(lang: str = LANGUAGES[0]) -> None:
        ServicePage(desk, bundle, lang if lang in LANGUAGES else LANGUAGES[0])

    ui.page(PATH, title="Service")(page)


class ServicePage:
    """One browser's service page. Built inside its NiceGUI client.

    Args:
        desk: The kiosk's service desk.
        bundle: Makes its diagnostics bundle.
        language: One of `LANGUAGES`.
    """

    def __init__(self, desk: Desk, bundle: Bundle, language: str) -> None:
        self._counter = Counter(desk, language)
        self._duty: Duty | None = None
        self._chosen = "checks"
        self._body: Drawn | None = None
        self._choices: dict[str, Element] = {}
        self._sections: dict[str, Section] = {
            "checks": ChecksPage(self._counter),
            "live": LivePage(self._counter),
            "verifying": VerifyPage(self._counter),
            "eyes": EyesPage(self._counter),
            "collection": CollectionPage(self._counter),
            "faults": FaultsPage(self._counter),
            "audit": AuditPage(self._counter),
            "acceptance": AcceptancePage(self._counter),
            "kiosk": KioskPage(self._counter, bundle),
        }
        ui.add_css(asset("service.css"))
        keep_focus()
        with box("service") as self._root:  # the page has its one `main` around it
            with box("head-of-service", "header"):
                # Apart, so that neither a choice of a section nor an answer that comes late takes
                # away what ends service, or another section, under a finger.
                self._bar = Drawn(Piece(self._bar_key, self._draw_bar), box("part"))
                self._said = Drawn(Piece(self._said_key, self._draw_said), box("part"))
                self._below = Drawn(Piece(self._below_key, self._draw_below), box("part"))
            self._place = box("place")
            self._question = Drawn(Question(self._counter), box("part"))
        self._follow()
        ui.timer(EVERY_S, self._follow)

    def _bar_key(self) -> object:
        return self._counter.signed_in, self._counter.words

    def _draw_bar(self) -> None:
        """Whose kiosk it is, the other language, and the way out."""
        counter, words = self._counter, self._counter.words
        with box("bar"):
            text(words.label("title"), tag="h1")
            text(counter.session.config.kiosk, "soft grow")
            switch = press(words.label("other-language"), counter.switch_language)
            switch.props(f"lang={counter.other_language}")
            switch.props["data-stays"] = "language"
            if counter.signed_in:
                press(words.label("leave"), counter.leave, "main")

    def _said_key(self) -> object:
        counter = self._counter
        missed = 0 if counter.duty is None else counter.session.service.unrecorded
        return counter.said, counter.said_bad, missed, counter.words

    def _draw_said(self) -> None:
        """What was said last, and what is on no record."""
        counter, words = self._counter, self._counter.words
        classes = "said bad" if counter.said_bad else "said"
        text(counter.said, classes, "p").props("role=status aria-live=polite")
        if counter.duty is not None and (missed := counter.session.service.unrecorded):
            text(words.label("unrecorded", missed=missed), "said bad", "p")

    def _below_key(self) -> object:
        counter = self._counter
        by = None if counter.duty is None else counter.duty.by
        return counter.signed_in, by, counter.words

    def _draw_below(self) -> None:
        """The sections; or how to come in."""
        self._choices = {}
        if self._counter.duty is None:
            self._outside()
            return
        with box("bar", "nav"):
            for name in self._sections:
                label = self._counter.words.label(name)
                self._choices[name] = press(label, partial(self._choose, name))

    def _outside(self) -> None:
        """Nobody is signed in here, or they wait for a resident."""
        counter, words = self._counter, self._counter.words
        with box("sheet"):
            if counter.signed_in:
                text(words.label("waits"), tag="h2")
                return
            text(words.label("staff-only"), tag="h2")
            text(words.label("staff-only-hint"), tag="p")
            with box("row"):
                press(words.label("back"), partial(ui.navigate.to, "/"), "main")
                press(words.label("begin"), counter.sign_in)

    def _choose(self, name: str) -> None:
        """Go to a section; one that is there already is not drawn anew under a finger."""
        if name != self._chosen:
            self._chosen, self._body = name, None
        self._counter.say("")

    def _arrive(self, duty: Duty) -> None:
        """Somebody has begun: what they came for stands first."""
        self._duty = duty
        self._chosen = "checks" if self._counter.may(Act.CHECK) else "collection"

    def _follow(self) -> None:
        """Draw what has changed."""
        self._root.props(f"lang={self._counter.words.language}")
        duty = self._counter.duty
        if duty is not None and duty is not self._duty:
            self._arrive(duty)
        for one in (self._bar, self._said, self._below, self._question):
            one.follow()
        mark(self._choices, self._chosen)
        if duty is None:
            self._place.clear()
            self._body = None
            return
        if self._body is None:
            self._place.clear()
            with self._place:
                self._body = Drawn(self._sections[self._chosen], box("section", "section"))
        self._body.follow()
