"""A scenario by the wall clock comes to what it comes to in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from sim.hosts import find_micropython
from sim.run import Options, run_scenario
from sim.scenario import load_scenario
from sim.seeing import shipped_classifier
from sim.wall import WallLoop, run_by_wall

pytestmark = pytest.mark.skipif(find_micropython() is None, reason="no micropython installed")


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["happy", "vandal-blocks-the-hatch"])
def test_over_serial_devices_and_in_real_time_the_same_comes_of_it(name: str) -> None:
    """The controller's serial port, the kernel's terminal and main.py in a process change none."""
    scenario = load_scenario(name)
    virtual = run_scenario(scenario, Options(), shipped_classifier())
    wall = run_by_wall(scenario)
    assert wall.passed, wall.failures
    for figure in ("accepted", "returned", "credited", "lost", "doubled", "faults"):
        assert getattr(wall, figure) == getattr(virtual, figure), figure


def test_its_times_begin_with_the_loop() -> None:
    """A scenario's seconds are counted from its beginning, however long the machine has run."""

    async def story() -> float:
        began_s = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        return began_s

    with asyncio.Runner(loop_factory=WallLoop) as runner:
        assert 0.0 <= runner.run(story()) < 5.0
