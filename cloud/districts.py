"""Which district a kiosk is in: the latest catalogue says it, whatever a kiosk calls itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue


def district_of(catalogues: Mapping[str, Catalogue], kiosk: str) -> str:
    """The district of a kiosk, by `catalogues` (version → catalogue); empty where it is in none."""
    latest = max(catalogues.values(), key=lambda one: one.order, default=None)
    districts = latest.districts if latest else ()
    return next((one.district for one in districts if kiosk in one.kiosks), "")
