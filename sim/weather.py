"""Weather and light around the cabinet, and what they do to cell, pan and chamber.

Temperatures are Hangzhou's normals of January, April, July and October (1991 to 2020, from memory:
5, 17, 29 and 19 °C; about 8 K between night and day). Wind presses on the cabinet with the square
of its speed; how much of that reaches the pan behind the shut hatch is an assumption: 0.1 g at
5 m/s, so 3.6 g in a storm of 30 m/s, at the sway of a cabinet that stands on its own feet. The sun
at an open hatch is an assumption too, in shares of the chamber's lamp.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contract.hours import LOCAL
from sim.world.figures import ClimateFigures

if TYPE_CHECKING:
    from sim.world import BayFigures

Season = Literal["winter", "spring", "summer", "autumn"]

MEAN_C: Mapping[Season, float] = {"winter": 5.0, "spring": 17.0, "summer": 29.0, "autumn": 19.0}
SWING_C = 4.0
WIND_G, AT_M_S = 0.1, 5.0
SWAY_HZ = 1.2
SUNRISE_H, DAYLIGHT_H = 6.0, 12.0
HOUR_S = 3600


class Weather(BaseModel):
    """The weather of a scenario; without a table of it, it is as the bay's figures say.

    Attributes:
        season: Sets the temperature's course.
        wind_m_s: How hard it blows.
        rain: What people carry in leaves a puddle on the pan.
        daylight: What the sun adds at the open hatch at noon, in shares of the lamp's light.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    season: Season | None = None
    wind_m_s: Annotated[float, Field(ge=0, le=40)] = 0.0
    rain: bool = False
    daylight: Annotated[float, Field(ge=0, le=3)] = 0.0

    def around(self, figures: BayFigures) -> BayFigures:
        """The bay's figures in this season."""
        if self.season is None:
            return figures
        climate = ClimateFigures(mean_c=MEAN_C[self.season], swing_c=SWING_C)
        return figures.model_copy(update={"climate": climate})

    @property
    def shakes_g(self) -> float:
        """With what amplitude the wind shakes the pan, in grams."""
        return float(WIND_G * (self.wind_m_s / AT_M_S) ** 2)

    def shine(self, utc_s: int) -> float:
        """What the sun adds at that time, as `daylight`: a half sine from six to six."""
        local = dt.datetime.fromtimestamp(utc_s, LOCAL)
        since_sunrise_h = local.hour + local.minute / 60 - SUNRISE_H
        return self.daylight * max(0.0, math.sin(math.pi * since_sunrise_h / DAYLIGHT_H))
