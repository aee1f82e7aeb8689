"""What befalls a kiosk in a year, how often, and what becomes of it: the one table of rates.

Nobody has published how often the parts of such a kiosk fail. So each rate is that of the nearest
machine of which somebody has, or is called an assumption of this project; "from memory" is a
figure whose document was not at hand.

- Hatch and gate: a good lift has four call-backs a year, six in ten of them for its doors (CIBSE
  Guide D, from memory). So 2.4 a year for the hatch, shared evenly by its parts, although it moves
  a tenth as often as a lift's door; half as many for the gate, at which nobody lays things.
- Jams that free themselves: ticket machines and bill validators jam once in 10,000 to 50,000
  cycles (makers' sheets, from memory). 25 visits a day with two loads are 18,000 a year: 1.8.
- Sensors, lamp, FRAM: 1,000 failures in 10^9 hours, the upper end of what SN 29500 gives for such
  parts (from memory): 0.0088 a year each. Connectors, and the computer's card: assumptions.
- Power: 2.6 outages a customer and year of 3.5 h (China's National Energy Administration for 2022,
  from memory); 20 dips longer than a power supply bridges: an assumption within EN 50160's "few
  tens to a thousand".
- Smoke: one false alarm in 50 detectors and years (BS 5839-1 calls 25 to 75 usual, from memory).
- Rails: as often as they have come to rub so hard that the kiosk names them.
- Network, software, residents and vandals: assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, object]
"""A scenario's verb with its arguments, without its time."""

HATCH_A_YEAR = 2.4 / 8
GATE_A_YEAR = 1.2 / 3
PART_A_YEAR = 1_000 * 8_760 / 1e9
JAM_A_YEAR = 0.9

BAGS_A_YEAR = 18.0
"""One visit in 500."""

SLOW = 0.27
"""Share of slow, old and wheelchair users of `sim.arrivals.HABIT_SHARES`: their hands take twice
as long, here from the moment at which the hatch meets the bag."""

RUBS, RUBS_A_YEAR = 1.4, 1 / 2
"""From there on a node that learned its hatch new calls the rails hard (`hatch-friction`; the tests
of the month measure it), which takes two years at the wear of `sim.days.month`."""

HOUR_S = 3_600.0
MOST_CUT_S = 3_500.0
"""A `power_cut` lasts at most an hour; longer ones are told again before they end."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong.

    Attributes:
        a_year: How often in a year of a kiosk with one bay.
        breaks: What happens then.
        mends: What is done about it, by itself or by the technician.
        heals_s: After so long it is over by itself; None: the technician comes.
        again_s: What `breaks` is to be said anew so often while it lasts; None: once is enough.
        in_a_visit: Whether it is a resident's doing, and so begins while one is there.
        a_moment_later: What whoever did it does next, as vandals who let go.
        for_steward: The site's steward can end it, where there is one, without a technician.
        afterwards: What whoever mends it does next, as a hand that is drawn back.
    """

    a_year: float
    breaks: Sequence[Words]
    mends: Sequence[Words] = ()
    heals_s: float | None = None
    again_s: float | None = None
    in_a_visit: bool = False
    a_moment_later: Sequence[Words] = ()
    for_steward: bool = False
    afterwards: Sequence[Words] = ()

    @property
    def of_bay(self) -> bool:
        """Whether it befalls one bay: a kiosk with two has it twice as often."""
        return all("bay" in words for words in self.breaks)


def _bay(verb: str, **arguments: object) -> Words:
    return {"verb": verb, "bay": "a", **arguments}


def _sensor(part: str, kind: str, a_year: float = PART_A_YEAR) -> Trouble:
    well = _bay("sensor_fault", part=part, kind="well")
    return Trouble(a_year, [_bay("sensor_fault", part=part, kind=kind)], [well])


def _stuck(part: str, a_year: float, heals_s: float | None = None) -> Trouble:
    free = _bay("jam", part=part, on=False)
    in_a_visit = heals_s is not None  # by what was brought; else by what broke
    return Trouble(a_year, [_bay("jam", part=part)], [free], heals_s, in_a_visit=in_a_visit)


def _limit(which: str, says: str) -> Trouble:
    well = _bay("limit_stuck", limit=which, says="well")
    return Trouble(HATCH_A_YEAR, [_bay("limit_stuck", limit=which, says=says)], [well])


_HANGS = _bay("obstruct", height_mm=150, in_curtain=False)
_IS_GONE = _bay("obstruct", height_mm=0)


def _bag(a_year: float, heals_s: float) -> Trouble:
    """It hangs over the sill below the curtain, and who brought it pulls it in."""
    return Trouble(a_year, [_HANGS], [_IS_GONE], heals_s, in_a_visit=True)


