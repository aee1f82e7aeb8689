"""Troubles of camera, bins, disk, ledger and truck: each is felt where it would be, and passes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from contract.keys import SeedSigner
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.ports import CameraLostError, DiskError
from sim import clock
from sim.bay import SimBay
from sim.broker import Broker
from sim.camera import LENSES, SimCamera
from sim.disk import SimDisk, StoreOnDisk
from sim.errors import WorldError
from sim.hands import Hands
from sim.run import Options, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier
from sim.truck import Truck
from sim.world import BayFigures, BayWorld, Item
from tests.controller.drafts import returned
from tests.sim.test_broker import UP, Echo
from tests.sim.test_camera import BOTTLE, Bay
from tests.sim.test_world import MS, opened, run_hatch


def test_a_camera_that_is_gone_says_so_and_comes_back() -> None:
    """The port's own error, with what to do."""
    camera = SimCamera(Bay(BOTTLE), 1)
    camera.lost = True
    with pytest.raises(CameraLostError, match="the camera of bay a is gone: check its cable"):
        clock.run(camera.frames(1))
    camera.lost = False
    assert len(clock.run(camera.frames(1))) == 1


def test_a_frozen_camera_repeats_what_it_saw_to_the_bit() -> None:
    """Whatever is taken away or comes; then it lives again."""
    bay = Bay(BOTTLE)
    camera = SimCamera(bay, 1)
    camera.freeze(True)
    first = clock.run(camera.frames(1))[0]
    bay.world.on_pan = []
    again = clock.run(camera.frames(2))
    assert all((frame == first).all() for frame in again)
    camera.freeze(False)
    assert (clock.run(camera.frames(1))[0] != first).any()


def test_a_dead_lamp_is_as_dark_as_a_light_that_is_off() -> None:
    """The node has it on all the same."""
    camera = SimCamera(Bay(BOTTLE), 1)
    camera.chamber.lamp_dead = True
    assert clock.run(camera.frames(1))[0].max() < 10


@pytest.mark.parametrize("how", LENSES)
def test_dirt_on_the_lens_is_in_every_picture(how: str) -> None:
    """Until somebody wipes it off."""
    clean, soiled = SimCamera(Bay(BOTTLE), 1), SimCamera(Bay(BOTTLE), 1)
    soiled.soil(how)
    seen = [np.asarray(clock.run(one.frames(1))[0]).astype(int) for one in (clean, soiled)]
    assert np.abs(seen[0] - seen[1]).mean() > 1
    soiled.soil("clean")
    assert soiled.chamber.lens is None


def dropped(world: BayWorld, index: int) -> BayWorld:
    """The world after its gate has opened and closed over a bottle, above that bin."""
    world.put(BOTTLE)
    run_hatch(world, -1000)
    world.gate.diverter_to, world.gate.diverter_on = index, True
    for permille in (0, 1000, -1000):
        world.gate.drive_permille = permille
        world.advance(world.now_us + 2_000 * MS)
    return world


def test_nothing_slides_into_a_bin_that_is_heaped_up() -> None:
    """The load stays on the leaves, until a truck has been there."""
    world = opened()
    world.heap(1)
    assert dropped(world, 1).load_g == BOTTLE.mass_g
    world.empty_bins()
    world.gate.drive_permille = 1000
    world.advance(world.now_us + 2_000 * MS)
    assert (world.load_g, len(world.bins[1])) == (0, 1)


def test_what_hangs_on_a_string_does_not_fall() -> None:
    """Whoever holds the other end pulls it up."""
    world = opened()
    world.tie()
    assert dropped(world, 1).load_g == BOTTLE.mass_g


def test_a_bin_that_there_is_not_is_named() -> None:
    """With those that there are."""
    with pytest.raises(WorldError, match="heap: no bin 4; there are 0 to 3"):
        opened().heap(4)


