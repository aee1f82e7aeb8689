"""Carbon factor sets: g CO2e that recycling a kg avoids, each figure with where it comes from.

A catalogue names its set, or several joined by `+`, and an item the row that is its factor. So
what a figure rests on can be looked up years later; and a figure that slipped, such as one a short
ton taken for one a kg, is found before a catalogue is signed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from contract.errors import CatalogueError
from contract.fields import Agreed, Name, Text, Word
from contract.worth import Factor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue

LOW_G_PER_KG, HIGH_G_PER_KG = 800, 2000
"""Between these a mix of recyclables is believed: Kecheng's residents came to 1,345 g/kg over
11,600 t (2022); two fifths less or half as much again is room for another mix. WARM's factors
give about 3,000 for a usual mix, mostly for paper: the alarm says that they credit too much here.
"""

WINDOW_S = 7 * 86_400
LEAST_G = 50_000
"""About what one kiosk takes on a day (53 kg): less is no mix yet."""


class FactorRow(Agreed):
    """One factor: `given` is the figure as its source has it, before conversion."""

    name: Name
    g_per_kg: Factor
    given: Text
    source: Text


class FactorSet(Agreed):
    """Factors from one source, by a name that is never used for others."""

    id: Word
    title: Text
    note: Annotated[str, Field(max_length=600)]
    rows: Annotated[tuple[FactorRow, ...], Field(min_length=1, strict=False)]


@dataclass(frozen=True, slots=True)
class Mix:
    """What was taken in a window: mass and avoided carbon, in grams."""

    mass_g: int
    carbon_g: int

    @property
    def g_per_kg(self) -> int | None:
        """The mean factor; None where there is too little to speak of a mix."""
        return self.carbon_g * 1000 // self.mass_g if self.mass_g >= LEAST_G else None

    @property
    def alarm(self) -> str:
        """`mix-low` or `mix-high` where the mean is not to be believed; else empty."""
        mean = self.g_per_kg
        if mean is None or LOW_G_PER_KG <= mean <= HIGH_G_PER_KG:
            return ""
        return "mix-low" if mean < LOW_G_PER_KG else "mix-high"


class MixWatch:
    """Follows deposits and says what the mix of the latest `window_s` seconds is."""

    def __init__(self, window_s: int = WINDOW_S) -> None:
        self._window_s = window_s
        self._deposits: deque[tuple[int, int, int]] = deque()
        self._mass_g = 0
        self._carbon_g = 0

    @property
    def mix(self) -> Mix:
        """The mix up to the deposit that was added last."""
        return Mix(self._mass_g, self._carbon_g)

    def add(self, at_s: int, mass_g: int, carbon_g: int) -> Mix:
        """Take a deposit of `at_s` (Unix s) and forget those from before its window.

        A deposit whose clock was behind counts as if it were the one before.
        """
        if self._deposits:
            at_s = max(at_s, self._deposits[-1][0])
        self._deposits.append((at_s, mass_g, carbon_g))
        self._mass_g += mass_g
        self._carbon_g += carbon_g
        while self._deposits[0][0] <= at_s - self._window_s:
            _, gone_g, gone_carbon_g = self._deposits.popleft()
            self._mass_g -= gone_g
            self._carbon_g -= gone_carbon_g
        return self.mix


def factor_sets() -> dict[str, FactorSet]:
    """The sets that ship with the software, by id."""
    folder = resources.files("contract").joinpath("data")
    files = [one for one in folder.iterdir() if one.name.startswith("factors-")]
    sets = (FactorSet.model_validate_json(one.read_bytes()) for one in files)
    return {one.id: one for one in sorted(sets, key=lambda one: one.id)}


def check_factors(catalogue: Catalogue, sets: Mapping[str, FactorSet]) -> int:
    """Compare a catalogue's figures with the rows that they are said to be; say how many were.

    Items without `factor` and sets that are not at hand are left alone.

    Raises:
        CatalogueError: `unknown-factor` or `factor-differs`; the message names row and figure.
    """
    named = catalogue.factor_set.split("+")
    if not all(name in sets for name in named):
        return 0
    rows = {row.name: row for name in named for row in sets[name].rows}
    checked = [(number, one) for number, one in enumerate(catalogue.items) if one.factor]
    for number, item in checked:
        row = rows.get(item.factor or "")
        if row is None:
            raise CatalogueError(
                "unknown-factor",
                f"items[{number}].factor: {catalogue.factor_set} has no {item.factor!r}, "
                f"only {', '.join(rows)}",
            )
        if row.g_per_kg != item.carbon_g_per_kg:
            raise CatalogueError(
                "factor-differs",
                f"items[{number}].carbon_g_per_kg is {item.carbon_g_per_kg}, but {item.factor} of "
                f"{catalogue.factor_set} is {row.g_per_kg} ({row.given})",
            )
    return len(checked)
