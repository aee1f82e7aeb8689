"""Whole visits: the simulated kiosk on the real screen, touched in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from contract.hours import Hours
from contract.receipt import open_receipt
from controller.adapters.escpos.encode import encoded
from controller.core.shelf import change_catalogue
from controller.core.touches import ReceiptWanted, Touch
from controller.core.view import View
from controller.core.viewing import CLOSED
from controller.screens.paper import wish
from controller.screens.words import Words
from sim.scenario import Scenario
from sim.screen import OFF
from tests.controller.paper_roll import read
from tests.screens import hand
from tests.screens.browser import SIZES, ScreenProcess
from tests.screens.hand import finger, keyboard
from tests.screens.mirror import Mirror

if TYPE_CHECKING:
    from tests.screens.hand import Press

RETURN_MS = 30_000.0
"""So long a page may take to find a kiosk that has started anew."""

BOTTLE, PAPER, CAN, BANANA = (
    {"kind": kind, "mass_g": mass_g}
    for kind, mass_g in (("pet-bottle", 25), ("newspaper", 900), ("can", 15), ("banana", 120))
)
WIDTH_MM = 58
PRINTER = {"port": "/dev/usb/lp0", "width_mm": WIDTH_MM}
STATES = ["PREPARING", "OPENING", "LOADING", "CLOSING", "MEASURING", "DECIDING", "ASKING",
          "DROPPING", "CHECKING", "CREDITED", "RETURNING", "LEAVING", "FAREWELL"]  # fmt: skip
"""In which a visit can be interrupted."""

BRINGS = {"ASKING": {**BOTTLE, "mass_g": 420}, "RETURNING": BANANA, "LEAVING": BANANA}
"""What leads to a state that a bottle does not lead to."""


@dataclass(frozen=True)
class Onlooker:
    """A browser in one size and language, and what touches it."""

    page: Page
    words: Words
    press: Press

    def sees(self, view: View) -> None:
        """Sentence, hint, weight and sums are those of the view."""
        screen, words, patience = self.page.locator, self.words, RETURN_MS
        expect(screen(f".screen.state-{view.state}")).to_have_count(1, timeout=patience)
        expect(screen(".say .sentence")).to_have_text(words.sentence(view), timeout=patience)
        if hint := words.hint(view):
            expect(screen(".say .hint")).to_have_text(hint)
        if view.mass_g is not None and screen(".weight").is_visible():
            expect(screen(".weight .digits")).to_have_text(f"{view.mass_g:,}")
        if screen(".balances").is_visible():
            expect(screen(".points .digits")).to_have_text(f"{view.points:,}")
            expect(screen(".carbon .digits")).to_have_text(f"{view.carbon_g:,}")


@pytest.fixture(scope="module")
def onlookers(browser: Browser, screen: ScreenProcess) -> Iterator[list[Onlooker]]:
    """One in Chinese who touches a tall screen, one in English at a wide one with a keyboard."""
    both = []
    for size, language, press in (("portrait", "zh", finger), ("landscape", "en", keyboard)):
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{screen.address}/?lang={language}")
        page.wait_for_selector(".layout-idle")
        both.append(Onlooker(page, Words(language), press))
    yield both
    for one in both:
        one.page.close()


def scenario(*items: dict[str, object], **more: object) -> Scenario:
    """One visitor after the other, each with one thing."""
    people = [{"arrives_s": 5 + n, "items": [item]} for n, item in enumerate(items)]
    return Scenario.model_validate({"name": "visits", "line": "Visits.", "people": people, **more})


def show(view: View, screen: ScreenProcess, onlookers: list[Onlooker]) -> None:
    """Everybody sees it, also on a screen that is started for it."""
    if screen.process is None:
        screen.start()
        screen.show(view)
    else:
        screen.show(view, *(one.page for one in onlookers))
    for one in onlookers:
        one.sees(view)


def follow(mirror: Mirror, screen: ScreenProcess, onlookers: list[Onlooker]) -> list[View]:
    """Play it through: all see each sentence, and they touch in turns. What was shown."""
    shown: list[View] = []
    for step in mirror.steps():
        if not isinstance(step, View):
            visits = [view.state for view in shown].count("FAREWELL")
            touched(step, shown[-1], screen, onlookers[visits % len(onlookers)])
        elif step.state == OFF:
            screen.stop()
        else:
            shown.append(step)
            show(step, screen, onlookers)
    return shown


def touched(meant: Touch, view: View, screen: ScreenProcess, who: Onlooker) -> None:
    """The kiosk hears what was meant, and nothing else."""
    hand.touch(who.page, meant, view, who.words, who.press)
    if isinstance(meant, ReceiptWanted):  # each view is shown under a kiosk's name of its own
        meant = replace(meant, slip=wish(replace(view, kiosk=screen.named), who.words).slip)
    said = {"touch": type(meant).__name__, **asdict(meant)}
    assert screen.hear() == json.loads(json.dumps(said))


@pytest.mark.timeout(240)
def test_four_residents_come_in_four_ways(screen: ScreenProcess, onlookers: list[Onlooker]) -> None:
    """By code, card, number and without a name; the second has the receipt printed, the third
    brings what nobody can name."""
    four = scenario(BOTTLE, PAPER, BANANA, CAN, kiosk={"printer": PRINTER})
    mirror = Mirror(four, "code", "card", "number", "guest", prints={2: onlookers[1].words})
    shown = [view.message for view in follow(mirror, screen, onlookers)]
    assert mirror.outcome is not None and mirror.outcome.passed
    assert (mirror.outcome.sessions, mirror.outcome.accepted, mirror.outcome.returned) == (4, 3, 1)
    assert {"put-in", "closing", "measuring", "looking", "dropping"} <= set(shown)
    assert [shown.count(message) for message in ("accepted", "returned-unknown", "given")] == [
        2,
        1,
        1,
    ]
    assert [message for message in shown if message.startswith("farewell")] == [
        "farewell",
        "farewell",
        "farewell-nothing",
        "farewell-given",
    ]
    assert shown.count("printing") == shown.count("printed") == 1
    is_on_paper(mirror)


def is_on_paper(mirror: Mirror) -> None:
    """The one slip that came out: a phone reads the newspapers' signed record off its bytes."""
    assert mirror.parts is not None
    (slip,) = mirror.parts.printer.slips
    data = encoded(slip, WIDTH_MM, cuts=False)
    (code,) = read(data)
    body = open_receipt(code, mirror.parts.identity.kiosk.public).body
    assert (body["item_code"], body["pieces"]) == ("newspaper", 1)
    for said in (f"{body['mass_g']:,} g", f"+{body['points']}", str(body["deposit_id"])):
        assert said in data.decode("gbk", "ignore")


