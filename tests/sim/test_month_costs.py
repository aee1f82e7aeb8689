"""What single troubles of a month cost a kiosk, and what it says of rails before they cost it."""

from __future__ import annotations

import pytest

from controller.core.commands import CloseHatch, OpenHatch
from controller.core.events import HatchClosed, HatchOpened, NodeFault
from sim.days.cost import cost_s
from sim.days.troubles import RUBS
from sim.pi import BOOT_S
from sim.seeing import shipped_classifier
from sim.solo import Solo


def test_a_dip_costs_the_computer_a_start() -> None:
    """Half a second without power: twenty seconds to boot, and nothing that somebody must mend."""
    assert cost_s("dip", 1, shipped_classifier()) == pytest.approx(BOOT_S, abs=5)


def test_slow_hands_have_time_to_pull_their_bag_in() -> None:
    """It hangs over the sill for 25 s: the hatch meets it twice, and does not call staff."""
    assert cost_s("bag, slow hands", 1, shipped_classifier()) == 0


def test_a_leaf_that_jams_for_ten_minutes_needs_no_technician() -> None:
    """Three closings meet it; when it is free again and nobody is near, the kiosk closes it."""
    assert 600 < cost_s("leaf jams", 1, shipped_classifier()) < 1_500


def test_a_node_names_rails_that_rub_long_before_they_stop_its_hatch() -> None:
    """It learned them new; three runs like that and staff hear of it, and still it opens and
    closes when they rub a fifth harder than that."""
    solo = Solo(seed=11)
    for factor, runs in ((1.0, 8), (RUBS, 3), (RUBS * 1.2, 1)):
        solo.world.friction(factor)
        for _ in range(runs):
            solo.submit(OpenHatch("a"))
            solo.until(HatchOpened)
            solo.submit(CloseHatch("a"))
            solo.until(HatchClosed)
    named = [one.fault for one in solo.heard if isinstance(one, NodeFault)]
    solo.close()
    assert named == ["hatch-friction"]
