"""The scale as a bay uses it: what it declares and refuses, and what must not disturb it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from controller.core import events
from controller.core.bay import WARMING, Bay
from controller.core.config import BayConfig, BinConfig, ScaleConfig
from controller.core.metrology.calibration import RAW_LIMIT, Calibration, CalibrationError
from controller.core.scale import Scale, ScaleError
from controller.core.symptoms.table import Symptom

CONFIG = ScaleConfig()
COUNTS_PER_G = CONFIG.counts_per_kg / 1000


@dataclass
class Pan:
    """A scale whose pan is at rest under `mass_g`, with the noise of a good cell."""

    mass_g: float = 0.0
    scale: Scale = field(default_factory=lambda: Scale(CONFIG))
    node_ms: int = 5_000
    noise: random.Random = field(default_factory=lambda: random.Random(11))

    def convert(self) -> int:
        return round((self.mass_g + self.noise.gauss(0, 0.2)) * COUNTS_PER_G)

    def fast(self, conversions: int = 80) -> Pan:
        """Let conversions come, 80 a second."""
        for n in range(conversions):
            self.node_ms += 12 + n % 2
            self.scale.feed(self.node_ms, (self.convert(),))
        return self

    def slow(self, seconds: int) -> Pan:
        """Let one conversion a second come, as at rest."""
        for _ in range(seconds):
            self.node_ms += 1_000
            self.scale.feed(self.node_ms, (self.convert(),))
        return self

    def bears(self, mass_g: float, conversions: int = 80) -> Pan:
        """Another load, and time for it to settle."""
        self.mass_g = mass_g
        return self.fast(conversions)


def test_a_weighing_carries_what_makes_it_traceable() -> None:
    """e, Max, raw counts, zero, tare, calibration; and how sure it is."""
    weighing = Pan(500).fast().scale.weigh()
    assert (weighing.mass_g, weighing.e_g, weighing.max_g, weighing.tare_g) == (500, 2, 15_000, 0)
    assert weighing.raw == pytest.approx(500 * COUNTS_PER_G, abs=0.2 * COUNTS_PER_G)
    assert (weighing.zero_raw, weighing.calibration_id) == (0, "factory")
    assert weighing.calibrated_on == CONFIG.calibrated_on
    assert 0 < weighing.band_g < 0.5


def test_masses_are_shown_in_steps_of_e_of_their_range() -> None:
    """e = 2 g up to 6 kg and 5 g above."""
    assert Pan(25).fast().scale.weigh().mass_g in {24, 26}
    heavy = Pan(7_003).fast().scale.weigh()
    assert (heavy.mass_g, heavy.e_g) == (7_005, 5)


def test_a_moving_pan_is_not_weighed() -> None:
    """Right after a load has come there is nothing to declare."""
    pan = Pan(0).fast().bears(500, 3)
    assert not pan.scale.at_rest
    with pytest.raises(ScaleError, match="not at rest: wait, or look for what touches it"):
        pan.scale.weigh()
    pan.fast(20)
    assert pan.scale.weigh().mass_g == 500


def test_zero_is_taken_only_as_surely_as_class_iii_wants_it() -> None:
    """A quarter of e: what may be declared as a load need not be good enough for zero."""
    pan = Pan(0)
    while not pan.scale.at_rest:
        pan.fast(1)
    while not pan.scale.can_zero:
        with pytest.raises(ScaleError, match=r"zero must be known to 0.5 g"):
            pan.scale.set_zero()
        pan.fast(1)
    pan.scale.set_zero()
    assert abs(pan.scale.zero_raw) <= 0.5 * COUNTS_PER_G


def test_dirt_on_the_pan_is_not_sold_to_the_city() -> None:
    """A zero within the range is taken, and masses count from there."""
    pan = Pan(30).fast()
    pan.scale.set_zero()
    assert pan.scale.weigh().mass_g == 0
    assert pan.bears(530).scale.weigh().mass_g == 500


def test_zero_is_refused_far_from_the_calibrated_one() -> None:
    """Then something is wrong with the pan, not with the zero, which stays."""
    pan = Pan(1_600).fast()
    with pytest.raises(ScaleError, match="zero is too far from the calibrated one: 1600 g"):
        pan.scale.set_zero()
    assert pan.scale.zero_raw == 0


def test_zero_follows_a_slow_drift_through_a_night() -> None:
    """One conversion a second is enough to keep an idle scale at zero."""
    pan = Pan(0).fast()
    pan.scale.set_zero()
    for _ in range(600):
        pan.mass_g += 0.01
        pan.slow(1)
    assert pan.bears(506).scale.weigh().mass_g == 500


def test_a_load_is_not_tracked_away() -> None:
    """A light thing left on the pan stays what it is for as long as it lies there."""
    pan = Pan(0).fast()
    pan.scale.set_zero()
    pan.bears(6).slow(120)
    assert pan.fast().scale.weigh().mass_g == 6


def test_a_held_zero_stays_while_an_intent_is_open() -> None:
    """The pan may be loaded: neither setting nor tracking moves the stored zero."""
    pan = Pan(0)
    pan.scale.hold_zero(-round(100 * COUNTS_PER_G))
    pan.fast()
    with pytest.raises(ScaleError, match="held for an open intent: see to the intent first"):
        pan.scale.set_zero()
    assert pan.scale.weigh().mass_g == 100
    pan.scale.release_zero()
    pan.scale.set_zero()
    assert pan.scale.weigh().mass_g == 0


def test_a_container_is_tared_and_its_content_is_net() -> None:
    """The tare stands in the weighing; zero cannot be set over it."""
    pan = Pan(300).fast()
    pan.scale.set_tare()
    weighing = pan.bears(800).scale.weigh()
    assert (weighing.mass_g, weighing.tare_g) == (500, 300)
    with pytest.raises(ScaleError, match="a tare of 300 g is set: clear it"):
        pan.scale.set_zero()
    pan.scale.clear_tare()
    assert pan.scale.weigh().mass_g == 800


def test_nothing_is_no_tare() -> None:
    """An empty pan cannot be a container."""
    with pytest.raises(ScaleError, match="lay the empty container on the pan"):
        Pan(0).fast().scale.set_tare()


def test_more_than_max_is_refused() -> None:
    """Nine e above Max the indication ends."""
    assert Pan(15_040).fast().scale.weigh().mass_g == 15_040
    with pytest.raises(ScaleError, match="load beyond Max: 15100 g, Max 15000 g; split it"):
        Pan(15_100).fast().scale.weigh()


def test_a_saturated_cell_is_a_fault_until_it_reads_again() -> None:
    """Full scale is no mass."""
    pan = Pan(100).fast()
    for _ in range(40):
        pan.node_ms += 12
        pan.scale.feed(pan.node_ms, (RAW_LIMIT,))
    assert pan.scale.symptoms == (Symptom.SATURATED,)
    with pytest.raises(ScaleError, match="cell-saturated: the converter is at its end"):
        pan.scale.weigh()
    assert pan.fast(160).scale.weigh().mass_g == 100


@pytest.mark.parametrize("back_ms", [0, 3_000])
def test_time_that_goes_backwards_is_a_fault_and_passes(back_ms: int) -> None:
    """The conversion is left out, the zero and all else stay, the next good ones are weighed."""
    pan = Pan(0).fast()
    pan.scale.set_zero()
    zero_raw = pan.scale.zero_raw
    pan.bears(500)
    pan.scale.feed(pan.node_ms - back_ms, (0,))
    assert "check the node's clock" in pan.scale.fault
    assert not pan.scale.at_rest
    assert pan.fast().scale.weigh().mass_g == 500
    assert pan.scale.zero_raw == zero_raw


@pytest.mark.parametrize("raw", [float("nan"), 2**24, "7"])
def test_what_is_no_count_is_a_fault_and_passes(raw: object) -> None:
    """Nothing that is no signed 24-bit number becomes part of a mass."""
    pan = Pan(500).fast()
    pan.node_ms += 12
    pan.scale.feed(pan.node_ms, (raw,))  # type: ignore[arg-type]
    assert "is no signed 24-bit count" in pan.scale.fault
    assert pan.fast().scale.weigh().mass_g == 500


def test_an_absurd_calibration_leaves_the_good_one() -> None:
    """It cannot even be made; the scale goes on as before."""
    pan = Pan(500).fast()
    with pytest.raises(CalibrationError, match="counts fall as the load grows"):
        pan.scale.calibrate(
            Calibration("crossed", "2026-11-27", 0, ((-900_000, 5_000),), CONFIG.class_iii)
        )
    assert pan.scale.weigh().mass_g == 500


def test_a_weighing_is_confirmed_while_its_load_lies_there() -> None:
    """What left, or came, in the meantime is noticed before it is paid for."""
    pan = Pan(500).fast()
    weighing = pan.scale.weigh()
    assert pan.fast(40).scale.confirms(weighing)
    assert not pan.bears(503).scale.confirms(weighing)
    assert not pan.bears(0).scale.confirms(weighing)
    assert not pan.bears(500, 2).scale.confirms(weighing)
    assert pan.fast().scale.confirms(weighing)


def test_a_cell_that_is_dead_stops_the_scale_and_the_bay() -> None:
    """One value again and again is no measurement, however still it looks."""
    bay = Bay(BayConfig(name="a", bins=(BinConfig(index=0, stream="paper"),)))
    bay.lost = ""
    for n in range(100):
        bay.hear(events.Samples("a", 5_000 + n * 12, (90_000,)), n / 80)
    assert not bay.scale.at_rest
    assert bay.why_not.startswith("cell-stuck: one value repeats")


def report(node_ms: int) -> events.NodeReport:
    return events.NodeReport("a", node_ms, "CLOSED", "CLOSED", False, False, 0, 0, 0, 0)


def test_a_cold_scale_warms_up_before_it_weighs() -> None:
    """A node that was without power waits a minute; one that ran on does not."""
    bay = Bay(BayConfig(name="a", bins=(BinConfig(index=0, stream="paper"),)))
    pan = Pan(0, bay.scale, node_ms=100)
    bay.hear(events.NodeUp("a", 1, "power", 0, 0), 0.0)
    for second in range(61):
        bay.hear(report(pan.node_ms), float(second))
        assert bay.why_not == ("" if second == 60 else WARMING)
        pan.slow(1)
    bay.hear(events.NodeUp("a", 1, "power", 0, 0), 3_600.0)
    bay.hear(report(3_600_000), 3_600.0)
    assert bay.usable
    bay.hear(events.NodeUp("a", 2, "watchdog", 0, 0), 4_000.0)
    assert bay.usable


def test_silence_is_noticed_by_the_nodes_own_clock() -> None:
    """Reports go on and conversions do not."""
    bay = Bay(BayConfig(name="a", bins=(BinConfig(index=0, stream="paper"),)))
    pan = Pan(0, bay.scale).fast()
    bay.lost = ""
    bay.hear(report(pan.node_ms + 2_000), 1.0)
    assert bay.usable
    bay.hear(report(pan.node_ms + 3_000), 2.0)
    assert bay.why_not.startswith("cell-silent: no conversions arrive")


def test_a_fortnight_of_silence_is_one_silence() -> None:
    """Node ticks wrap after twelve days; the first conversion after them is weighed like any."""
    bay = Bay(BayConfig(name="a", bins=(BinConfig(index=0, stream="paper"),)))
    bay.lost = ""
    pan = Pan(500, bay.scale).fast()
    for _ in range(14):
        pan.node_ms += 86_400_000
        bay.hear(report(pan.node_ms % 2**30), 0.0)
        assert bay.why_not.startswith("cell-silent")
    pan.node_ms %= 2**30
    assert pan.fast(160).scale.weigh().mass_g == 500


def test_an_old_report_says_nothing_new() -> None:
    """Reports may be lost, late or doubled; none of them stops the scale."""
    pan = Pan(500).fast()
    pan.scale.passes(pan.node_ms + 50)
    pan.scale.passes(pan.node_ms - 100)
    assert pan.fast().scale.weigh().mass_g == 500


def test_a_report_before_the_first_conversion_is_no_fault() -> None:
    """The usual order after a node's start, and conversions are older than it."""
    pan = Pan(500)
    pan.scale.passes(pan.node_ms + 16)
    pan.scale.feed(pan.node_ms + 13, tuple(pan.convert() for _ in range(8)))
    assert pan.scale.fault == ""
    pan.node_ms += 13
    assert pan.fast().scale.weigh().mass_g == 500


