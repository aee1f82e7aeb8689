"""Which district a kiosk is in: the latest catalogue says it, whatever a kiosk calls itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue
    from contract.districts import District


def district_of(catalogues: Mapping[str, Catalogue], kiosk: str) -> str:
    """The district of a kiosk, by `catalogues` (version → catalogue); empty where it is in none."""
    return next((one.district for one in _districts(catalogues) if kiosk in one.kiosks), "")


def kiosks_of(catalogues: Mapping[str, Catalogue], district: str) -> tuple[str, ...]:
    """The kiosks of a district, by `catalogues` (version → catalogue)."""
    mine = (one.kiosks for one in _districts(catalogues) if one.district == district)
    return tuple(kiosk for kiosks in mine for kiosk in kiosks)


def kiosks_of_all(catalogues: Mapping[str, Catalogue]) -> dict[str, str]:
    """Kiosk → its district, of every kiosk that is in one, by `catalogues`."""
    return {kiosk: one.district for one in _districts(catalogues) for kiosk in one.kiosks}


def _districts(catalogues: Mapping[str, Catalogue]) -> tuple[District, ...]:
    latest = max(catalogues.values(), key=lambda one: one.order, default=None)
    return latest.districts if latest else ()
