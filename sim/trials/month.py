"""Thirty days of weighings: one cell from commissioning on, through days, nights and weather.

The bay's own `Scale` weighs what the cell gives, zeroed before each load as a bay is, and as soon
as it declares. A load may lie anywhere on the pan; it is lowered, falls are tried by `landing`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from controller.core.config import ScaleConfig
from controller.core.metrology.validity import ValidityError
from controller.core.scale import Scale, ScaleError
from sim.chance import rng
from sim.trials.cells import Made, inside, outside
from sim.trials.commissioning import DAY_S, NotInServiceError, Technician
from sim.trials.lone_pan import LonePan, S
from sim.world.cell import climate
from sim.world.figures import ClimateFigures

if TYPE_CHECKING:
    import datetime as dt
    import random
    from collections.abc import Callable

    from controller.core.metrology.calibration import Calibration
    from controller.core.metrology.validity import Validity
    from controller.core.scale import Weighing
    from sim.trials.lone_pan import Conversion
    from sim.world.cell import Course

DAYS = 30
LOADS_A_DAY = 60
LIGHTEST_G, HEAVIEST_G = 40, 8_000

WARM_S = 3_600
WATCHES_S = 62
"""Slow stream before a load: long enough to show a level that wanders."""

LOADING_S = (5, 60)
"""From zeroing to the load's lying there: the hatch opens and somebody lays things in."""

OPEN_S = 0.3
"""The node sends every conversion once the hatch is open."""

SETTLES_S = 3.0
"""How long a level is waited for."""

LIES_S = (5, 20)
SCAN_US = 5_000
NOTHING_G = 20
"""Below that, half of Min, the bay takes the pan for empty; nothing is credited."""

CLOSED = "bay closed by the technician"
OUT_OF_SERVICE = "bay out of service for a fault"
MENDS_AFTER = 2 * LOADS_A_DAY
"""Loads in a row that a fault refused, until staff take the bay out of service."""

WEATHER_C = 2.0
WEATHER_DAYS = ((3, 5), (5, 8), (8, 14))
MEAN_C = (5.0, 25.0)


@dataclass(frozen=True, slots=True)
class Month:
    """What became of one cell.

    Attributes:
        seed: Gives the same month again.
        faults: What was wrong with it, of `cells.FAULTS`; nothing if inside.
        not_in_service: Why it never was; empty if it was.
        weighings: Loads that were laid on it.
        accepted: Those that were weighed.
        wrong: Accepted ones whose unrounded mass is beyond the limit in service.
        worst_share: Largest error of an unrounded mass as a part of its limit.
        worst_indicated_g: Largest error of an indication beyond its limit, half an e for its
            rounding left out of account; negative where none is.
        refused: (why, how often) of the others.
        symptoms: What the signal showed to be wrong when it was to be zeroed or weighed.
        checks: How often the technician came again.
    """

    seed: int
    faults: tuple[str, ...]
    not_in_service: str
    weighings: int = 0
    accepted: int = 0
    wrong: int = 0
    worst_share: float = 0.0
    worst_indicated_g: float = -math.inf
    refused: tuple[tuple[str, int], ...] = ()
    symptoms: tuple[str, ...] = ()
    checks: int = 0


def inside_month(seed: int) -> Month:
    """Thirty days of a cell inside the machine's specification."""
    return month(seed, inside(seed))


def outside_month(seed: int) -> Month:
    """Thirty days of a cell outside of it, or that breaks in service."""
    return month(seed, outside(seed, DAYS))


def damaged_month(seed: int) -> Month:
    """Thirty days of a cell whose span goes in service, which nothing in the signal shows."""
    return month(seed, outside(seed, DAYS, ("damaged",)))


def month(seed: int, made: Made, days: int = DAYS) -> Month:
    """Put one cell into service and weigh with it, or refuse it.

    Args:
        seed: Loads, weather and noise.
        made: The cell.
        days: How long.
    """
    pan = LonePan(seed, made.cell, made.pan, weather(seed), made.break_)
    pan.wait(WARM_S)
    technician = Technician(pan, ScaleConfig().calibration)
    try:
        calibration, validity = technician.commission()
    except NotInServiceError as reason:
        return Month(seed, made.faults, str(reason))
    return _Service(seed, made, pan, technician, calibration, validity).go(days)


def weather(seed: int) -> Course:
    """Days and nights about a mean that wanders: three waves of three to fourteen days."""
    chance = rng(seed, "month", "weather")
    mean_c = chance.uniform(*MEAN_C)
    waves = [climate(ClimateFigures(mean_c=mean_c), chance)]
    for least, most in WEATHER_DAYS:
        period_s = chance.uniform(least, most) * DAY_S
        figures = ClimateFigures(mean_c=0, swing_c=WEATHER_C, period_s=period_s)
        waves.append(climate(figures, chance))
    return lambda at_us: sum(wave(at_us) for wave in waves)


