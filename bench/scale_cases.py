"""The weighings that are drawn: light and heavy, laid and dropped, and two that mislead."""

from __future__ import annotations

from bench.scale_plot import Picture
from sim.trials.landing import Landing, landing
from sim.trials.weighing import course, judged
from sim.world.figures import PanFigures
from sim.world.laying import sinking_g

PLAIN = PanFigures(missed=0.0, spikes=0.0)
SPIKY = PanFigures(missed=0.0, spikes=0.05, spike_least_raw=100_000, spike_most_raw=300_000)
BAG_G, SINKS_MM, SINKS_S = 2_500.0, 3.0, 0.2


def pictures() -> dict[str, Picture]:
    """Each by the name of its file."""
    shift_g = sinking_g(BAG_G, SINKS_MM, SINKS_S)
    bag = landing(8, pan=PLAIN, mass_g=BAG_G, fall_mm=10, shift_g=shift_g, shift_s=SINKS_S)
    wrong = landing(1, pan=SPIKY, mass_g=400, fall_mm=100, shift_g=0)
    return {
        "light-laid": _picture("60 g, laid", _plain(3, 60, 5)),
        "light-dropped": _picture("60 g, dropped", _plain(5, 60, 400)),
        "heavy-laid": _picture("7.5 kg, laid", _plain(4, 7_500, 5)),
        "heavy-dropped": _picture("7.5 kg, dropped", _plain(6, 7_500, 300)),
        "sinking-bag": _picture("a bag of 2.5 kg whose contents go on sinking", bag),
        "glitches": _picture("400 g, dropped, one conversion in twenty wrong", wrong),
    }


def _plain(seed: int, mass_g: float, fall_mm: float) -> Landing:
    return landing(seed, pan=PLAIN, mass_g=mass_g, fall_mm=fall_mm, shift_g=0)


def _picture(title: str, landed: Landing) -> Picture:
    followed = course(landed, seed=0)
    return Picture(title, followed, judged(landed, followed))
