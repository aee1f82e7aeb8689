"""The hatch closes on something: how hard, for how long, and how soon the bridge was off.

What stands in the way is out of the light curtain's sight, else no closing would begin: what is
tried here is the edge, and without it the motor's current.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from controller.core.commands import CloseHatch, OpenHatch
from controller.core.events import HatchClosed, HatchObstructed, HatchOpened
from sim.chance import rng
from sim.errors import SimError
from sim.solo import Solo

TEST_BODY_N_PER_MM = (500.0, 500.0)
"""EN 12453's test body."""

HAND_N_PER_MM = (10.0, 50.0)
LEAST_MM, MOST_MM = 5.0, 370.0
COMES_WITHIN_MS = 3_000
LASTS_MS = 15_000


@dataclass(frozen=True, slots=True)
class ObstructedClosing:
    """What a trial measured.

    Attributes:
        seed: Gives the same trial again.
        height_mm: How high the obstacle was, and so where the leaf met it.
        peak_n: The hardest that the leaf pressed it.
        hurt_ms: From the trip until the force was below 25 N for good.
        reaction_ms: From the edge's signal until nothing drove the leaf closed any more.
        open_again: Whether the hatch stood open in the end. Without an edge a soft thing that is
            hardly higher than the closed limit may be shut on, with less force than is felt.
    """

    seed: int
    height_mm: float
    peak_n: float
    hurt_ms: float
    reaction_ms: float
    open_again: bool


def obstructed_closing(
    seed: int,
    *,
    n_per_mm: tuple[float, float] = TEST_BODY_N_PER_MM,
    edge_works: bool = True,
    node: str = "cpython",
) -> ObstructedClosing:
    """Close once on an obstacle of seeded height, stiffness and time of coming.

    Args:
        seed: All its chance: the bay's friction and latencies too.
        n_per_mm: The obstacle's stiffness is drawn from this range.
        edge_works: False for an edge whose signal never comes, so that current alone is left.
        node: What runs the firmware.

    Raises:
        SimError: The hatch did not open before, or its closing did not end.
    """
    chance = rng(seed, "closing")
    height_mm = chance.uniform(LEAST_MM, MOST_MM)
    with closing(Solo(seed, node=node)) as bay:
        if not edge_works:
            bay.board.sensor_fault("edge", "stuck_off")
        bay.submit(OpenHatch(bay.name))
        bay.until(HatchOpened)
        bay.run_ms(chance.uniform(100, 300))
        bay.submit(CloseHatch(bay.name))
        bay.run_ms(chance.uniform(0, COMES_WITHIN_MS))
        # What comes later than the leaf has passed stands just below it.
        height_mm = min(height_mm, bay.world.hatch.x_mm)
        bay.world.obstruct(height_mm, chance.uniform(*n_per_mm), in_curtain=False)
        _ends(bay)
        pinches = bay.world.hatch.pinches
        return ObstructedClosing(
            seed,
            height_mm,
            peak_n=max(one.peak_n for one in pinches),
            hurt_ms=max(one.hurt_us for one in pinches) / 1000,
            reaction_ms=max(one.reaction_us or 0 for one in pinches) / 1000,
            open_again=bay.world.hatch.limit_open,
        )


def _ends(bay: Solo) -> None:
    """Until the hatch has opened again, or shut."""
    heard = len(bay.heard)
    for _ in range(LASTS_MS // 50):
        bay.run_ms(50)
        if any(isinstance(one, HatchObstructed | HatchClosed) for one in bay.heard[heard:]):
            return
    raise SimError(f"the closing did not end within {LASTS_MS} ms: {bay.report}")
