"""The kiosk's catalogues on disk: what comes as a file is tried, and what is good is kept.

Whoever brings catalogues puts them beside the configured one (`catalogue*.json`). Each that is
taken is copied to a folder of the kiosk's own (`catalogue.kept/`), so that the one before is still
there when what was delivered last turns out to be bad, also after a restart. Beside them
are kept the day, and what the journal says of them already.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from contract.errors import CatalogueError
from contract.hours import day_of
from contract.instant import instant_of
from contract.whole_file import replace_whole
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

IN_FORCE = "in-force"
"""Ends what is remembered of a change; the last of these lines is the latest."""

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
        self._recorded_file = self._keep / "recorded"
        self._day = ""
        self._vouched_day = ""
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
        """What came since this was asked last and is not `recorded`, oldest first."""
        news, self._news = self._news, []
        known = self._recorded()
        return [one for one in news if _mark(one) not in known]

    def recorded(self, offers: list[Offer]) -> None:
        """The journal says of these what became of them; no later start says so again."""
        marks = [*self._recorded(), *map(_mark, offers)]
        try:
            self._keep.mkdir(exist_ok=True)
            _write(self._recorded_file, "".join(f"{mark}\n" for mark in marks).encode())
        except OSError as error:
            _log.error("event=catalogue-not-kept folder=%s reason=%s", self._keep, error)

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

    def bring(self, signed: bytes) -> Offer:
        """Try one that came another way than as a file; what is taken is kept, or not taken.

        Codes: as `Shelf.bring`, or `not-kept`: the disk does not take it, and it may come again. Of
        what its operator has signed the journal is told, and of nothing else: whoever holds the
        wire fills no disk with forgeries.
        """
        self._day = self._today()
        was_there = {one.sha256 for one in self._shelf.lying(self._day)}
        offer = self._shelf.bring(signed, self._day)
        if offer.sha256 in was_there:
            return offer
        if offer.taken and (why := self._why_not_kept(offer, signed)):
            self._shelf.drop(offer)
            return replace(offer, code="not-kept", reason=why)
        if offer.version:
            self._news.append(offer)
        _log.log(logging.INFO if offer.taken else logging.ERROR, "event=catalogue-came %s", offer)
        return offer

    def lying(self) -> tuple[Offer, ...]:
        """What holds, by the last look, and what will hold later."""
        return self._shelf.lying(self._day)

    def in_force(self) -> Catalogue | None:
        """What holds today, by the last look; None where there was nothing good."""
        return self._shelf.in_force(self._day)

    def change(self) -> Offer | None:
        """What the journal must say of what holds today; None where it says so already."""
        offer = self._shelf.force(self._day)
        told = [mark for mark in self._recorded() if mark.endswith(IN_FORCE)]
        return None if offer is None or told[-1:] == [_mark(offer)] else offer

    def _signed(self) -> list[bytes]:
        arrived = self._path.parent.glob(f"{self._path.stem}*{self._path.suffix}")
        # What was taken once is not displaced by what came under its version later.
        paths = [*sorted(self._keep.glob("*.json")), *sorted(arrived)]
        found = map(_read, paths)
        return [data for data in found if data is not None]

    def _today(self) -> str:
        """The latest day that is known: the kept one, or the clock's.

        So a kiosk that starts in 1970 goes on with the prices it had, and while nobody vouches for
        the clock no new day begins. A kiosk that knows no day yet has the clock's alone.
        """
        kept = (_read(self._day_file) or b"").decode("ascii", errors="replace")
        known = max(self._vouched_day, kept if _DAY.fullmatch(kept) else "")
        day = day_of(self._clock.utc_s())
        if self._clock.quality() != "synchronised":
            return known or day
        self._vouched_day = max(known, day)
        return self._vouched_day

    def _why_not_kept(self, offer: Offer, signed: bytes) -> str:
        """Put what was taken on the disk; why it is not there, empty where it is."""
        try:
            self._keep_needed()
        except OSError as error:
            if _read(self._keep / f"{offer.sha256[:16]}.json") != signed:
                return f"{self._keep} does not take it: {error.strerror or error}"
        return ""

    def _recorded(self) -> list[str]:
        known = _read(self._recorded_file) or b""
        return known.decode("ascii", errors="replace").splitlines()

    def _keep_needed(self) -> None:
        needed = self._shelf.needed(self._day)
        files = {f"{sha256[:16]}.json": data for sha256, data in needed.items()}
        if not files:
            return
        self._keep.mkdir(exist_ok=True)
        for name, data in files.items():
            _write(self._keep / name, data)
        if self._vouched_day:
            _write(self._day_file, self._vouched_day.encode())
        for path in self._keep.glob("*.json"):
            if path.name not in files:
                path.unlink()


class CatalogueKeeper:
    """Looks for catalogues while the kiosk runs, records what came, and brings the right one in.

    It is the kiosk's `ports.PriceLists`: `held` is what it found last.

    Args:
        folder: Where they come.
        store: The journal, which says of each whether it was taken.
        clock: The records' time.
        change: Prices by a catalogue from now on; False while the kiosk is in use.
        every_s: Seconds from look to look.
    """

    def __init__(
        self,
        folder: CatalogueFolder,
        store: Store,
        clock: Clock,
        change: Callable[[Catalogue], bool],
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock
        self._change = change
        self._every_s = every_s
        self._used: Catalogue | None = None
        self._turn = asyncio.Lock()
        self.held = folder.lying()

    async def run(self) -> None:
        """Look every minute until cancelled; one look that fails is logged, and ends nothing."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - whatever it is, prices must go on being looked for
                _log.exception("event=catalogue-look-failed")
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Look once; a catalogue for which the kiosk has no time now is offered the next time."""
        async with self._turn:
            await asyncio.to_thread(self._folder.look)
            await self._settle()

    async def bring(self, signed: bytes) -> Offer:
        """Try a catalogue that came over the wire; see the port."""
        async with self._turn:
            offer = await asyncio.to_thread(self._folder.bring, signed)
            await self._settle()
        return offer

    async def _settle(self) -> None:
        """Record what came, and price by what holds, unless the kiosk is in use."""
        self.held = await asyncio.to_thread(self._folder.lying)
        news = await asyncio.to_thread(self._folder.news)
        recorded = [offer for offer in news if await self._record(offer)]
        if recorded:
            await asyncio.to_thread(self._folder.recorded, recorded)
        catalogue = self._folder.in_force()
        if catalogue is not None and catalogue != self._used and self._change(catalogue):
            _log.info("event=catalogue-changed version=%s", catalogue.version)
            self._used = catalogue
        if catalogue is not None and catalogue == self._used:
            await self._record_change()

    async def _record_change(self) -> None:
        """Say in the journal which catalogue prices from now on, once for each change."""
        offer = await asyncio.to_thread(self._folder.change)
        if offer is not None and await self._record(offer):
            await asyncio.to_thread(self._folder.recorded, [offer])

    async def _record(self, offer: Offer) -> bool:
        """Put it into the journal; False where the journal cannot be written."""
        at = instant_of(self._clock.utc_s())
        try:
            await self._store.append(Draft("catalogue", offer.body, at, sent=False))
        except StoreError as error:
            _log.error("event=catalogue-not-recorded version=%s reason=%s", offer.version, error)
            return False
        return True


def _mark(offer: Offer) -> str:
    """What is remembered of an offer: one that is judged differently later is news again."""
    return f"{offer.sha256} {IN_FORCE if offer.in_force else offer.code or 'taken'}"


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
    if _read(path) != data:
        replace_whole(path, data)
