"""The controller is killed before and after each thing that it does, and starts again.

Sometimes the node loses its power with it, and somebody reaches in meanwhile. Whatever happens,
what lies in the bins is what the journal says, no load counts twice, and the next resident is
weighed without what was left behind.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sim import clock
from sim.world import Item
from tests.controller.killed_kiosk import DEAD_S, Scene
from tests.controller.killing import Boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from tests.controller.killed_kiosk import Books

BOTTLE = Item("bottle", "pet-bottle", 24)
NEXT = Item("next", "pet-bottle", 32)

LINES = (
    *("SetLoadLimit", "Light", "SampleFast", "unfinished", "SetLoadLimit", "OpenHatch"),
    *("CloseHatch", "intent", "DropLoad", "deposit", "finished", "SampleFast", "Light"),
)
"""All that one deposit's controller does to journal and node, in order."""

STAYS, POWER, THEFT = "resident stays", "power fails too", "power fails and the load is taken"
HANGS, HUNG_THEFT = "the load hangs at first", "it hangs, power fails and it is taken"
FATES = (STAYS, POWER, THEFT, HANGS, HUNG_THEFT)


@dataclass(frozen=True)
class Ended:
    """How it ended: the journal, grams in the streams' bins, and in the thief's hands."""

    lines: tuple[str, ...]
    books: Books
    in_bins_g: dict[str, int]
    taken_g: int
    pan_g: int


def play(
    folder: Path,
    line: int | None,
    *,
    after: bool = False,
    fate: str = STAYS,
    again: int | None = None,
) -> Ended:
    """One bottle, one kill, a restart, and a next resident with another bottle.

    With `again` the restarted controller is killed too, at its line of that number.
    """
    return clock.run(_play(folder, Boundaries(line, after), Boundaries(again, after), fate))


async def _play(folder: Path, boundaries: Boundaries, second: Boundaries, fate: str) -> Ended:
    loop = asyncio.get_running_loop()
    scene = Scene(folder, boundaries)
    world = loop.create_task(scene.rig.run())
    if fate in (HANGS, HUNG_THEFT):
        scene.bay.hang(1000)
    visit = loop.create_task(scene.resident([BOTTLE]).visit())
    killed, taken_g = await scene.run(visit), 0
    lines = tuple(boundaries.passed)
    if killed:
        taken_g = await _meanwhile(scene, fate, visit)
        scene.start(second)
        if await scene.run(visit):
            scene.start(Boundaries())
            await scene.run(visit)
    scene.start(Boundaries())
    await scene.run(loop.create_task(scene.resident([NEXT], "next").visit()))
    world.cancel()
    await asyncio.gather(world, return_exceptions=True)
    scene.rig.close()
    return Ended(lines, scene.read(), dict(scene.in_bins()), taken_g, scene.bay.world.load_g)


async def _meanwhile(scene: Scene, fate: str, visit: asyncio.Task[None]) -> int:
    """While the controller is dead; grams that a hand took."""
    taken_g = 0
    if fate in (POWER, THEFT, HUNG_THEFT):
        scene.cut_power()
    if fate in (THEFT, HUNG_THEFT):
        visit.cancel()
        taken_g = await scene.reach_in()
    await asyncio.sleep(DEAD_S)
    return taken_g


def judge(ended: Ended) -> None:
    """Nothing credited twice, nothing swallowed, nothing paid for what was taken back."""
    books, bins = ended.books, ended.in_bins_g
    deposits, held = books.grams("deposit"), books.grams("uncertain")
    ids = [
        body["deposit_id"]
        for kind in ("deposit", "uncertain")
        for body in books.bodies.get(kind, [])
    ]
    assert len(ids) == len(set(ids))
    assert books.open_intents == 0
    assert sum(deposits) <= sum(bins.values())
    assert sum(bins.values()) <= sum(deposits) + sum(held)
    assert ended.taken_g == 0 or BOTTLE.mass_g not in deposits
    assert bins.get(NEXT.name) == NEXT.mass_g and NEXT.mass_g in deposits
    assert ended.pan_g == 0 and not books.unfinished


def test_a_deposit_does_what_is_listed(tmp_path: Path) -> None:
    """The lines at which the others are killed are all there are."""
    ended = play(tmp_path, None)
    assert ended.lines[: len(LINES)] == LINES
    assert ended.books.grams("deposit") == [BOTTLE.mass_g, NEXT.mass_g]
    judge(ended)


@pytest.mark.parametrize(
    ("line", "after", "fate", "ends_as"),
    [
        ("CloseHatch", False, POWER, ""),
        ("intent", True, POWER, "deposit"),
        ("deposit", False, STAYS, "deposit"),
        ("deposit", False, POWER, "uncertain"),
        ("deposit", False, HUNG_THEFT, "uncertain"),  # where it hangs, its second drop comes here
    ],
)
def test_killed_where_it_matters(
    tmp_path: Path, line: str, after: bool, fate: str, ends_as: str
) -> None:
    """What the bottle becomes; before a promise nothing, and the refuse bin gets it."""
    ended = play(tmp_path, LINES.index(line), after=after, fate=fate)
    judge(ended)
    first = [
        kind
        for kind in ("deposit", "void", "uncertain")
        for body in ended.books.bodies.get(kind, [])
        if body.get("mass_g") != NEXT.mass_g
    ]
    assert first == [ends_as] * bool(ends_as)


@pytest.mark.campaign
@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("line", range(len(LINES)))
def test_killed_at_every_line(tmp_path: Path, line: int, after: bool, fate: str) -> None:
    """Each line, before and after it, with each fate."""
    judge(play(tmp_path, line, after=after, fate=fate))


@pytest.mark.campaign
@pytest.mark.parametrize("fate", [STAYS, POWER, HANGS, HUNG_THEFT])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("again", range(8))
@pytest.mark.parametrize("line", ["DropLoad", "deposit"])
def test_killed_again_while_it_recovers(
    tmp_path: Path, line: str, again: int, after: bool, fate: str
) -> None:
    """The second controller dies as well, somewhere between its start and its record."""
    judge(play(tmp_path, LINES.index(line), after=after, fate=fate, again=again))
