"""Price lists that come over the wire: put together, tried, kept, and told of in the condition.

What a list must be, and when it prices, `controller.core.shelf` says. The platform sends what the
condition does not name until it does, so whatever is lost here comes again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from contract.catalogue_part import open_part
from contract.condition import LISTS_MOST, REFUSED_MOST, KeptList, RefusedList
from contract.errors import PayloadError
from controller.core.arriving import Arriving

if TYPE_CHECKING:
    from controller.core.shelf import Offer
    from controller.delivery import Delivery
    from controller.ports import PriceLists

_log = logging.getLogger(__name__)

WAITING_MOST = 4
"""Whole lists that wait to be tried; a disk that is slower gets the rest later."""


class Listing:
    """One kiosk's price lists on their way from the wire to its shelf.

    Args:
        lists: Tries and keeps them.
        delivery: Brings them, and tells what became of them.
    """

    def __init__(self, lists: PriceLists, delivery: Delivery) -> None:
        self._lists = lists
        self._delivery = delivery
        self._arriving = Arriving()
        self._refused: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        delivery.hearing.listed = self.came

    @property
    def kept(self) -> list[KeptList]:
        """What the kiosk keeps, what holds first; as much as may be told of."""
        return [
            KeptList(version=one.version, sha256=one.sha256, valid_from=one.valid_from)
            for one in self._lists.held[:LISTS_MOST]
        ]

    @property
    def refused(self) -> list[RefusedList] | None:
        """What was refused last; None where nothing was."""
        return [RefusedList(sha256=one, code=code) for one, code in self._refused.items()] or None

    def came(self, payload: bytes) -> None:
        """A part came down; with the last one the list is tried."""
        try:
            whole = self._arriving.take(*open_part(payload))
        except PayloadError as error:
            self._count(error.code, str(error))
            self._delivery.kick()
            return
        if whole is None or len(self._tasks) >= WAITING_MOST:
            return
        task = asyncio.get_running_loop().create_task(self._bring(whole), name="list")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring(self, signed: bytes) -> None:
        try:
            offer = await self._lists.bring(signed)
        except Exception:  # noqa: BLE001 - whatever it is, deliveries must go on
            _log.exception("event=list-failed")
            return
        self._noted(offer)
        self._delivery.standing.look()
        self._delivery.kick()

    def _noted(self, offer: Offer) -> None:
        self._refused.pop(offer.sha256, None)
        if offer.taken:
            return
        self._refused[offer.sha256] = offer.code
        if len(self._refused) > REFUSED_MOST:
            del self._refused[next(iter(self._refused))]
        self._count(offer.code, offer.reason)

    def _count(self, code: str, reason: str) -> None:
        self._delivery.standing.refused[f"catalogue:{code}"] += 1
        _log.warning("event=list-refused code=%s reason=%s", code, reason)
