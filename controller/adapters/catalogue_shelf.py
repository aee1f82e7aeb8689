"""The kiosk's catalogues on disk: what comes as a file is tried, and what is good is kept.

Whoever brings catalogues puts them beside the configured one (`catalogue*.json`). Each that is
taken is copied to a folder of the kiosk's own (`catalogue.kept/`), so that the one before is still
there when what was delivered last turns out to be bad, also after a restart. The day is kept beside
them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contract.errors import CatalogueError
from contract.hours import day_of
from controller.core.records import Draft
from controller.core.shelf import Shelf
from controller.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract.catalogue import Catalogue
    from controller.core.shelf import Offer
    from controller.ports import Clock, Store

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
"""How often the folder is looked through: a new price list holds from midnight on, to a minute."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

MAX_FILE_BYTES = 1_000_000
"""No catalogue is so long; what is longer is not read."""


class CatalogueFolder:
    """The catalogues in the files around `path`, such as `catalogue.json`.

    Args:
        path: The configured catalogue; its neighbours `catalogue*.json` are looked at as well.
        shelf: Judges them.
        clock: Says which day it is.
    """

    def __init__(self, path: Path, shelf: Shelf, clock: Clock) -> None:
        self._path = path
        self._shelf = shelf
        self._clock = clock
        self._keep = path.with_suffix(".kept")
        self._day_file = self._keep / "day"
        self._day = ""
        self._news: list[Offer] = []

    def first(self) -> Catalogue:
        """Look for the first time, and give what holds today.

        Raises:
            CatalogueError: `none`: there is no good one; the message says what is wrong with each.
        """
        offers = self.look()
        catalogue = self.in_force()
        if catalogue is None:
            why = "; ".join(one.reason for one in offers) or "there is no such file"
            raise CatalogueError("none", f"no catalogue in {self._path} can be used: {why}")
        return catalogue

    def news(self) -> list[Offer]:
        """What came since this was asked last, oldest first."""
        news, self._news = self._news, []
        return news

    def look(self) -> list[Offer]:
        """Try what is new in the folder and keep what was taken; reads and writes files.

        What cannot be kept is used all the same, and logged.
        """
        self._day = self._today()
        offers = self._shelf.offer(self._signed(), self._day)
        self._news += offers
        for one in offers:
            level = logging.INFO if one.taken else logging.ERROR
            _log.log(level, "event=catalogue-offered %s", one.body)
        try:
            self._keep_needed()
        except OSError as error:
            _log.error("event=catalogue-not-kept folder=%s reason=%s", self._keep, error)
        return offers

    def in_force(self) -> Catalogue | None:
        """What holds today, by the last look; None where there was nothing good."""
        return self._shelf.in_force(self._day)

    def _signed(self) -> list[bytes]:
        arrived = self._path.parent.glob(f"{self._path.stem}*{self._path.suffix}")
        found = (_read(path) for path in sorted([*arrived, *self._keep.glob("*.json")]))
        return [data for data in found if data is not None]

    def _today(self) -> str:
        """The latest day that is known: the kept one, or the clock's.

        So a kiosk that starts in 1970 goes on with the prices it had. Later, while nobody vouches
        for the clock, no new day begins.
        """
        if self._day and self._clock.quality() != "synchronised":
            return self._day
        kept = (_read(self._day_file) or b"").decode("ascii", errors="replace")
        known = kept if _DAY.fullmatch(kept) else ""
        return max(self._day, known, day_of(self._clock.utc_s()))

    def _keep_needed(self) -> None:
        needed = self._shelf.needed(self._day)
        files = {f"{sha256[:16]}.json": data for sha256, data in needed.items()}
        if not files:
            return
        self._keep.mkdir(exist_ok=True)
        for name, data in files.items():
            _write(self._keep / name, data)
        _write(self._day_file, self._day.encode())
        for path in self._keep.glob("*.json"):
            if path.name not in files:
                path.unlink()


class CatalogueKeeper:
    """Looks for catalogues while the kiosk runs, records what came, and brings the right one in.

    Args:
        folder: Where they come.
        store: The journal, which says of each whether it was taken.
        clock: The records' time.
        change: Prices by a catalogue from now on; False while the kiosk is in use.
    """

    def __init__(
        self,
        folder: CatalogueFolder,
        store: Store,
        clock: Clock,
        change: Callable[[Catalogue], bool],
    ) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock
        self._change = change
        self._used: Catalogue | None = None

    async def run(self) -> None:
        """Look every minute until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once; a catalogue for which the kiosk has no time now is offered the next time."""
        await asyncio.to_thread(self._folder.look)
        for offer in self._folder.news():
            await self._record(offer)
        catalogue = self._folder.in_force()
        if catalogue is not None and catalogue != self._used and self._change(catalogue):
            _log.info("event=catalogue-changed version=%s", catalogue.version)
            self._used = catalogue

    async def _record(self, offer: Offer) -> None:
        now = datetime.fromtimestamp(self._clock.utc_s(), UTC)
        at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            await self._store.append(Draft("catalogue", offer.body, at, sent=False))
        except StoreError as error:
            _log.error("event=catalogue-not-recorded version=%s reason=%s", offer.version, error)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.error("event=catalogue-unreadable path=%s reason=%s", path, error)
        return None


def _write(path: Path, data: bytes) -> None:
    """Write, unless it is there already; after a power cut it is there whole, or not at all."""
    if _read(path) == data:
        return
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
