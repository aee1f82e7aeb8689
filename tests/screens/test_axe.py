"""axe-core over every page of the kiosk, in both languages; own measures are in `measures`."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from controller.screens.chosen import AIDS
from tests.screens.axe import violations
from tests.screens.browser import SIZES, ScreenProcess, ServiceProcess
from tests.screens.views import VIEWS

CHOSEN = re.compile(r"\bchosen\b")

ONE_OF_EACH_LAYOUT = ["idle-phones", "idle-bay-down", "idle-bin-full", "choose-bay", "loading",
                      "asking", "credited", "returned-unknown", "farewell"]  # fmt: skip


def opened(browser: Browser, screen: ScreenProcess, size: str, language: str) -> Page:
    """A browser at the resident's screen."""
    width, height = SIZES[size]
    screen.say("idle-phones")
    # At rest: a sentence that still comes in is in nobody's rules.
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto(f"{screen.address}/?lang={language}")
    page.wait_for_selector(".layout-idle")
    return page


def checked(screen: ScreenProcess, page: Page, names: list[str]) -> dict[str, list[str]]:
    """What is found in these views, by name, where something is."""
    found = {}
    for name in names:
        screen.show(VIEWS[name], page)
        found[name] = violations(page)
    return {name: one for name, one in found.items() if one}


@pytest.mark.parametrize(("size", "language"), [("portrait", "zh"), ("landscape", "en")])
def test_the_residents_screen_breaks_no_rule(
    browser: Browser, screen: ScreenProcess, size: str, language: str
) -> None:
    """One view of each layout, what a resident finds before a visit, keypad and aids."""
    page = opened(browser, screen, size, language)
    page.locator(".way-in").first.click()
    expect(page.locator(".keypad")).to_be_visible()
    assert violations(page) == []
    page.locator(".key.quiet").last.click()
    for number, aid in enumerate(AIDS):
        page.locator(".aid").nth(number).click()
        expect(page.locator(f".screen.{aid}")).to_have_count(1)
    assert violations(page) == []
    assert checked(screen, page, ONE_OF_EACH_LAYOUT) == {}
    page.close()


@pytest.mark.campaign
def test_no_view_of_the_residents_screen_breaks_a_rule(
    browser: Browser, screen: ScreenProcess
) -> None:
    """Every scripted view at each size in each language."""
    for size, language in product(SIZES, ("zh", "en")):
        page = opened(browser, screen, size, language)
        assert checked(screen, page, list(VIEWS)) == {}, (size, language)
        page.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_service_page_breaks_no_rule(
    browser: Browser, service: ServiceProcess, language: str
) -> None:
    """Before anybody is let in, and in each section."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{service.address}?lang={language}")
    page.locator(".press.main").wait_for()
    found = violations(page)
    service.say("key")
    page.locator(".sheet .press").last.click()
    sections = page.locator("nav .press")
    expect(sections.first).to_be_visible()
    for number in range(sections.count()):
        sections.nth(number).click()
        expect(sections.nth(number)).to_have_class(CHOSEN)
        page.locator(".section > *").first.wait_for()
        found += violations(page)
    page.locator(".bar .press.main").first.click()
    expect(sections).to_have_count(0)  # a page that closes first may take its touch along
    page.close()
    assert found == []
