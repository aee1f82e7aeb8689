"""One browser's page: a grid of parts, each following the view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from nicegui import ui

from controller.screens import idle, sums, visit
from controller.screens.machine import Machine
from controller.screens.parts import Moment, Part
from controller.screens.scenes import tone
from controller.screens.tags import asset, box, button, drawing, text

if TYPE_CHECKING:
    from controller.core.view import View
    from controller.screens.visit import Post
    from controller.screens.words import Words

RESET_S = 60.0
"""A language chosen while nobody is identified goes back to the first after this long."""


class Follows(Protocol):
    """Anything on the page that follows the view."""

    def update(self, moment: Moment) -> None:
        """Show this moment."""


class ResidentPage:
    """The resident's page in one browser. Built inside its NiceGUI client.

    Args:
        words: The language it begins with, and goes back to when a visit is over.
        post: Takes what is touched.
        view: What to show first.
        picture: The chamber's picture as a data URL, or empty.
    """

    def __init__(self, words: Words, post: Post, view: View, picture: str) -> None:
        self._words = words
        self._post = post
        self._moment = Moment(view, words, picture)
        self._reset: ui.timer | None = None
        ui.add_css(asset("base.css") + asset("idle.css") + asset("visit.css"))
        with box("screen", "main") as self._root:
            self._parts: list[Follows] = [*self._above(), *_idle(), *self._visit()]
        self._follow(self._moment)

    def show(self, view: View, picture: str) -> None:
        """Show this from now on; a language chosen for a visit ends with it."""
        ended = view.state == "IDLE" and self._moment.view.state != "IDLE"
        words = self._words if ended else self._moment.words
        self._follow(Moment(view, words, picture))

    def switch_language(self) -> None:
        """Go on in the other language."""
        now = self._moment
        self._follow(Moment(now.view, now.words.other, now.picture))
        if self._reset is not None:
            self._reset.cancel()
        with self._root:
            self._reset = ui.timer(RESET_S, self._reset_language, once=True)

    def _reset_language(self) -> None:
        now = self._moment
        if now.view.state == "IDLE":
            self._follow(Moment(now.view, self._words, now.picture))

    def _follow(self, moment: Moment) -> None:
        self._moment = moment
        scene, view = moment.scene, moment.view
        names = [f"layout-{scene.layout}", f"state-{view.state}", f"tone-{tone(view.message)}"]
        if not view.receipt:
            names.append("nothing")
        self._root.classes(replace=" ".join(["screen", *names]))
        self._root.props(f"lang={moment.words.language}")
        for part in self._parts:
            part.update(moment)

    def _above(self) -> list[Follows]:
        """What stands above everything else: name, language, progress, the one sentence."""
        with box("head", "header"):
            head = Part("brand", lambda m: (m.view.kiosk, m.view.online), _head)
            switch = Part("language", lambda _: None, self._language)
        return [
            head,
            switch,
            Part("way", lambda m: m.scene.step, visit.progress, "nav"),
            Part("say", lambda m: (m.view.message, m.view.figures, m.view.online), _say),
        ]

    def _language(self, moment: Moment) -> None:
        other = moment.words.other.language
        switch = button(moment.words.label("other-language"), self.switch_language, "switch")
        switch.props(f"lang={other}")

    def _visit(self) -> list[Follows]:
        machine = Machine()
        return [
            machine,
            Part("weight card", lambda m: (m.view.mass_g, m.view.settled), visit.weight),
            Part(
                "camera card",
                visit.sighting,
                visit.camera,
            ),
            Part("balances", lambda m: (m.view.points, m.view.carbon_g), sums.balances),
            Part("running", lambda m: m.view.receipt, sums.running),
            Part("receipt", lambda m: m.view.receipt, sums.receipt),
            Part("keep", lambda m: m.view.receipt, sums.receipt_code),
            Part(
                "actions",
                visit.touchable,
                partial(visit.actions, post=self._post),
            ),
        ]


def _idle() -> list[Follows]:
    return [
        Part("how", lambda _: None, idle.how, "section"),
        Part("bay-list", lambda m: m.view.bays, idle.bays, "section"),
        Part(
            "price-list",
            idle.listed,
            idle.prices,
            "section",
        ),
    ]


def _head(moment: Moment) -> None:
    view, words = moment.view, moment.words
    drawing("mark", "mark")
    with box("names"):
        text(words.label("title"), "title")
        with box("under"):
            text(view.kiosk, "kiosk")
            text(words.label("online" if view.online else "offline"), "link")


def _say(moment: Moment) -> None:
    with box("words").props("role=status aria-live=polite"):
        text(moment.words.sentence(moment.view), "sentence", "h1")
        if hint := moment.words.hint(moment.view):
            text(hint, "hint", "p")