def test_a_truck_takes_all_along_and_nothing_is_forgotten() -> None:
    """Late by what held it up; what it took still counts as fallen."""

    async def day() -> list[int]:
        bay = SimBay("a", BayWorld(1, "a", BayFigures()), 1, "cpython", lambda *_: None)
        bay.world.bins[2] += dropped(opened(), 2).bins[2]
        truck = Truck({"a": bay}, [60.0, 120.0])
        driving = asyncio.get_running_loop().create_task(truck.run())
        truck.late(30)
        seen = []
        for until_s in (80, 100, 160):
            await asyncio.sleep(until_s - asyncio.get_running_loop().time())
            seen.append(truck.collections)
        await driving
        bay.close()
        assert (bay.world.bins[2], len(bay.world.fallen[2])) == ([], 1)
        return seen

    assert clock.run(day()) == [0, 1, 2]


def test_a_full_disk_takes_nothing_and_says_so_until_there_is_room(tmp_path: Path) -> None:
    """The journal's own question finds no room, and a record is refused as disks refuse it."""
    disk = SimDisk()

    async def story() -> tuple[bool, bool, int]:
        journal = SqliteJournal(
            tmp_path / "journal.sqlite",
            kiosk="hz-xihu-0001",
            signer=SeedSigner(bytes(32)),
            epoch_source=lambda: "0123456789abcdef",
            free_bytes=disk.free_bytes,
        )
        store = StoreOnDisk(journal, lambda _line: None, disk)
        disk.fill(5)
        full = (await store.room()).enough
        with pytest.raises(DiskError, match="full: make room on it"):
            await store.append(returned())
        await asyncio.sleep(6)
        entry = await store.append(returned())
        room = (await store.room()).enough
        journal.close()
        return full, room, entry.seq

    assert clock.run(story()) == (False, True, 1)


def test_a_slow_ledger_answers_late_and_in_order() -> None:
    """Ten seconds for as long as it is said, and at once after that."""

    async def talk() -> list[float]:
        broker, loop = Broker(Echo()), asyncio.get_running_loop()
        took_s = []
        async with broker.uplink("gr/v1/hz/xihu/k1/down/#").connect() as line:
            broker.slow(10, 15)
            for _ in range(2):
                began_s = loop.time()
                await line.publish(UP, b"one")
                await anext(line.messages())
                took_s.append(loop.time() - began_s)
                await asyncio.sleep(10)
        return took_s

    late_s, soon_s = clock.run(talk())
    assert late_s == pytest.approx(10, abs=0.1)
    assert soon_s < 0.1


STORY = """
name = "story"
line = "A bottle."
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
"""


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped ones, loaded once."""
    return shipped_classifier()


def test_a_state_that_never_comes_is_said_and_keeps_nobody(eyes: OnnxClassifier) -> None:
    """The run ends when all is at rest; what waited for the state is a failure."""
    waits = '[[events]]\nverb = "jam"\nbay = "a"\npart = "gate"\nwhen = "ASKING"\n'
    outcome = run_scenario(parse_scenario(STORY + waits, "story.toml"), Options(), eyes)
    assert outcome.failures == ["jam waited for ASKING, which was never shown"]
    assert outcome.virtual_s < 60


def test_a_power_cut_repeats_to_the_bit(eyes: OnnxClassifier) -> None:
    """Everything is torn down and starts anew, and the same seed gives the same bytes."""
    cut = '[[events]]\nverb = "power_cut"\nwhen = "MEASURING"\nseconds = 2\n'
    story = parse_scenario(STORY + cut, "story.toml")
    first, again = (run_scenario(story, Options(), eyes) for _ in range(2))
    assert first.trace_sha256 == again.trace_sha256
    assert first.failures == []


def test_a_thing_that_is_picked_up_again_is_laid_down_whole() -> None:
    """Two things at once, water in the first: taken out, both are in the hands again."""
    items = [Item("one", "pet-bottle", 25), Item("two", "pet-bottle", 24)]
    world = opened()
    hands = Hands("ann", items, {"a": world})
    hands.weigh_down(300)
    assert hands.reach_into("a")
    assert hands.lay_down("a", 2)
    assert (world.load_g, [item.load for item in hands.given]) == (349, ["ann/0"] * 2)
    hands.pick_up("a")
    assert (world.load_g, [item.mass_g for item in hands.holding]) == (0, [325, 24])