@dataclass
class _Service:
    """One cell in service."""

    seed: int
    made: Made
    pan: LonePan
    technician: Technician
    calibration: Calibration
    validity: Validity
    refused: Counter[str] = field(default_factory=Counter)
    symptoms: set[str] = field(default_factory=set)
    shares: list[float] = field(default_factory=list)
    beyond_g: list[float] = field(default_factory=list)
    faulty: int = 0

    def go(self, days: int) -> Month:
        """Weigh so many days, at any hour."""
        chance = rng(self.seed, "month", "loads")
        self.scale = Scale(ScaleConfig())
        self.scale.calibrate(self.calibration)
        loads = days * LOADS_A_DAY
        for done in range(loads):
            try:
                self._check(self.technician.today)
            except NotInServiceError:
                self.refused[CLOSED] += loads - done
                break
            if self.faulty >= MENDS_AFTER:
                self.refused[OUT_OF_SERVICE] += loads - done
                break
            self._one(chance, DAY_S / LOADS_A_DAY)
            self.faulty = self.faulty + 1 if self.scale.fault else 0
        return Month(
            self.seed,
            self.made.faults,
            "",
            loads,
            len(self.shares),
            sum(share > 1 for share in self.shares),
            max(self.shares, default=0.0),
            max(self.beyond_g, default=-math.inf),
            tuple(self.refused.most_common()),
            tuple(sorted(self.symptoms)),
            len(self.technician.visits) - 2,
        )

    def _check(self, today: dt.date) -> None:
        """Have the pan verified again on the last day that the verifications are good for."""
        if today >= self.validity.until:
            self.pan.wait(60)
            self.validity = self.technician.check(self.calibration)

    def _one(self, chance: random.Random, every_s: float) -> None:
        """One load, from an idle bay to the next."""
        pan, scale = self.pan, self.scale
        begins_us = pan.at_us
        mass_g = math.exp(chance.uniform(math.log(LIGHTEST_G), math.log(HEAVIEST_G)))
        place = (chance.uniform(-1, 1), chance.uniform(-1, 1))
        loading_s = chance.randint(*LOADING_S)
        try:
            self._watch(WATCHES_S)
            self.validity.check(pan.temperature_dc, self.technician.today)
            self._settle(lambda: scale.can_zero)
            scale.set_zero()
            self._watch(loading_s)
            self._settle(lambda: False, OPEN_S)
            pan.lay(mass_g, *place)
            self._settle(lambda: scale.at_rest)
            self._judge(mass_g, scale.weigh())
        except (ScaleError, ValidityError) as error:
            self.refused[str(error).split(":")[0]] += 1
        pan.wait(chance.uniform(*LIES_S))
        pan.lay(0)
        rest_s = chance.uniform(0.5, 1.5) * every_s - (pan.at_us - begins_us) / S
        pan.wait(max(30.0, rest_s))

    def _watch(self, seconds: int) -> None:
        """The bay is idle, its node asleep but for one conversion a second."""
        for _ in range(seconds):
            self._feed(self.pan.slow())

    def _settle(self, is_done: Callable[[], bool], within_s: float = SETTLES_S) -> None:
        """Feed every conversion until it is done, or too late."""
        self.scale.restart()
        until_us = self.pan.at_us + within_s * S
        while self.pan.at_us < until_us and not is_done():
            self._feed(self.pan.look())
        self.symptoms.update(symptom.value for symptom in self.scale.symptoms)

    def _feed(self, conversions: list[Conversion]) -> None:
        """What the node has read; it tells the time of the scan that found the last of them."""
        if conversions:
            scan_ms = math.ceil(conversions[-1][0] / SCAN_US) * SCAN_US // 1000
            self.scale.feed(scan_ms, [raw for _, raw in conversions])
        self.scale.passes(self.pan.at_us // 1000)

    def _judge(self, mass_g: float, weighing: Weighing) -> None:
        """Compare with the truth what was weighed, if anything was."""
        if weighing.mass_g < NOTHING_G:
            self.refused["nothing on the pan"] += 1
            return
        limit_g = self.calibration.class_iii.in_service_limit_g(mass_g)
        error_g = self.calibration.grams(weighing.raw, weighing.zero_raw) - mass_g
        self.shares.append(abs(error_g) / limit_g)
        self.beyond_g.append(abs(weighing.mass_g - mass_g) - limit_g - weighing.e_g / 2)
