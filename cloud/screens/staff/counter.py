"""The page `/staff/desk`: cards for people without a phone, made, printed and replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.accounts.square import square
from cloud.screens.staff.aside import aside
from cloud.screens.staff.counter_texts import TEXTS, TITLE
from cloud.screens.staff.parts import Outcome, heading, press
from contract.hours import day_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cloud.counter.counter import Counter, NewCard
    from cloud.counter.known import KnownCard
    from cloud.screens.staff.frame import StaffFrame, Visit


def counter_page(frame: StaffFrame, counter: Counter, clock: Callable[[], int]) -> None:
    """Define the page."""

    @frame.page("/staff/desk", TITLE, "desk")
    async def desk(visit: Visit) -> None:
        CounterPage(visit, counter, clock)


class CounterPage:
    """One clerk's counter; drawn where it is made.

    What was found of a resident, and the card that was made, are gone when the page is left.

    Args:
        visit: Who works there.
        counter: Does what is asked.
        clock: Gives Unix seconds.
    """

    def __init__(self, visit: Visit, counter: Counter, clock: Callable[[], int]) -> None:
        self._visit = visit
        self._say = visit.words(TEXTS)
        self._counter = counter
        self._clock = clock
        self._outcome = Outcome(visit.language, TEXTS)
        self._made = ui.element("div").classes("made")
        self._ways = ui.element("div").classes("body ways")
        self._found = ui.element("div").classes("body found")
        self._start()

    def _start(self) -> None:
        with self._ways:
            with ui.element("section").classes("card form"):
                heading(self._say("new"))
                ui.label(self._say("new-what"))
                press(self._say("issue-new"), lambda: self._issue(""), "main")
            with ui.element("section").classes("card form"):
                heading(self._say("known"))
                asked = ui.input(self._say("asked")).props("outlined dense maxlength=40")
                asked.props("autocomplete=off")
                press(self._say("find"), lambda: self._find(asked), "main")

    async def _find(self, asked: ui.input) -> None:
        self._found.clear()
        typed = asked.value or ""

        def find() -> tuple[str, list[KnownCard]]:
            staff = self._visit.now()
            account = self._counter.find(staff, typed)
            return account, self._counter.cards_of(staff, account)

        if await self._outcome.attempt(find, then=lambda found: self._show(*found)):
            asked.set_value("")

    def _show(self, account: str, cards: Sequence[KnownCard]) -> None:
        self._found.clear()
        with self._found, ui.element("section").classes("card account"):
            heading(self._say("account", account=account))
            if not cards:
                ui.label(self._say("no-cards"))
            for one in cards:
                self._card(account, one)
            press(self._say("another"), lambda: self._issue(account))
            self._phone(account)

    def _card(self, account: str, card: KnownCard) -> None:
        with ui.element("div").classes("row known-card"):
            issued = day_of(card.issued_at)
            ui.label(self._say("card", number=card.number, issued=issued)).classes("what")
            if card.revoked:
                ui.label(self._say("blocked")).classes("problem")
            elif card.expires_at <= self._clock():
                ui.label(self._say("ended")).classes("problem")
            else:
                press(self._say("replace"), lambda: self._replace(card.card_id))
                press(self._say("pin"), lambda: self._pin(card))
                press(self._say("block"), lambda: self._block(account, card.card_id), "stop")

    def _phone(self, account: str) -> None:
        heading(self._say("phone"), "h3")
        ui.label(self._say("phone-what")).classes("small")
        with ui.element("div").classes("row"):
            number = ui.input(self._say("number")).props("outlined dense maxlength=40")
            number.props("autocomplete=off inputmode=tel")

            def link() -> Awaitable[bool]:
                typed = number.value or ""
                number.set_value("")
                return self._outcome.attempt(
                    lambda: self._counter.link(self._visit.now(), account, typed),
                    self._say("linked"),
                )

            press(self._say("link"), link)

    def _issue(self, account: str) -> Awaitable[bool]:
        counter, visit = self._counter, self._visit
        return self._outcome.attempt(
            lambda: counter.issue(visit.now(), account), then=self._show_new
        )

    def _replace(self, card_id: str) -> Awaitable[bool]:
        counter, visit = self._counter, self._visit
        return self._outcome.attempt(
            lambda: counter.replace(visit.now(), card_id), then=self._show_new
        )

    def _block(self, account: str, card_id: str) -> Awaitable[bool]:
        async def show_again(_: object) -> None:
            cards = await aside(lambda: self._counter.cards_of(self._visit.now(), account))
            self._show(account, cards)

        return self._outcome.attempt(
            lambda: self._counter.block(self._visit.now(), card_id),
            self._say("is-blocked"),
            show_again,
        )

    def _pin(self, card: KnownCard) -> Awaitable[bool]:
        return self._outcome.attempt(
            lambda: self._counter.pin(self._visit.now(), card.card_id),
            lambda pin: self._say("new-pin", number=card.number, pin=pin),
        )

    def _show_new(self, made: NewCard) -> None:
        self._ways.set_visibility(False)
        self._found.clear()
        with self._made:
            self._to_print(made)

    def _to_print(self, new: NewCard) -> None:
        ui.label(self._say("once")).classes("note-once")
        with ui.element("section").classes("card to-print"):
            heading(self._say("card-title"))
            code = ui.html(square(new.card.text), sanitize=False).classes("square")
            code.props["role"] = "img"
            code.props["aria-label"] = self._say("code-alt")
            ui.label(self._say("card-hint")).classes("hint")
            with ui.element("dl"):
                self._fact("card-number", f"{new.card.card_id} · {new.card.number}")
                self._fact("card-account", new.account)
                self._fact("card-until", day_of(new.card.expires_at))
                self._fact("card-pin", new.pin, "pin")
        with ui.element("div").classes("row no-print"):
            press(self._say("print"), lambda: ui.run_javascript("window.print()"), "main")
            press(self._say("done"), self._done)

    def _fact(self, name: str, value: str, kind: str = "") -> None:
        with ui.element("div").classes(f"fact {kind}"):
            with ui.element("dt"):
                ui.label(self._say(name))
            with ui.element("dd").classes("mono"):
                ui.label(value)

    def _done(self) -> None:
        self._made.clear()
        self._outcome.say("", good=True)
        self._ways.set_visibility(True)
