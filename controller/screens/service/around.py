"""What a check needs from outside the core: pictures, journal, uplink, clock, certificate."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contract.certificates import load_certificate
from contract.errors import ContractError, RecordError
from contract.hours import day_of
from contract.instant import utc_s_of
from controller.core.scale import SOMETHING_G
from controller.core.service.audit.points import Audited
from controller.core.service.given import Given, Picture
from controller.ports import CameraLostError, StoreError
from controller.screens.service.front import Front
from controller.screens.service.told_journal import upkeep
from vision.quality import judge

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from controller import ports
    from controller.core.bay import Bay
    from controller.core.session import Session

LIGHT_S = 0.5
"""So long the chamber's light and the camera's exposure take."""

CAMERA_S = 5.0
"""A camera that has given no picture by then gives none."""


@dataclass(frozen=True, slots=True)
class Around:
    """The kiosk's surroundings, asked anew for each check.

    `is_empty` judges pictures of a bay's chamber as the port `Classifier` does, `is_online` says
    whether the platform is reached; `certificate` is the file of the kiosk's own, None where the
    broker is shown none. `journal` is the journal's file, None where it lies in memory alone.
    `front` is what a person at the kiosk is asked about, `teaching` None where the eyes cannot be
    taught, `reports` the folder of acceptances.
    """

    store: ports.Store
    clock: ports.Clock
    links: Mapping[str, ports.NodeLink]
    cameras: Mapping[str, ports.Camera]
    is_empty: Callable[[str, Sequence[ports.Image]], Awaitable[bool | None]]
    is_online: Callable[[], bool]
    certificate: Path | None
    journal: Path | None = None
    front: Front = field(default_factory=Front)
    teaching: ports.Teaching | None = None
    reports: Path | None = None

    async def look(self, load_g: int | None = None) -> Given:
        """What can be told without a picture."""
        utc_s = self.clock.utc_s()
        given = Given(
            clock_quality=self.clock.quality(),
            today=day_of(utc_s),
            utc_s=utc_s,
            online=self.is_online(),
            tls=self.certificate is not None,
            certificate_s=self._certificate_s(utc_s),
            load_g=load_g,
            wired=self.front.wired,
            referenced=self._referenced(),
            heard={bay: link.frames_heard for bay, link in self.links.items()},
        )
        try:
            return await self._of_journal(given, utc_s)
        except StoreError as error:
            return replace(given, room_reason=str(error))

    async def audited(self, s: Session) -> Audited:
        """All that an audit looks at, the journal's last days among it."""
        utc_s, is_vouched = self.clock.utc_s(), self.clock.quality() == "synchronised"
        today = day_of(utc_s) if is_vouched else ""
        seen = Audited(s.config.site, s.catalogue, tuple(s.bays.values()), today, None)
        if self.journal is None or not is_vouched:
            return seen
        try:
            kept = await asyncio.to_thread(upkeep, self.journal, tuple(s.bays), utc_s)
        except RecordError as error:
            return replace(seen, upkeep_reason=str(error))
        return replace(seen, upkeep=kept)

    async def picture(self, given: Given, bay: Bay) -> Given:
        """The same with a picture of the bay's lit chamber, or why there is none."""
        await asyncio.sleep(LIGHT_S)
        try:
            async with asyncio.timeout(CAMERA_S):
                frames = await self.cameras[bay.name].frames(1)
        except CameraLostError as error:
            return replace(given, camera_reason=str(error))
        except TimeoutError:
            return replace(given, camera_reason=f"no picture in {CAMERA_S:g} s")
        quality = judge(frames[-1])
        gross_g = bay.scale.gross_g
        is_clear = gross_g is not None and gross_g < SOMETHING_G
        # What is called empty is learnt as empty: nobody asks over a load.
        empty = await self.is_empty(bay.name, frames) if is_clear else None
        picture = Picture(quality.sharpness, quality.bright_level, quality.problems, empty)
        return replace(given, picture=picture)

    async def _of_journal(self, given: Given, utc_s: int) -> Given:
        room, aside = await self.store.room(), await self.store.aside()
        oldest = await self.store.unsent(0, 1)
        waits_s = [utc_s - utc_s_of(json.loads(one.line)["at"]) for one in oldest]
        return replace(
            given,
            room_bytes=room.free_bytes,
            room_reason=room.reason,
            waiting=await self.store.depth(),
            oldest_s=max(0, waits_s[0]) if waits_s else None,
            aside=sum(aside.values()),
        )

    def _referenced(self) -> frozenset[str]:
        teaching = self.teaching
        if teaching is None:
            return frozenset()
        return frozenset(bay for bay in self.cameras if teaching.has_empty(bay))

    def _certificate_s(self, utc_s: int) -> int | None:
        if self.certificate is None:
            return None
        try:
            return load_certificate(self.certificate).not_after_s - utc_s
        except ContractError:
            return None
