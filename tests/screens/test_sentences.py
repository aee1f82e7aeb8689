"""Every sentence of the kiosk and every reason why a bay rests, on the real page."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, expect

from controller.core.view import BayRow, View
from controller.screens.reasons import REASONS
from controller.screens.texts import LANGUAGES, MESSAGES
from controller.screens.words import Words
from tests.screens.browser import SIZES, ScreenProcess
from tests.screens.measures import complaints
from tests.screens.test_texts import FIGURES
from tests.screens.views import AS_JSON, BROKEN, CREDITED, IDLE, LOADING, LOOKED, VIEWS

STAGES = {
    "accepted": CREDITED,
    "given": CREDITED,
    "below-min": CREDITED,
    "record-late": replace(LOOKED, state="CREDITING"),
    "recovered": CREDITED,
    "still-there": CREDITED,
    "printing": replace(CREDITED, paper="printing"),
    "printed": VIEWS["printed"],
    "printer-empty": VIEWS["printer-empty"],
    "printer-open": VIEWS["printer-empty"],
    "not-printed": VIEWS["printer-empty"],
    "farewell": VIEWS["farewell"],
    "farewell-given": VIEWS["farewell"],
    "farewell-nothing": VIEWS["farewell-nothing"],
    "uncertain": VIEWS["farewell-nothing"],
    "uncertain-given": VIEWS["farewell-nothing"],
    "choose-bay": VIEWS["choose-bay"],
    "bay-unknown": VIEWS["choose-bay"],
    "bay-down": VIEWS["farewell-nothing"],
    "out-of-service": VIEWS["out-of-service"],
    "in-service": replace(IDLE, state="SERVICE"),
    "recovering": VIEWS["recovering"],
    "ask-which": VIEWS["asking"],
    "dropping": VIEWS["dropping"],
    "refuse-bin": replace(VIEWS["dropping"], state="CLEARING"),
    "store-failed": VIEWS["returned-unknown"],
    "take-back": VIEWS["returned-unknown"],
    "measuring": VIEWS["measuring"],
    "looking": VIEWS["looking"],
    "closing": VIEWS["closing"],
    "identified": VIEWS["preparing"],
    "hatch-opening": VIEWS["opening"],
}
"""Message → the view in which a resident meets it; of the others the beginning says it."""

AT_THE_FRONT = ("idle", "code-", "card-", "phone-", "badge-", "bin-", "closed-")
LONGEST_FIRST = sorted(REASONS, key=lambda why_not: -len(REASONS[why_not]["en"]))
"""Where the longest reasons fit, the others do."""


def staged(message: str, why_not: str) -> View:
    """A view in which the message is said; before a visit a bay rests for this reason as well."""
    if message in STAGES:
        base = STAGES[message]
    elif message.startswith("returned-"):
        base = VIEWS["returned-unknown"]
    elif message.startswith(AT_THE_FRONT):
        base = replace(IDLE, phones=True)
    else:
        base = LOADING
    if base.state == "IDLE":
        rests = BayRow("b", False, ("metal",), why_not, rest=BROKEN)
        base = replace(base, bays=(*IDLE.bays, rests))
    return replace(base, message=message, figures=FIGURES.get(message, {}))


@pytest.fixture(params=SIZES)
def pages(request: pytest.FixtureRequest, browser: Browser, screen: ScreenProcess) -> list[Page]:
    """A browser in each language, at either size."""
    width, height = SIZES[request.param]
    screen.say("picture")
    opened = []
    for language in LANGUAGES:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{screen.address}/?lang={language}")
        opened.append(page)
    return opened


def test_every_sentence_is_read_whole_with_its_way_out(
    pages: list[Page], screen: ScreenProcess
) -> None:
    """Sentence, hint and the bays' reasons are on the page; nothing is cut off, small or faint."""
    bad: list[object] = []
    at_the_front_first = sorted(MESSAGES, key=lambda one: not one.startswith(AT_THE_FRONT))
    for message, why_not in zip(at_the_front_first, cycle(LONGEST_FIRST)):
        view = staged(message, why_not)
        screen.say(AS_JSON.dump_json(view).decode())
        for page, language in zip(pages, LANGUAGES, strict=True):
            words = Words(language)
            expect(page.locator(".say .sentence")).to_have_text(words.sentence(view))
            if hint := words.hint(view):
                expect(page.locator(".say .hint")).to_have_text(hint)
            if view.state == "SERVICE":  # no bay is called ready
                expect(page.locator(".bay-list")).not_to_be_visible()
            if view.state == "IDLE":
                why = words.reason(view.bays[1].why_not)
                expect(page.locator(".bay-list .down .reason")).to_have_text(why)
            bad += [(message, language, one) for one in complaints(page)]
    assert bad == []
    for page in pages:
        page.close()
