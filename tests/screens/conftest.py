"""A served screen and a Chromium, once for all tests of this folder that a process runs.

Playwright keeps a loop running in the thread of its tests: none of them may start one of its own,
and what uses asyncio elsewhere must not find it, so both go when the folder's last test has run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.screens.browser import CHROMIUM, SIZES, ScreenProcess, launch

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


@pytest.fixture(scope="module")
def screen(served: ScreenProcess) -> ScreenProcess:
    """The screen as no other module has left it: running, and with nothing touched."""
    if served.process is None:
        served.start()
    served.forget()
    return served


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
