"""What is held or was decided of a resident's deposits: why, and their one sentence about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.errors import DecisionError, LedgerError, SignInError
from cloud.ledger.held.decisions import Place
from cloud.screens.aside import act_aside
from cloud.screens.texts import Language, local_time, mass, say, why_held
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cloud.ledger.held.cases import Case
    from cloud.ledger.held.decisions import Decisions
    from cloud.screens.door import Stay


class HeldList:
    """The cases of one account, drawn where it is made.

    Args:
        decisions: Takes the appeals.
        account: 16 hex digits.
        cases: What to show.
        language: Of all texts.
        changed: Called once an appeal was taken.
        stay: The resident, who must still be signed in before one is taken.
    """

    def __init__(
        self,
        decisions: Decisions,
        account: str,
        cases: Sequence[Case],
        language: Language,
        changed: Callable[[], Awaitable[None]],
        stay: Stay,
    ) -> None:
        self._decisions = decisions
        self._account = account
        self._language = language
        self._changed = changed
        self._stay = stay
        self._busy = False
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

        async def send() -> None:
            place = Place(case.kiosk, case.epoch, case.seq)
            if refused := await self._sent(place, sentence.value or ""):
                answer.set_text(say(self._language, refused))

        with ui.element("button").classes("plain-button").on("click", send):
            ui.label(say(self._language, "appeal"))

    async def _sent(self, place: Place, sentence: str) -> str:
        """Hand it in, once for two touches; why it was not taken, as a text's name."""
        if self._busy:
            return ""
        self._busy = True
        try:
            await act_aside(lambda: self._appeal(place, sentence))
        except SignInError:
            self._stay.show_out()
        except DecisionError as error:
            return f"appeal-{error.code}"
        except LedgerError:
            return "appeal-failed"
        else:
            await self._changed()
        finally:
            self._busy = False
        return ""

    def _appeal(self, place: Place, sentence: str) -> None:
        self._stay.check()
        self._decisions.appeal(self._account, place, sentence)
