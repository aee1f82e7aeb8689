"""A served screen and a Chromium, once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.browser import CHROMIUM, SIZES, ScreenProcess, launch


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs Debian's chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def screen() -> Iterator[ScreenProcess]:
    with ScreenProcess() as screen:
        yield screen


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, screen: ScreenProcess) -> Iterator[Page]:
    """The resident's page at each size, showing the idle screen."""
    width, height = SIZES[request.param]
    screen.say("no-picture")
    screen.say("idle")
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(screen.address)
    page.wait_for_selector(".layout-idle")
    yield page
    page.close()
