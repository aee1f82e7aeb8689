"""What a kiosk that starts knows already: from its journal, and from what is kept beside it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.hours import day_of
from contract.instant import utc_s_of
from controller.core import commands, events
from controller.core.health import sightings
from controller.core.lots import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller import ports

STARTS = 12
"""Starts that are kept: what restarts more often has long been told."""

AHEAD_S = 60
"""A computer without a battery starts at about the same time again and again, a little sooner or
later each time: a start that lies no further ahead was just now."""

PAGE = 200
"""So many records that wait are read at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept over a restart beside the journal: recorded faults, and the bins' lots.

    `starts` keeps when the controller started, where that is known, and `boot` names the present
    start of the computer. `failed` keeps the checks that hold a bay closed,
    `acceptance` the one that is on its way; `rests` since when bays rest (`controller.core.rests`).
    """

    faults: ports.RowKeeper
    lots: ports.RowKeeper
    starts: ports.RowKeeper | None = None
    boot: str = ""
    failed: ports.RowKeeper | None = None
    acceptance: ports.RowKeeper | None = None
    rests: ports.RowKeeper | None = None

    def keeper_of(self, wish: commands.Kept) -> ports.RowKeeper | None:
        """Who keeps what is wished to be kept; None where nobody does."""
        match wish:
            case commands.KeepFaults():
                return self.faults
            case commands.KeepLots():
                return self.lots
            case commands.KeepFailedChecks():
                return self.failed
            case commands.KeepAcceptance():
                return self.acceptance


async def known_at_start(
    store: ports.Store, clock: ports.Clock, bays: Iterable[str], kept: Kept | None
) -> list[object]:
    """The events with which a kiosk begins, in their order.

    Calibrations first: by what a memory or an intent says of the scale, they decide. A bay of an
    intent that cannot be read needs its memory, whatever that says.
    """
    found: list[object] = []
    if kept is not None:
        found += await _starts(kept, clock)
        found += [events.FaultFound(*row) for row in await kept.faults.kept()]
        rows = tuple(await kept.lots.kept())
        found.append(events.LotsFound(rows, tuple(await _waiting(store))))
        if kept.failed is not None:
            found.append(events.FailedChecksFound(tuple(await kept.failed.kept())))
        if kept.acceptance is not None:
            found.append(events.AcceptanceFound(tuple(await kept.acceptance.kept())))
    for entry in await store.calibrations():
        found.append(events.CalibrationFound(entry.body["bay"], entry.body))
    for row in await store.unreadable_intents():
        found.append(events.IntentUnreadable(row.bay, row.seq, row.reason))
    memories = await store.bay_memories()
    for name, memory in memories.items():
        found.append(events.BayMemoryFound(name, memory.zero_raw, memory.unfinished))
    found += [events.BayMemoryMissing(name) for name in bays if name not in memories]
    for card_id, at, points in await store.card_deposits():
        day = day_of(utc_s_of(at))
        found.append(events.CardUsed(card_id, day, points))
    for entry in await store.open_intents():
        found.append(events.OpenIntent(entry.seq, entry.body, _age_s(entry, clock)))
    return found


async def _starts(kept: Kept, clock: ports.Clock) -> list[sightings.StartFound]:
    """This start and those before it, which are kept from now on.

    By the wall clock, since no other goes on over a restart: where it was set in between, starts
    that seem to lie ahead by more than `AHEAD_S` tell nothing.
    """
    if kept.starts is None:
        return []
    now_s = clock.utc_s()
    before = [row for row in await kept.starts.kept() if row[0] <= now_s + AHEAD_S]
    rows = [*before, (now_s, kept.boot)][-STARTS:]
    await kept.starts.keep(rows)
    return [sightings.StartFound(max(0.0, now_s - utc_s), boot) for utc_s, boot in rows]


async def _waiting(store: ports.Store) -> list[tuple[str, dict[str, Any]]]:
    """Kind and body of the loads that wait for the ledger, oldest first."""
    found, after = [], 0
    while page := await store.unsent(after, PAGE):
        after = page[-1].seq
        found += [(one.kind, one.body) for one in page if one.kind in COUNTED]
    return found


def _age_s(entry: ports.Entry, clock: ports.Clock) -> float | None:
    """How long ago an intent was written; None where nobody vouches for both clocks."""
    if not clock.quality() == entry.body["clock_quality"] == "synchronised":
        return None
    at = dt.datetime.fromisoformat(json.loads(entry.line)["at"])
    age_s = clock.utc_s() - at.timestamp()
    return age_s if age_s >= 0 else None