def test_only_a_cold_start_may_zero_far_off() -> None:
    """A node that its watchdog restarted keeps to the range about the zero it had."""
    pan = Pan(0).fast()
    pan.scale.set_zero()
    pan.scale.start(cold=False)
    with pytest.raises(ScaleError, match="700 g, limit 300 g"):
        pan.bears(700).scale.set_zero()
    pan.scale.start(cold=True)
    pan.fast().scale.set_zero()


def test_a_start_forgets_the_tare() -> None:
    """Whoever laid the container there is gone."""
    pan = Pan(300).fast()
    pan.scale.set_tare()
    pan.scale.start(cold=False)
    assert pan.fast().scale.weigh().mass_g == 300


def test_nothing_is_shown_beyond_max_or_from_a_broken_cell() -> None:
    """What the screen shows keeps to the rules of what is declared."""
    assert Pan(15_040).fast().scale.indication_g == 15_040
    pan = Pan(16_000).fast()
    assert pan.scale.indication_g is None
    pan.bears(500)
    assert pan.scale.indication_g == 500
    for _ in range(40):
        pan.node_ms += 12
        pan.scale.feed(pan.node_ms, (RAW_LIMIT,))
    assert pan.scale.indication_g is None


def test_another_calibration_keeps_a_zero_that_is_held() -> None:
    """An intent is open: whatever staff do, its load is judged by its own zero."""
    scale = Scale(CONFIG)
    scale.hold_zero(4_000)
    scale.calibrate(ScaleConfig(zero_raw=9_000).calibration)
    assert (scale.zero_raw, scale.zero.is_held) == (4_000, True)
