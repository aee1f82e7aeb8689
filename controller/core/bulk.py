"""How much room the streams take: grams in a litre of whole things as they are thrown into a bin.

From WRAP's bulk densities of materials (kg/m3): card 60 and newspaper 305, plastic bottles 23,
cans of aluminium 20 and of steel 87, glass bottles 300, mixed textiles 104. Paper and metal are
mixtures by mass as such cabinets collect them.
"""

from __future__ import annotations

from collections.abc import Mapping

BULK_G_PER_L: Mapping[str, float] = {
    "paper": 120.0,
    "plastic": 23.0,
    "metal": 33.0,
    "glass": 300.0,
    "textile": 104.0,
}

OTHER_G_PER_L = 100.0
"""Any other stream, until somebody says better in the bin's configuration."""