def _cut(a_year: float, what: str, seconds: float) -> Trouble:
    return Trouble(a_year, [{"verb": "power_cut", "what": what, "seconds": seconds}], heals_s=0.0)


_OFF: Words = {"verb": "power_cut", "what": "kiosk", "seconds": MOST_CUT_S}

TROUBLES: Mapping[str, Trouble] = {
    "leaf stuck": _stuck("hatch", HATCH_A_YEAR),
    "motor wire": Trouble(
        HATCH_A_YEAR, [_bay("motor_wire_broken")], [_bay("motor_wire_broken", on=False)]
    ),
    "coupling slips": Trouble(
        HATCH_A_YEAR, [_bay("slip", permille=250)], [_bay("slip", permille=0)]
    ),
    "closed limit": _limit("closed", "off"),
    "open limit": _limit("open", "off"),
    "limit worn": Trouble(
        HATCH_A_YEAR,
        [_bay("limit_worn", limit="closed", chatter_ms=30)],
        [_bay("limit_worn", limit="closed", chatter_ms=0)],
    ),
    "curtain": _sensor("curtain", "stuck_off", HATCH_A_YEAR),
    "edge wire": _sensor("edge", "dead", HATCH_A_YEAR),
    "leaves stuck": _stuck("gate", GATE_A_YEAR),
    "diverter stuck": _stuck("diverter", GATE_A_YEAR),
    "gate switch": _sensor("gate_closed", "stuck_off", GATE_A_YEAR),
    "thermal array": _sensor("thermal", "dead"),
    "distance sensor": _sensor("distance", "dead"),
    "converter": _sensor("cell", "dead"),
    "cell": _sensor("cell", "drift"),
    "current sensor": _sensor("motor_current", "dead"),
    "counters": Trouble(
        PART_A_YEAR,
        [_bay("fram_fault", kind="refuses")],
        [_bay("fram_fault", kind="well")],
    ),
    "lamp": Trouble(PART_A_YEAR, [_bay("camera_dark")], [_bay("camera_dark", on=False)]),
    "camera's cable": Trouble(0.05, [_bay("camera_lost")], [_bay("camera_lost", on=False)]),
    "computer's card": Trouble(0.1, [_OFF], again_s=MOST_CUT_S - 1),
    "lens spotted": Trouble(4.0, [_bay("lens_dirty")], [_bay("lens_dirty", how="clean")], HOUR_S),
    "red button": Trouble(
        1.0,
        [_bay("switch", name="emergency_stop")],
        [_bay("switch", name="emergency_stop", on=False)],
        for_steward=True,
    ),
    "smoke, false": Trouble(1 / 50, [_bay("smoke")], [_bay("smoke", on=False)]),
    "hatch forced": Trouble(
        0.5, [_bay("push", force_n=3_000)], a_moment_later=[_bay("push", force_n=0)]
    ),
    "kicked": Trouble(
        12.0, [_bay("shake", amplitude_g=200)], [_bay("shake", amplitude_g=0)], heals_s=10.0
    ),
    "bag on the sill": _bag(BAGS_A_YEAR * (1 - SLOW), 12.0),
    "bag, slow hands": _bag(BAGS_A_YEAR * SLOW, 25.0),
    "bag left there": Trouble(
        1.0,
        [_HANGS],
        [_bay("obstruct", height_mm=150)],  # the steward's arm, in the light curtain
        in_a_visit=True,
        for_steward=True,
        afterwards=[_IS_GONE],
    ),
    "load hangs": Trouble(36.0, [_bay("hang", keep_permille=600)], heals_s=0.0, in_a_visit=True),
    "leaf jams": _stuck("hatch", JAM_A_YEAR, 600.0),
    "leaves jam": _stuck("gate", JAM_A_YEAR, 600.0),
    "outage": Trouble(2.6, [_OFF], heals_s=3.5 * HOUR_S, again_s=MOST_CUT_S - 1),
    "dip": _cut(20.0, "kiosk", 0.5),
    "software": _cut(2.0, "controller", 1.0),
    "node hangs": Trouble(2.0, [_bay("restart_node", dead_s=0.5)], heals_s=0.0),
    "network": Trouble(12.0, [{"verb": "broker_down", "seconds": 1_800.0}], heals_s=0.0),
    "rails rub": Trouble(
        RUBS_A_YEAR, [_bay("friction", factor=RUBS)], [_bay("friction", factor=1.0)]
    ),
}
"""Name → what it is, for a kiosk whose one bay is called `a`."""
