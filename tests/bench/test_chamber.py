"""The trigger's bench judges what it says it does."""

from __future__ import annotations

import numpy as np

from bench.chamber import judged
from bench.chamber_peers import difference, is_empty, mixture, reaches_in
from sim.trials.chamber import references


def test_a_visit_is_judged_three_ways_and_the_kiosk_is_right() -> None:
    """Seeds that no limit was chosen on."""
    for seed in (3_000_000, 3_000_001):
        ours, plain, mog2 = judged(seed)
        assert ours.empty and ours.item_seen and ours.hand and ours.string and ours.string_left
        assert (ours.false_alarm, ours.named) == (False, 1.0)
        assert ours.iou > max(plain.iou, mog2.iou)


def test_the_peers_are_fair() -> None:
    """By the lamp that they learned, both tell an empty chamber from one with a hand."""
    picture = references()[0]
    reached = picture.copy()
    reached[300:, 200:300] = (230, 120, 20)
    for masker in (difference(references()), mixture(references())):
        assert is_empty(masker(picture)) and not reaches_in(masker(picture))
        assert not is_empty(masker(reached)) and reaches_in(masker(reached))
        assert masker(reached).dtype == np.bool_
