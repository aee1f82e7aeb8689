"""What rests or is full says since when and by when somebody comes, from data or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from controller.core.bay import ALL_FULL
from controller.core.rests import EMPTIED_DAILY, MENDED
from controller.core.view import BayRow, LevelRow, Rest, View
from controller.screens.parts import Moment
from controller.screens.rests import courses
from controller.screens.words import Words
from tests.screens.browser import ScreenProcess
from tests.screens.views import BROKEN, FULL, SINCE_S, VIEWS

STUCK = BayRow("b", False, ("glass",), "hatch-stuck", rest=BROKEN)
FULL_BAY = BayRow("a", False, ("paper",), ALL_FULL, rest=FULL)
PAPER = BayRow("a", True, ("paper",), levels=(LevelRow("paper", 90, full=True, rest=FULL),))
UNKNOWN = replace(PAPER, levels=(LevelRow("paper", 90, full=True),))
SINCE = Rest(SINCE_S)


@pytest.fixture
def page(browser: Browser, screen: ScreenProcess) -> Iterator[Page]:
    """The resident's screen in English."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{screen.address}/?lang=en")
    yield page
    page.close()


def said(bay: BayRow, language: str = "en", **more: object) -> str:
    """The lines below the bay's state."""
    view = View("IDLE", "idle", bays=(bay,), online=True)
    seen = replace(view, **more)  # type: ignore[arg-type]
    return "\n".join(courses(bay, Moment(seen, Words(language))))


@pytest.mark.parametrize(
    ("bay", "english", "chinese"),
    [
        (
            STUCK,
            "since 27 Nov 14:05, mended by 28 Nov 14:05",
            "11月27日 14:05 起，11月28日 14:05 前修好",
        ),
        (
            replace(STUCK, rest=replace(BROKEN, late=True)),
            "since 27 Nov 14:05, not mended by 28 Nov 14:05",
            "11月27日 14:05 起，11月28日 14:05 前未修好",
        ),
        (
            replace(STUCK, rest=SINCE),
            "since 27 Nov 14:05",
            "11月27日 14:05 起",
        ),
        (replace(STUCK, rest=None), "", ""),
        (
            FULL_BAY,
            "since 27 Nov 14:05, emptied by 28 Nov 14:05",
            "11月27日 14:05 起，11月28日 14:05 前清空",
        ),
        (PAPER, "Paper: full, emptied by 28 Nov 14:05", "纸类已满，11月28日 14:05 前清空"),
        (UNKNOWN, "Paper: full, staff have been told", "纸类已满，已通知清运"),
        (replace(PAPER, levels=()), "", ""),
    ],
)
def test_what_is_said_of_a_rest(bay: BayRow, english: str, chinese: str) -> None:
    """In both languages; a broken promise is called one, and where no end is known none is."""
    assert [said(bay), said(bay, "zh")] == [english, chinese]


def test_a_rule_without_an_hour_is_said_as_the_rule() -> None:
    """The bin is full, nobody knows since when, and the catalogue has it emptied daily."""
    assert said(UNKNOWN, rules=(EMPTIED_DAILY,)) == "Paper: full, emptied within a day"
    assert said(replace(STUCK, rest=None), rules=(MENDED,)) == ""


def test_nobody_was_told_while_the_platform_is_not_reached() -> None:
    """What the kiosk could not send it does not claim to have sent."""
    for bay in (UNKNOWN, replace(FULL_BAY, rest=SINCE)):
        assert "told" in said(bay)
        assert "told" not in said(bay, online=False)


def test_the_idle_screen_says_it_at_the_bay(page: Page, screen: ScreenProcess) -> None:
    """Below why it rests, and while somebody picks a bay; the promise stands among the rules."""
    for name in ("idle-rests", "choose-bay-rests"):
        screen.say(name)
        page.wait_for_selector(f".state-{VIEWS[name].state}")
        expect(page.locator(".down .reason:visible")).to_have_text("its hatch is stuck")
        expect(page.locator(".course:visible")).to_have_text(
            [
                "Plastic: full, emptied by 28 Nov 14:05",
                "Metal: full, not emptied by 27 Nov 14:05",
                "since 27 Nov 14:05, mended by 28 Nov 14:05",
            ]
        )
    screen.say("idle-rests")
    expect(page.locator(".rules")).to_contain_text("emptied daily · mended within a day")


def test_no_bay_is_ready_while_the_kiosk_is_closed(page: Page, screen: ScreenProcess) -> None:
    """The sentence and the bays say the same."""
    screen.say("closed-hours")
    expect(page.locator(".bay-list .state")).to_have_text(["Closed now"])
    screen.say("idle")
    expect(page.locator(".bay-list .state")).to_have_text(["Ready"])
