"""The API of the map: where kiosks are, what they take now, and when.

GET /api/map?district=D&after=KIOSK&limit=N   by id, those after KIOSK; each with `kiosk place
                                              district open_now hours online since streams`
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.fleet.kiosk_map import MapKiosk

Name = Annotated[str, Query(pattern="^[a-z0-9-]{0,32}$")]


def map_api(kiosks: Callable[[], list[MapKiosk]]) -> APIRouter:
    """The route over `kiosks`, which gives every kiosk by its id."""
    router = APIRouter(prefix="/api")

    @router.get("/map")
    def shown(
        district: Name = "", after: Name = "", limit: Annotated[int, Query(ge=1, le=1000)] = 1000
    ) -> list[dict[str, Any]]:
        found = (one for one in kiosks() if district in ("", one.district) and one.kiosk > after)
        return [_row(one) for one, _ in zip(found, range(limit), strict=False)]

    return router


def _row(one: MapKiosk) -> dict[str, Any]:
    place = one.place.model_dump(exclude={"kiosk"}) if one.place else None
    hours = [stretch.model_dump() for stretch in one.hours]
    return asdict(one) | {"place": place, "hours": hours}
