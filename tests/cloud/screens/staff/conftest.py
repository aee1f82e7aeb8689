"""A platform as a process, with staff of every role, and a browser in front of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cloud.build import now
from cloud.keys.shelf import Shelf
from cloud.prices.desk import PriceDesk
from cloud.prices.edits import Edit
from cloud.prices.filing import Filing
from cloud.staff.desk import Staff, StaffDesk
from cloud.store.database import open_database
from contract.catalogue import example
from contract.districts import District
from contract.keys import FileSigner
from sim.stage.ports import free_port
from tests.cloud.conftest import KIOSKS, furnish, register
from tests.cloud.mosquitto import Mosquitto
from tests.cloud.platform import PlatformProcess
from tests.screens.browser import ARGUMENTS

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass
class Town:
    """The running platform and its folder; staff are admitted as the operator does."""

    folder: Path
    running: PlatformProcess
    broker_port: int
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its pages are."""
        return self.running.address

    def admit(self, staff: str, role: str, district: str = "*") -> str:
        """A token for a member of staff, in place of the one before."""
        engine = open_database(self.running.database)
        desk = StaffDesk(engine, now, lambda: secrets.token_urlsafe(24))
        token = desk.admit(staff, role, district)
        engine.dispose()
        return token

    def frozen(self, author: str, valid_from: str, *edits: Edit) -> int:
        """The number of a draft that its author has handed in."""
        engine = open_database(self.running.database)
        shelf = Shelf(self.folder)
        filing = Filing(engine, self.folder, shelf, lambda: None, now)
        drafting = PriceDesk(engine, shelf, filing, now).drafting
        staff = Staff(author, "prices", "*")
        draft = drafting.draft(staff, valid_from, edits)
        drafting.freeze(staff, draft.id, draft.sha256)
        engine.dispose()
        return draft.id

    def sign_in(
        self,
        page: Page,
        staff: str,
        role: str,
        lang: str = "en",
        where: str = "*",
        path: str = "/staff",
    ) -> str:
        """Let a new member of staff in, as the form does, and look at `path`; their token."""
        token = self.admit(staff, role, where)
        page.context.clear_cookies()
        page.context.request.post(
            f"{self.address}/staff/sign-in", form={"token": token}, max_redirects=0
        )
        page.goto(f"{self.address}{path}?lang={lang}")
        page.locator(".who .name").wait_for()
        return token


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One platform for all stories of this folder: the first kiosk is in Xihu."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "ledger.pub").write_text(FileSigner.new(folder / "ledger.pem").public.hex())
    (folder / "phones.index").write_text("5a" * 32)
    districts = (
        District(district="xihu", kiosks=(KIOSKS[0],)),
        District(district="yuhang", kiosks=(KIOSKS[1],)),
    )
    catalogue = example().model_copy(update={"districts": districts})
    furnish(folder, catalogue)
    register(folder, KIOSKS[0])
    broker = Mosquitto(folder, free_port())
    broker.start()
    running = PlatformProcess(folder / "ledger.sqlite", folder, broker.port, free_port())
    yield Town(folder, running, broker.port)
    running.stop()
    broker.kill()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """One browser at a desk, which need not fetch the pages' scripts for each story."""
    context = browser.new_context(viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]})
    yield context
    context.close()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """A page at which nobody is signed in yet."""
    desk.clear_cookies()
    page = desk.new_page()
    yield page
    page.close()
