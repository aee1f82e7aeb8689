"""Residents without a code: a phone number on the keypad, or no name at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from controller.screens.chosen import DELETE, DIGITS, Typing
from tests.screens.browser import SIZES, ScreenProcess
from tests.screens.measures import complaints

SENTENCE = ".say .sentence"
NUMBER = "13800138000"


def press(page: Page, *keys: str) -> None:
    """Touch keys one after the other."""
    for key in keys:
        page.get_by_role("button", name=key, exact=True).click()


def begin(page: Page, way: str) -> None:
    """Touch a way in."""
    page.locator(".way-in", has_text=way).click()


@pytest.fixture(params=SIZES)
def at_hand(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A browser of either size."""
    width, height = SIZES[request.param]
    page = browser.new_page(viewport={"width": width, "height": height})
    yield page
    page.close()


@given(st.lists(st.sampled_from([*"0123456789", DELETE]), max_size=40))
def test_keys_make_a_number_and_never_more(keys: list[str]) -> None:
    """Eleven digits at most; deleting from nothing leaves nothing."""
    typing, expected = Typing(), ""
    for key in keys:
        typing = typing.press(key)
        expected = expected[:-1] if key == DELETE else (expected + key)[:DIGITS]
    assert typing.digits == expected
    assert typing.is_whole == (len(expected) == DIGITS)
    assert typing.grouped.replace(" ", "").rstrip("_") == expected
    assert expected in ("", *"0123456789") or expected not in repr(typing)


def test_a_number_is_seen_whole_before_it_goes_out(page: Page, screen: ScreenProcess) -> None:
    """One digit is corrected on the way; what goes out is what was read."""
    screen.say("idle-phones")
    begin(page, "输手机号")
    expect(page.locator(SENTENCE)).to_have_text("请输入手机号码")
    press(page, *NUMBER[:-1], "9")
    expect(page.locator(SENTENCE)).to_have_text("这是您的号码吗？")
    press(page, "不对，改一改")
    expect(page.locator(".number-typed .digits")).to_have_text("138 0013 800_")
    press(page, NUMBER[-1])
    expect(page.locator(".number-typed .digits")).to_have_text("138 0013 8000")
    press(page, "是的，开始投放")
    assert screen.hear() == {"touch": "NumberTyped", "number": NUMBER}
    expect(page.locator(".keypad")).not_to_be_visible()


def test_who_begins_without_a_name_touches_once(page: Page, screen: ScreenProcess) -> None:
    """It is offered on every kiosk, the keypad only where numbers can be sealed."""
    screen.say("idle")
    expect(page.locator(".way-in", has_text="输手机号")).to_have_count(0)
    begin(page, "不留名")
    assert screen.hear() == {"touch": "GuestBegan"}


def test_no_way_in_is_offered_while_nothing_is_taken(page: Page, screen: ScreenProcess) -> None:
    """The sentence says so before anybody shows a code, and the bay's row says why."""
    screen.say("idle-phones")
    expect(page.locator(".way-in")).to_have_count(2)
    screen.say("idle-none-usable")
    expect(page.locator(".way-in")).to_have_count(0)
    expect(page.locator(SENTENCE)).to_have_text("抱歉，所有投放口都暂停使用")


def test_a_number_goes_when_somebody_else_comes(page: Page, screen: ScreenProcess) -> None:
    """A code that is shown meanwhile begins a visit; the next resident finds no digits."""
    screen.say("idle-phones")
    begin(page, "输手机号")
    press(page, *"13800")
    screen.say("choose-bay")
    expect(page.locator(".keypad")).not_to_be_visible()
    screen.say("idle-phones")
    expect(page.locator(SENTENCE)).to_have_text("请把二维码对准扫码窗")
    begin(page, "输手机号")
    expect(page.locator(".number-typed .digits")).to_have_text("___ ____ ____")
    press(page, "不输了")
    expect(page.locator(".price-list")).to_be_visible()


RESET_S, TYPED_S = 1.5, 2.25
"""So long nobody may touch anything; so long somebody types, half as long again."""

TRIES = 5
"""A machine that does much else may press a key too late."""


def typed_slowly(page: Page) -> bool:
    """Ask for large type, and type for a while; whether no touch was late, on a busy machine."""
    page.locator(".aid").first.click()
    touched_s = [time.monotonic()]
    begin(page, "输手机号")
    until_s = time.monotonic() + TYPED_S
    while time.monotonic() < until_s:
        touched_s.append(time.monotonic())
        press(page, "1", "删除")
    touched_s.append(time.monotonic())
    return max(now_s - s for s, now_s in pairwise(touched_s)) < RESET_S / 2


def test_whoever_types_slowly_keeps_what_they_asked_for(browser: Browser) -> None:
    """Large type and language go a while after the last touch, and not in the middle of it."""
    with ScreenProcess(str(RESET_S)) as hurried:
        hurried.say("idle-phones")
        page = browser.new_page()
        for _ in range(TRIES):
            page.goto(hurried.address)
            if typed_slowly(page):
                break
        expect(page.locator(".screen.large.layout-keypad")).to_have_count(1)
        press(page, "不输了")
        expect(page.locator(".screen.large")).to_have_count(0)
        page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_keypad_can_be_read_and_hit_by_anybody(
    at_hand: Page, screen: ScreenProcess, language: str
) -> None:
    """Nothing cut off, small, faint, or too small to touch, at each step."""
    screen.say("idle-phones")
    at_hand.goto(f"{screen.address}/?lang={language}")
    at_hand.locator(".way-in").first.click()
    typing = Typing()
    for digit in ("", *NUMBER):
        if digit:
            press(at_hand, digit)
            typing = typing.press(digit)
        expect(at_hand.locator(".number-typed .digits")).to_have_text(typing.grouped)
        if digit in ("", "1") or typing.is_whole:
            assert complaints(at_hand) == []
