"""A platform as a process, whose market has goods, and a browser in front of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine

from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.moving import move
from cloud.shop.codes import ShopCodes
from cloud.shop.shelves import Offer
from cloud.shop.shop import Shop, make_shop
from cloud.store.database import open_database
from sim.stage.ports import free_port
from tests.cloud.conftest import KIOSKS, furnish, register
from tests.cloud.mosquitto import Mosquitto
from tests.cloud.platform import PlatformProcess
from tests.screens.browser import ARGUMENTS

TOKEN = "the-till-of-market-1"
PHONE = {"width": 390, "height": 844}


class Street:
    """The running platform, and its database within reach."""

    def __init__(self, running: PlatformProcess) -> None:
        self.running = running
        self.database: Engine = open_database(running.database)
        self.shop: Shop = make_shop(
            self.database, ShopCodes(b"s" * 32), lambda: int(time.time()), lambda: TOKEN
        )
        self.shop.partners.admit(None, "market-1", "小河超市", "River Market", "xihu")
        self.offer("soap", "香皂 <b>100 g</b>", "Soap <b>100 g</b>", 300)
        self.offer("towel", "毛巾", "Towel", 1200)
        self.offer("salt", "食盐 400 g", "Salt 400 g", 250, 0)

    def offer(self, code: str, zh: str, en: str, points: int, stock: int = 9) -> None:
        """Something on the shelf."""
        self.shop.shelves.put(None, "market-1", Offer(code, zh, en, points, stock))

    def give(self, account: str, points: int) -> None:
        """The account has more than before."""
        with self.database.begin() as connection:
            move(connection, OPERATOR, resident(account), points, "a gift", int(time.time()))

    def shop_of(self, page: Page, account: str, language: str = "en") -> None:
        """Sign in to an account, and go to its shop."""
        page.request.get(self.running.account(account, language), max_redirects=0)
        page.goto(f"{self.running.address}/account/{account}/shop?lang={language}")
        page.locator(".goods .deposit").first.wait_for()


@pytest.fixture(scope="package")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """One platform for all stories of this folder."""
    folder = tmp_path_factory.mktemp("street")
    furnish(folder)
    register(folder, KIOSKS[0])
    yield from _running(folder)


def _running(folder: Path) -> Iterator[Street]:
    broker = Mosquitto(folder, free_port())
    broker.start()
    running = PlatformProcess(folder / "ledger.sqlite", folder, broker.port, free_port())
    street = Street(running)
    yield street
    street.database.dispose()
    running.stop()
    broker.kill()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def _page(browser: Browser) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A resident's."""
    yield from _page(browser)


@pytest.fixture
def till(browser: Browser) -> Iterator[Page]:
    """A shop assistant's phone: another person's browser."""
    yield from _page(browser)
