"""Writes the pictures of `docs/screens`: a simulated visit, and a technician at the service page.

`python -m tests.screens.pictures FOLDER`; `scripts/screens` calls it. Everything comes from seeds,
so that a second run changes a picture only where the screen has changed.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from controller.core.view import View
from controller.screens.chosen import AIDS
from sim.scenario import Scenario
from tests.screens.browser import SIZES, ScreenProcess, ServiceProcess, launch
from tests.screens.mirror import NUMBER, Mirror
from tests.screens.views import AS_JSON

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STORY = {
    "name": "pictures",
    "line": "A bottle that is asked about, old papers, and a banana.",
    "people": [
        {"arrives_s": 5, "items": [{"kind": "newspaper", "mass_g": 1240}]},
        {"arrives_s": 6, "items": [{"kind": "pet-bottle", "mass_g": 25}]},
        {"arrives_s": 7, "items": [{"kind": "banana", "mass_g": 120}]},
    ],
}

PLOTTED_MS = 600
"""Between two things that happen at the service page: its plots take four points a second."""

TALL_ZH, TALL_EN = ("portrait", "zh"), ("portrait", "en")
WIDE_ZH, WIDE_EN = ("landscape", "zh"), ("landscape", "en")

VISIT = {
    "put-in": [TALL_ZH, WIDE_EN],
    "measuring": [WIDE_ZH],
    "dropping": [TALL_EN],
    "accepted": [TALL_ZH, WIDE_EN],
    "returned-unknown": [TALL_ZH, WIDE_EN],
    "farewell": [WIDE_ZH],
}
"""Message of a visit → the sizes and languages in which it is photographed, the first time."""

AT_WORK = {"dropping": "gate", "returned-unknown": "hatch"}
"""Message → what must stand open before it is photographed."""

COLOURS = 128
"""Of a palette: text stays sharp, and a picture is a third as large."""


class Moving(Mirror):
    """Visits in which it is seen how hatch and gate open and close as well."""

    def shows(self, view: View) -> object:
        """As before, and where they stand."""
        return super().shows(view), view.hatch, view.gate


class Album:
    """Browsers of either size in each language, and the folder for what they show."""

    def __init__(self, folder: Path, browser: Browser, screen: ScreenProcess) -> None:
        self._folder = folder
        self._browser = browser
        self._screen = screen

    def open(self, size: str, language: str) -> Page:
        """The resident's screen in one of them."""
        width, height = SIZES[size]
        page = self._browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{self._screen.address}/?lang={language}")
        page.wait_for_selector(".say .sentence")
        return page

    def take(self, page: Page, name: str) -> None:
        """Photograph it, at rest, with a small palette."""
        taken = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        few = taken.quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self._folder / f"{name}.png", optimize=True)

    def look(self, name: str, places: list[tuple[str, str]]) -> None:
        """Photograph what is shown now in these sizes and languages."""
        for size, language in places:
            page = self.open(size, language)
            self.take(page, f"{name}-{size}-{language}")
            page.close()


def before_a_visit(album: Album, screen: ScreenProcess) -> None:
    """The idle screen, the keypad, and the aids."""
    screen.say("idle-phones")
    album.look("idle", [TALL_ZH, WIDE_EN])
    screen.say("idle-rests")
    album.look("rests", [TALL_EN])
    screen.say("idle-phones")
    page = album.open(*TALL_EN)
    page.locator(".way-in").first.click()
    for digit in NUMBER[:7]:
        page.locator(".key", has_text=digit).first.click()
    expect(page.locator(".number-typed .digits")).to_contain_text(NUMBER[3:7])
    album.take(page, "keypad-portrait-en")
    page.close()
    for aid, place in zip(AIDS, (TALL_ZH, TALL_EN), strict=False):
        page = album.open(*place)
        page.locator(".aid").nth(AIDS.index(aid)).click()
        page.wait_for_selector(f".screen.{aid}")
        album.take(page, f"{aid}-{'-'.join(place)}")
        page.close()


def a_visit(album: Album, screen: ScreenProcess) -> None:
    """What three residents see of their visits."""
    mirror, left = Moving(Scenario.model_validate(STORY)), dict(VISIT)
    with TemporaryDirectory() as folder:
        for step in mirror.steps():
            if isinstance(step, View) and step.message in left and _is_at_work(step):
                _show(step, mirror, screen, Path(folder))
                album.look(step.message, left.pop(step.message))
    if left:
        raise LookupError(f"the visits never came to {', '.join(left)}")


def _is_at_work(view: View) -> bool:
    """Whether what moves with this message has moved."""
    part = AT_WORK.get(view.message)
    return part is None or getattr(view, part) == "OPEN"


def _show(view: View, mirror: Mirror, screen: ScreenProcess, folder: Path) -> None:
    """The view with the picture that the chamber's camera took last."""
    assert mirror.parts is not None
    if (frame := mirror.parts.screen.pictures.get(view.bay)) is not None:
        np.save(folder / "chamber.npy", frame)
        screen.say(f"picture {folder / 'chamber.npy'}")
    screen.say(AS_JSON.dump_json(view).decode())


def service(album: Album, browser: Browser) -> None:
    """Staff: the checks after one of them, and all inputs live."""
    kiosk = ServiceProcess()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{kiosk.address}?lang=en")
    page.get_by_text("This page is for staff").wait_for()
    kiosk.say("key")
    page.get_by_role("button", name="Begin service").click()
    row = page.locator('[data-check="supply"]')
    row.get_by_role("button", name="Run").click()
    expect(row.locator(".good")).to_have_text("good")
    album.take(page, "service-checks-en")
    page.get_by_role("button", name="Live", exact=True).click()
    page.locator("[data-input]").first.wait_for()
    for happens in ("rest", "rest", "open", "rest", "shut", "rest"):
        kiosk.say(happens)
        page.wait_for_timeout(PLOTTED_MS)
    album.take(page, "service-live-en")
    page.close()
    kiosk.stop()


def main(folder: Path) -> None:
    """Write every picture anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with ScreenProcess() as screen, sync_playwright() as playwright:
        browser = launch(playwright)
        album = Album(folder, browser, screen)
        before_a_visit(album, screen)
        a_visit(album, screen)
        service(album, browser)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
