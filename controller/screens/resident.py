"""The resident's screen: implements `ports.Screen` for any number of browsers at once."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import TYPE_CHECKING

import cv2
from nicegui import Client, ui

from controller.core.view import View
from controller.screens.page import ResidentPage
from controller.screens.texts import LANGUAGES
from controller.screens.words import Words

if TYPE_CHECKING:
    from controller.ports import Image
    from controller.screens.saying import Voice
    from controller.screens.visit import Post

_log = logging.getLogger(__name__)

COALESCE_S = 0.04
"""Views that come faster than this are shown together: the latest of them."""

JPEG_QUALITY = 80

NOTHING_YET = View(state="RECOVERING", message="recovering")
"""What a browser sees before the kiosk has shown anything."""


class ResidentScreen:
    """What the resident sees; every browser that is open follows it.

    NiceGUI keeps one set of pages a process, so a process has one resident screen.

    Args:
        post: Takes what is touched (`controller.core.touches`).
        path: Where the page is.
        voice: Reads sentences out for those who ask for it; None leaves it to their browser.
    """

    def __init__(self, post: Post, path: str = "/", voice: Voice | None = None) -> None:
        self._post = post
        self._voice = voice
        self._view = NOTHING_YET
        self._pictures: dict[str, str] = {}
        self._pages: set[ResidentPage] = set()
        self._due: asyncio.TimerHandle | None = None
        self._pushed_s = 0.0
        ui.page(path, title="Green account kiosk")(self._page)

    def show(self, view: View) -> None:
        """Show this in every browser from now on."""
        self._view = view
        if view.state == "IDLE":  # the resident is gone, and their things with them
            self._pictures.clear()
        self._soon()

    def picture(self, bay: str, frame: Image | None) -> None:
        """Show (or with None: take away) the latest picture of the bay's chamber."""
        if frame is None:
            self._pictures.pop(bay, None)
        else:
            self._pictures[bay] = _data_url(frame)
        self._soon()

    def _soon(self) -> None:
        if self._due is None and self._pages:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(self._pushed_s + COALESCE_S, self._push)

    def _push(self) -> None:
        self._due = None
        self._pushed_s = asyncio.get_running_loop().time()
        for page in tuple(self._pages):
            page.show(self._view, self._picture)

    @property
    def _picture(self) -> str:
        return self._pictures.get(self._view.bay, "")

    def _page(self, client: Client, lang: str = LANGUAGES[0]) -> None:
        """Build the page for one browser; `?lang=en` begins in English."""
        words = Words(lang if lang in LANGUAGES else LANGUAGES[0])
        page = ResidentPage(words, self._post, self._view, self._picture, self._voice)
        self._pages.add(page)
        client.on_delete(lambda: self._pages.discard(page))


def _data_url(frame: Image) -> str:
    """An RGB picture as a JPEG that travels inside the page's own connection."""
    _, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    )
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
