"""A served screen and a Chromium, once for all tests of this folder that a process runs.

Playwright keeps a loop running in the thread of its tests: none of them may start one of its own,
and what uses asyncio elsewhere must not find it, so both go when the folder's last test has run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.screens.browser import CHROMIUM, SIZES, ScreenProcess, ServiceProcess, launch
from tests.screens.views import VIEWS

PATIENCE_MS = 20_000
"""A page on a machine with much else to do; what must be quick is measured by its own clock."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs Debian's chromium at {CHROMIUM}")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served() -> Iterator[ScreenProcess]:
    with ScreenProcess() as screen:
        yield screen


@pytest.fixture(scope="package")
def service() -> Iterator[ServiceProcess]:
    """A kiosk whose service page is served, with nobody in service before and after a test."""
    process = ServiceProcess()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def screen(served: ScreenProcess) -> ScreenProcess:
    """The screen as no other module has left it: running, and with nothing touched."""
    if served.process is None:
        served.start()
    served.forget()
    return served


@pytest.fixture(scope="module")
def opened(browser: Browser, screen: ScreenProcess) -> Iterator[Page]:
    """One page for a module's tests: to load one takes longer than most of them."""
    page = browser.new_page()
    page.goto(screen.address)
    yield page
    page.close()


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, opened: Page, screen: ScreenProcess) -> Page:
    """The resident's page at each size, showing the idle screen as after somebody's visit.

    Language, aids and what was typed go with a visit; a test that went to another address is left.
    """
    width, height = SIZES[request.param]
    opened.set_viewport_size({"width": width, "height": height})
    if opened.url != f"{screen.address}/":
        opened.goto(screen.address)
    screen.show(VIEWS["farewell"], opened)
    screen.say("idle")
    opened.wait_for_selector(".layout-idle")
    return opened