class Late(Mirror):
    """A visit to a kiosk whose catalogue opens it for one minute after midnight."""

    def ticks(self, now_s: float) -> None:
        """The catalogue comes into force once nobody is there."""
        assert self.parts is not None
        night = Hours(days=(1, 2, 3, 4, 5, 6, 7), opens="00:00", closes="00:01")
        kiosk = self.parts.kiosk
        change_catalogue(kiosk.session, self.parts.catalogue.model_copy(update={"hours": (night,)}))
        kiosk.refresh()


def test_a_closed_kiosk_says_so_before_anybody_comes(
    screen: ScreenProcess, onlookers: list[Onlooker]
) -> None:
    """By its own clock, on every screen; whoever shows a code all the same reads it again."""
    mirror = Late(scenario(BOTTLE))
    shown = follow(mirror, screen, onlookers)
    assert [view.message for view in shown if view.told == 0][-1] == CLOSED
    assert (shown[-1].state, shown[-1].message) == ("IDLE", CLOSED)
    assert {view.state for view in shown} == {"IDLE"}
    assert [view.told for view in shown][-1] == 1


def restarted_in(state: str, screen: ScreenProcess, onlookers: list[Onlooker]) -> list[str]:
    """Messages of a visit whose controller dies in a state, screen and all; it must pass."""
    cut = {"verb": "power_cut", "what": "controller", "when": state, "seconds": 3}
    mirror = Mirror(scenario(BRINGS.get(state, BOTTLE), CAN, events=[cut]))
    shown = follow(mirror, screen, onlookers)
    assert mirror.outcome is not None and mirror.outcome.failures == []
    assert state in {view.state for view in shown}
    return [view.message for view in shown]


@pytest.mark.campaign
@pytest.mark.parametrize("state", STATES)
def test_the_screen_comes_back_in_every_state(
    screen: ScreenProcess, onlookers: list[Onlooker], state: str
) -> None:
    """The open pages find it again by themselves and say what is true; the next is served."""
    assert "accepted" in restarted_in(state, screen, onlookers)
