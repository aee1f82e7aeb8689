"""The kiosk itself: versions, links, what was done, and the bundle to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from controller.screens.service import told
from controller.screens.service.elements import Pieces, press
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from controller.screens.service.bundle import Bundle
    from controller.screens.service.counter import Counter


class KioskPage:
    """What somebody asks about first who is called for help.

    Args:
        counter: This browser at the desk.
        bundle: Makes the diagnostics bundle, without a secret in it.
    """

    def __init__(self, counter: Counter, bundle: Bundle) -> None:
        self._counter = counter
        self._bundle = bundle
        self._pieces = Pieces()

    def key(self) -> object:
        """What the button hangs on; all else follows by itself."""
        self._pieces.follow()
        return self._counter.words

    def draw(self) -> None:
        """Tiles of the kiosk, the bundle; then each bay's node, and the acts, latest first."""
        words = self._counter.words
        self._pieces.clear()
        with box("sheet"):
            self._pieces.add(box("tiles"), self._in_force, self._draw_kiosk)
            text(words.label("bundle-hint"), "soft", "p")
            press(words.label("bundle-save"), self._save, "main")
        self._pieces.add(box("section"), self._linked, self._draw_links)

    def _in_force(self) -> object:
        return told.versions(self._counter.session), self._is_online()

    def _linked(self) -> object:
        """How the links stand, and what was done; no age of anything."""
        links = [(one["lost"], len(one["lost_ago_s"]), one["refused"]) for one in self._links()]
        acts = self._counter.session.service.acts
        last = acts[-1].at_s if acts else None
        return told.versions(self._counter.session), links, len(acts), last

    def _draw_kiosk(self) -> None:
        words, versions = self._counter.words, told.versions(self._counter.session)
        self._tile("software", versions["software"])
        since = words.label("since-day", day=versions["catalogue_from"])
        self._tile("catalogue", f"{versions['catalogue']} {since}")
        self._tile("platform", words.label("reached" if self._is_online() else "unreached"))

    def _draw_links(self) -> None:
        versions = told.versions(self._counter.session)
        for link in self._links():
            self._node(link, versions)
        self._done()

    def _tile(self, label: str, value: str) -> None:
        with box("tile").props(f'data-kiosk="{label}"'):
            text(self._counter.words.label(label), "soft")
            text(value, "value")

    def _node(self, link: told.Told, versions: told.Told) -> None:
        words, bay = self._counter.words, link["bay"]
        with box("sheet"):
            text(words.label("bay", bay=bay.upper()), tag="h2")
            if link["lost"]:
                text(words.why_not(link["lost"]), "bad", "p")
            with box("tiles"):
                self._tile("calibration", versions["calibrations"][bay])
                self._tile("node-start", link["reset_cause"] or "–")
                self._tile("node-lost-times", str(len(link["lost_ago_s"])))
                self._tile("node-refused", str(sum(link["refused"].values())))

    def _done(self) -> None:
        counter, words = self._counter, self._counter.words
        text(words.label("acts"), tag="h2")
        for act in told.state(counter.session, counter.desk.now_s())["acts"]:
            when = counter.at(act["ago_s"])
            text(f"{when} · {act['what']} · {act['result']}", "soft", "p")

    async def _save(self) -> None:
        await self._counter.do(self._given(), self._counter.words.label("bundle-saved"))

    async def _given(self) -> None:
        """Only whoever is signed in takes it along.

        Raises:
            RefusedError: The token does not hold any more.
        """
        self._counter.desk.sign(self._counter.token)
        name = f"bundle-{self._counter.session.config.kiosk}.zip"
        ui.download.content(await self._bundle.zipped(), name, "application/zip")

    def _links(self) -> list[told.Told]:
        return told.links(self._counter.session, self._counter.desk.now_s())

    def _is_online(self) -> bool:
        return self._counter.desk.around.is_online()
