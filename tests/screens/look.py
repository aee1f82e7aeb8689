"""Takes a picture of every scripted view, at both sizes and in both languages, to be looked at.

`python -m tests.screens.look FOLDER [VIEW ...]`
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.screens.browser import SIZES, ScreenProcess, launch
from tests.screens.views import VIEWS


def main(folder: Path, names: list[str]) -> None:
    """Photograph the views `names`, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    with ScreenProcess() as screen, sync_playwright() as playwright:
        browser = launch(playwright)
        for size, (width, height) in SIZES.items():
            for language in ("zh", "en"):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{screen.address}/?lang={language}")
                for name in names or list(VIEWS):
                    has_picture = bool(VIEWS[name].label)
                    screen.say("picture" if has_picture else "no-picture")
                    screen.say(name)
                    page.wait_for_timeout(700)
                    page.screenshot(path=folder / f"{name}-{size}-{language}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
