"""Large type, low controls and sentences read out, as whoever needs them asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from controller.screens.chosen import AIDS
from tests.screens.browser import SIZES, ScreenProcess
from tests.screens.measures import complaints
from tests.screens.views import VIEWS

HEARD = """
window.heard = [];
window.Audio = class { constructor(source) { this.source = source; }
    play() { window.heard.push(this.source); return Promise.resolve(); } pause() {} };
window.speechSynthesis.speak = one => window.heard.push(one.lang + ' ' + one.text);
"""
"""A browser that writes down what it would play."""

HEARD_SO_FAR = "count => window.heard.length === count"

HEIGHTS = "all => all.map(one => one.getBoundingClientRect().bottom / innerHeight)"
"""Where what can be touched ends, from the top of the screen (0) to its foot (1)."""


@pytest.fixture(params=SIZES)
def at_hand(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A browser of either size that can be listened to."""
    width, height = SIZES[request.param]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.add_init_script(HEARD)
    yield page
    page.close()


def ask_for(page: Page, aid: str) -> None:
    """Touch an aid's button, and wait until it is on."""
    page.locator(".aid").nth(AIDS.index(aid)).click()
    expect(page.locator(f".screen.{aid}")).to_have_count(1)


@pytest.mark.parametrize(("aid", "language"), [("large", "en"), ("low", "zh")])
def test_every_view_is_fit_for_whoever_needs_it(
    at_hand: Page, screen: ScreenProcess, language: str, aid: str
) -> None:
    """Nothing cut off, overlapping, small, faint or hard to hit, and low buttons are low."""
    screen.say("idle")
    at_hand.goto(f"{screen.address}/?lang={language}")
    ask_for(at_hand, aid)
    # An aid goes with the visit: what is shown while nobody is identified comes first.
    for name, view in sorted(VIEWS.items(), key=lambda one: one[1].state != "IDLE"):
        screen.show(view, at_hand)
        expect(at_hand.locator(f".{aid}.state-{view.state}")).to_have_count(1)
        assert complaints(at_hand) == [], name
        lowest = at_hand.locator("button:visible").evaluate_all(HEIGHTS)
        assert aid != "low" or min(lowest, default=1) >= 0.5, (name, lowest)


@pytest.mark.parametrize("aids", [("low",), ("large", "low")])
def test_the_keypad_is_low_as_well(
    at_hand: Page, screen: ScreenProcess, aids: tuple[str, ...]
) -> None:
    """All its keys and, once the number is whole, both answers; also in large type."""
    screen.say("idle-phones")
    at_hand.goto(screen.address)
    for aid in aids:
        ask_for(at_hand, aid)
    at_hand.locator(".way-in").first.click()
    for digit in "13800138000":
        if digit == "3":
            assert complaints(at_hand) == []
            assert min(at_hand.locator("button:visible").evaluate_all(HEIGHTS)) >= 0.5
        at_hand.get_by_role("button", name=digit, exact=True).click()
    expect(at_hand.get_by_role("button", name="是的，开始投放")).to_be_visible()
    assert complaints(at_hand) == []
    assert min(at_hand.locator("button:visible").evaluate_all(HEIGHTS)) >= 0.5


def test_type_is_a_fifth_larger(at_hand: Page, screen: ScreenProcess) -> None:
    """Measured at the one sentence of what to do."""
    screen.say("idle")
    at_hand.goto(screen.address)
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    usual_px = at_hand.locator(".say .sentence").evaluate(size)
    ask_for(at_hand, "large")
    assert at_hand.locator(".say .sentence").evaluate(size) == pytest.approx(
        1.2 * usual_px, rel=0.03
    )


def test_large_prices_keep_their_units(at_hand: Page, screen: ScreenProcess) -> None:
    """A figure alone says nothing to somebody who cannot read the small list beside it."""
    screen.say("idle")
    at_hand.goto(screen.address)
    ask_for(at_hand, "large")
    columns = at_hand.locator(".price-list .heading-row > :visible")
    expect(columns).to_have_text(["回收价目", "100 分 = 1 元", "分/公斤", "分/件"])


def test_aids_go_with_the_visit(at_hand: Page, screen: ScreenProcess) -> None:
    """Whoever comes next finds the screen as it always is."""
    screen.say("idle")
    at_hand.goto(screen.address)
    ask_for(at_hand, "large")
    screen.say("credited")
    expect(at_hand.locator(".screen.large.state-CREDITED")).to_have_count(1)
    screen.say("idle")
    expect(at_hand.locator(".screen.state-IDLE")).to_have_count(1)
    expect(at_hand.locator(".screen.large")).to_have_count(0)


def test_each_sentence_is_read_out_once_to_who_asked(at_hand: Page, screen: ScreenProcess) -> None:
    """In their language; nothing before they asked, no changed weight; again what is told again."""
    screen.say("idle")
    at_hand.goto(f"{screen.address}/?lang=en")
    expect(at_hand.locator(".say .sentence")).to_be_visible()
    assert at_hand.evaluate("window.heard") == []
    ask_for(at_hand, "aloud")
    at_hand.wait_for_function(HEARD_SO_FAR, arg=1)
    # One after the other, for what comes at the same moment is shown, and read, as one.
    for name, heard in (
        ("loading", 2),
        ('!{"mass_g": 28}', 2),
        ("credited", 3),
        ('!{"told": 1}', 4),
    ):
        screen.say(name)
        if "mass_g" in name:
            expect(at_hand.locator(".weight .digits")).to_have_text("28")
        at_hand.wait_for_function(HEARD_SO_FAR, arg=heard)
    assert at_hand.evaluate("window.heard") == [
        "en-GB Hold up your code",
        "en-GB Put in items of one kind, then take your hand out",
        "en-GB Taken: 75 points for you",
        "en-GB Taken: 75 points for you",
    ]
