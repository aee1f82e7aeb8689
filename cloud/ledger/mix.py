"""The mix of what each kiosk took lately, and whether its carbon factor is to be believed.

A factor set that belongs elsewhere, or a figure that slipped, shows in no single deposit: only what
a kilogram of many of them avoided on average leaves the range that `contract.factors` knows.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cloud.errors import LedgerError
from cloud.store.schema import deposits
from contract.factors import HIGH_G_PER_KG, LOW_G_PER_KG, WINDOW_S, Mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_log = logging.getLogger(__name__)

EVERY = 100
"""So many records of a kiosk are posted from look to look: a fifth of a busy day."""


def mix_of(connection: Connection, kiosk: str, now_s: int) -> Mix:
    """What a kiosk's credited deposits of the last `WINDOW_S` before `now_s` (Unix s) come to."""
    mass_g, carbon_g = connection.execute(
        select(
            func.coalesce(func.sum(deposits.c.mass_g), 0),
            func.coalesce(func.sum(deposits.c.carbon_g), 0),
        ).where(deposits.c.kiosk == kiosk, deposits.c.at_s > now_s - WINDOW_S)
    ).one()
    return Mix(int(mass_g), int(carbon_g))  # PostgreSQL adds up whole numbers as decimals


class MixAlarm:
    """Looks at a kiosk's mix now and then; `mixes` has what was found last, by kiosk.

    Args:
        mix: Gives a kiosk's mix; may raise `LedgerError`.
    """

    def __init__(self, mix: Callable[[str], Mix]) -> None:
        self._mix = mix
        self._posted: Counter[str] = Counter()
        self.mixes: dict[str, Mix] = {}

    def posted(self, kiosk: str, count: int) -> None:
        """So many records came from `kiosk`; a look that fails is logged and made up for later."""
        is_due = kiosk not in self.mixes or self._posted[kiosk] + count >= EVERY
        self._posted[kiosk] += count
        if is_due:
            self._posted[kiosk] = 0
            self._look(kiosk)

    def _look(self, kiosk: str) -> None:
        try:
            mix = self._mix(kiosk)
        except LedgerError as error:
            _log.error("event=mix-not-read kiosk=%s reason=%s", kiosk, error)
            return
        before = self.mixes.get(kiosk)
        self.mixes[kiosk] = mix
        if mix.alarm and (before is None or before.alarm != mix.alarm):
            _log.error(
                "event=%s kiosk=%s g_per_kg=%s believed=%d-%d: look at its catalogue's factors",
                *(mix.alarm, kiosk, mix.g_per_kg, LOW_G_PER_KG, HIGH_G_PER_KG),
            )
        elif before is not None and before.alarm and not mix.alarm:
            _log.info("event=mix-believed kiosk=%s g_per_kg=%s", kiosk, mix.g_per_kg)
