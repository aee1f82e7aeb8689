"""A day's worth of views on an open page: nothing grows, and the page stays connected."""

from __future__ import annotations

import os
from itertools import cycle, islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.screens.browser import ScreenProcess
from tests.screens.views import VIEWS

A_DAY = 300 * 40
"""Loads of a busy day, times what one changes on the screen."""

WARM = 1_000
"""Views until every page, picture and word was used."""

MOST_GROWTH = 0.05


def rss_mb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.campaign
def test_a_day_of_views_leaves_nothing_behind(browser: Browser, screen: ScreenProcess) -> None:
    """Also with a page that is opened anew every hour; the one that stays is never cut off."""
    page = browser.new_page()
    page.goto(screen.address)
    page.wait_for_selector(".say .sentence")
    page.evaluate("window.lost = 0; window.socket.on('disconnect', () => window.lost++)")
    for number, name in enumerate(islice(cycle(VIEWS), A_DAY)):
        screen.say("picture" if VIEWS[name].label else "no-picture")
        screen.say(name)
        if number % (A_DAY // 24) == 0:
            another = browser.new_page()
            another.goto(screen.address)
            another.close()
        if number == WARM:
            warm_mb = rss_mb(screen.pid)
    grown = rss_mb(screen.pid) / warm_mb - 1
    print(f"{A_DAY} views: {warm_mb:.0f} MB, grown by {grown:.1%}")  # noqa: T201  a campaign's result
    assert grown <= MOST_GROWTH
    screen.say("credited")
    expect(page.locator(".say .sentence")).to_have_text("已收下，得 75 分")
    expect(page.locator("#popup")).not_to_be_visible()
    assert page.evaluate("window.lost") == 0
    page.close()
