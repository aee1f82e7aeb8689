"""One browser's page: a grid of parts, each following the view."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from nicegui import ui

from controller.core.touches import NumberTyped
from controller.screens import aids, idle, keypad, saying, sums, visit, ways
from controller.screens.chosen import NO_AIDS, Aids, Typing
from controller.screens.machine import Machine
from controller.screens.parts import Moment, Part
from controller.screens.saying import Reader
from controller.screens.scenes import message_of, tone
from controller.screens.service import door
from controller.screens.tags import asset, box, button, drawing, keep_focus, text

if TYPE_CHECKING:
    from controller.core.view import View
    from controller.screens.chosen import Aid
    from controller.screens.saying import Voice
    from controller.screens.visit import Post
    from controller.screens.words import Words

STYLES = ("base.css", "idle.css", "visit.css", "keypad.css", "aids.css")

RESET_S = 60.0
"""A language or an aid is given up so long after the last touch, while nobody is identified."""

TYPING_S = 45.0
"""A number that nobody goes on typing for so long is forgotten."""


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
        voice: Reads sentences out; None leaves it to the browser.
    """

    def __init__(
        self, words: Words, post: Post, view: View, picture: str, voice: Voice | None = None
    ) -> None:
        self._words = words
        self._post = post
        self._moment = Moment(view, words, picture)
        self._reset: ui.timer | None = None
        self._forget: ui.timer | None = None
        ui.add_css("".join(map(asset, STYLES)))
        keep_focus()
        with box("screen") as self._root:
            self._parts: list[Follows] = [
                *self._above(),
                *_idle(),
                *self._begin(),
                *self._visit(),
                Reader(self._root, voice),
            ]
        self._follow(self._moment)

    def show(self, view: View, picture: str) -> None:
        """Show this from now on; language and aids chosen for a visit end with it."""
        now = replace(self._moment, view=view, picture=picture)
        if view.state != "IDLE":
            now = replace(now, typing=None)
        elif self._moment.view.state != "IDLE":
            now = replace(now, words=self._words, aids=NO_AIDS)
        self._follow(now)

    def _choose(self, words: Words, chosen: Aids) -> None:
        """Go on in this language and with these aids; nobody who comes later has them."""
        self._follow(replace(self._moment, words=words, aids=chosen))
        self._reset_later()

    def _reset_later(self) -> None:
        if self._reset is not None:
            self._reset.cancel()
        with self._root:
            self._reset = ui.timer(RESET_S, self._choose_nothing, once=True)

    def _choose_nothing(self) -> None:
        if self._moment.view.state == "IDLE":
            self._follow(replace(self._moment, words=self._words, aids=NO_AIDS))

    def _switch_language(self) -> None:
        self._choose(self._moment.words.other, self._moment.aids)

    def _switch_aid(self, aid: Aid) -> None:
        self._choose(self._moment.words, self._moment.aids.switch(aid))

    def _type(self, typing: Typing | None) -> None:
        """Somebody has typed so far, or (None) has done with it."""
        if self._forget is not None:
            self._forget.cancel()
        if self._reset is not None:  # whoever types slowly keeps the large type
            self._reset_later()
        if typing is not None:
            with self._root:
                self._forget = ui.timer(TYPING_S, partial(self._type, None), once=True)
        self._follow(replace(self._moment, typing=typing))

    def _press(self, key: str) -> None:
        self._type((self._moment.typing or Typing()).press(key))

    def _confirm(self) -> None:
        typing = self._moment.typing
        self._type(None)
        if typing is not None and typing.is_whole:
            self._post(NumberTyped(typing.digits))

    def _follow(self, moment: Moment) -> None:
        self._moment = moment
        view = moment.view
        names = [f"layout-{moment.layout}", f"state-{view.state}", f"tone-{tone(message_of(view))}"]
        if not view.receipt:
            names.append("nothing")
        self._root.classes(replace=" ".join(["screen", *names, *moment.aids.classes]))
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
            Part("say", saying.said, saying.draw),
        ]

    def _language(self, moment: Moment) -> None:
        other = moment.words.other.language
        label = moment.words.label("other-language")
        switch = button(label, self._switch_language, "switch", stays="language")
        switch.props(f"lang={other}")

    def _begin(self) -> list[Follows]:
        """Ways in without a code or a card, and what helps to read, reach and hear."""
        begin = partial(self._type, Typing())
        leave = partial(self._type, None)
        answers = partial(keypad.keys, press=self._press, confirm=self._confirm, leave=leave)
        return [
            Part("ways", ways.offered, partial(ways.draw, post=self._post, type_number=begin)),
            Part("number-typed", lambda m: m.typing, keypad.number),
            Part("keypad", keypad.shown, answers),
            Part("door", door.leads_in, door.draw),
            Part("aids", lambda m: m.aids, partial(aids.draw, switch=self._switch_aid)),
        ]

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
            visit.Actions(self._post),
        ]


def _idle() -> list[Follows]:
    return [
        Part("how", lambda _: None, idle.how, "section"),
        Part("bay-list", idle.standing, idle.bays, "section"),
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
