"""What everybody may know of each kiosk before they set out: where it is, when, how full."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.catalogue import in_force
from contract.hours import Hours, day_of, is_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloud.fleet.places import Place
    from contract.catalogue import Catalogue
    from contract.payloads import BinLevels, BinState, KioskState


@dataclass(frozen=True, slots=True)
class StreamFill:
    """How full one stream's bins are together, in thousandths; `full` where all of them are."""

    stream: str
    permille: int
    full: bool


@dataclass(frozen=True, slots=True)
class MapKiosk:
    """One kiosk; `place` is None where the operator's file does not say where it is.

    `online` is None as long as it said nothing since the platform's start, and `since` (Unix
    seconds) since when it is as it is, None where nobody knows. Without `hours` it is open always.
    """

    kiosk: str
    place: Place | None
    district: str
    open_now: bool
    hours: tuple[Hours, ...]
    online: bool | None
    since: int | None
    streams: tuple[StreamFill, ...]


def kiosk_map(
    places: Mapping[str, Place],
    states: Mapping[str, KioskState],
    levels: Mapping[str, BinLevels],
    catalogues: Mapping[str, Catalogue],
    now_s: int,
    since: Mapping[str, int] | None = None,
) -> list[MapKiosk]:
    """Every kiosk that has a place or said something, by its id, as of `now_s` (Unix seconds).

    Args:
        places: Kiosk → where it is.
        states: Kiosk → what it last said of itself.
        levels: Kiosk → what it last said of its bins.
        catalogues: Version → catalogue; hours come from the one in force.
        now_s: When.
        since: Kiosk → since when it is on or off line (Unix seconds).
    """
    held = in_force(catalogues, day_of(now_s))
    districts = {kiosk: one for one in (held.districts if held else ()) for kiosk in one.kiosks}
    usual = held.hours if held else ()
    since = since or {}

    def one(kiosk: str) -> MapKiosk:
        district, state, said = districts.get(kiosk), states.get(kiosk), levels.get(kiosk)
        hours = district.hours if district and district.hours else usual
        return MapKiosk(
            kiosk,
            places.get(kiosk),
            district.district if district else "",
            is_open(hours, now_s),
            hours,
            None if state is None else state.online,
            since.get(kiosk),
            _streams(said.bins if said else ()),
        )

    return [one(kiosk) for kiosk in sorted(places.keys() | states.keys())]


def _streams(bins: Sequence[BinState]) -> tuple[StreamFill, ...]:
    """Bins of one stream are one to a resident: the load goes to the one that has room."""
    by_stream: dict[str, list[BinState]] = defaultdict(list)
    for one in bins:
        by_stream[one.stream].append(one)
    return tuple(
        StreamFill(
            stream,
            sum(one.permille for one in mine) // len(mine),
            all(one.full for one in mine),
        )
        for stream, mine in sorted(by_stream.items())
    )
