"""What is held or was decided of a resident's deposits: why, and their one sentence about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import DecisionError, LedgerError
from cloud.ledger.held.decisions import Place
from cloud.screens.texts import Language, local_time, mass, say, why_held
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cloud.ledger.held.cases import Case
    from cloud.ledger.held.decisions import Decisions


class HeldList:
    """The cases of one account, drawn where it is made.

    Args:
        decisions: Takes the appeals.
        account: 16 hex digits.
        cases: What to show.
        language: Of all texts.
        changed: Called once an appeal was taken.
        stays: Whether the resident is still signed in; asked before one is taken.
    """

    def __init__(
        self,
        decisions: Decisions,
        account: str,
        cases: Sequence[Case],
        language: Language,
        changed: Callable[[], None],
        stays: Callable[[], bool],
    ) -> None:
        self._decisions = decisions
        self._account = account
        self._language = language
        self._changed = changed
        self._stays = stays
        with ui.element("section").classes("card list cases"):
            ui.html(say(language, "cases"), tag="h2", sanitize=False)
            for case in cases:
                with ui.element("div").classes("deposit"), ui.element("div"):
                    self._row(case)

    def _row(self, case: Case) -> None:
        ui.label(say(self._language, f"case-{case.status}")).classes("what")
        at = local_time(case.at, self._language)
        ui.label(f"{at} · {mass(case.mass_g)}").classes("small")
        if case.status == "held":
            ui.label(why_held(self._language, case.code)).classes("small")
        if case.reason:
            ui.label(say(self._language, "staff-said", reason=case.reason)).classes("small")
        if case.appeal:
            ui.label(say(self._language, "you-said", sentence=case.appeal)).classes("small")
        if case.may_appeal:
            self._ask(case)

    def _ask(self, case: Case) -> None:
        """A field for the sentence, and what became of it where it is not taken."""
        sentence = ui.input(say(self._language, "appeal-what")).props(f"maxlength={SENTENCE}")
        sentence.classes("sentence")
        answer = ui.label().classes("small").props("role=status")

        def send() -> None:
            place = Place(case.kiosk, case.epoch, case.seq)
            try:
                if not self._stays():
                    return
                self._decisions.appeal(self._account, place, sentence.value or "")
            except DecisionError as error:
                answer.set_text(say(self._language, f"appeal-{error.code}"))
            except LedgerError:
                answer.set_text(say(self._language, "appeal-failed"))
            else:
                self._changed()

        with ui.element("button").classes("plain-button").on("click", send):
            ui.label(say(self._language, "appeal"))
