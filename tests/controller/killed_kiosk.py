"""A kiosk whose controller ends and begins again: real app, journal, link, firmware and physics.

Only the eyes tell the truth instead of judging pictures, for nothing here depends on them.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract import token
from contract.catalogue import example
from contract.topics import Topics
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.node_link import WireNodeLink
from controller.app import Kiosk, Ports
from controller.core.config import KioskConfig
from controller.core.sight import Sight
from controller.core.states import State
from controller.core.trigger import Glance
from controller.delivery import Delivery
from sim.broker import Broker
from sim.clock import SimClock
from sim.identity import Identity
from sim.people import Person
from sim.rig import Rig
from sim.scanner import POWER
from sim.scenario import KIOSK
from sim.screen import SimScreen
from sim.world import BayFigures
from tests.controller.killing import KillableLink, KillableStore, KilledError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from controller.ports import Image
    from controller.starting import Kept
    from sim.bay import SimBay
    from sim.world import Item
    from tests.controller.killing import Boundaries

BAY = "a"
CONFIG = KioskConfig.model_validate(KIOSK)
REFUSE_BIN = CONFIG.bays[0].refuse_bin
UTC_S = 1_796_000_000
LOOK_S = 0.2
PICTURE_S = 0.03
WARM_MS = 600_000
"""The node had been up so long before."""

PLENTY = 10**9
"""Bytes free on the journal's disk, unless a test says otherwise."""

DEAD_S = 20.0
"""So long the power is off."""

QUIET_S = 6.0
ENOUGH_S = 600.0
"""So long after its start everything has come to rest, whatever happened."""


@dataclass(frozen=True)
class Books:
    """Bodies of a journal's records by kind, what it remembers of the bay, and what is open."""

    bodies: dict[str, list[dict[str, Any]]]
    unfinished: bool
    open_intents: int

    def grams(self, kind: str) -> list[int]:
        """The masses of a kind of records."""
        return [body["mass_g"] for body in self.bodies.get(kind, [])]


class Onlooker:
    """Camera and eyes of one bay: they know what lies there while it is lit."""

    def __init__(self, bay: SimBay) -> None:
        self._bay = bay

    async def frames(self, count: int) -> Sequence[Image]:
        """Pictures that nobody looks at."""
        await asyncio.sleep(PICTURE_S * count)
        return [None] * count  # type: ignore[list-item]

    async def look(self, bay: str, frames: Sequence[Image]) -> Sight:
        """It is plastic."""
        await asyncio.sleep(LOOK_S)
        return Sight("plastic", 0.95, (("plastic", 0.95), ("glass", 0.05)))

    async def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        """Whether something lies there."""
        await asyncio.sleep(LOOK_S)
        world = self._bay.now()
        if not world.light_on:
            return Glance.BLIND
        if world.hand_inside:
            return Glance.HAND
        return Glance.READY if world.on_pan else Glance.EMPTY

    async def is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        """Whether nothing lies there."""
        await asyncio.sleep(LOOK_S)
        world = self._bay.now()
        return not world.on_pan if world.light_on else None

    def problems(self, bay: str) -> tuple[str, ...]:
        """Nobody looked at them."""
        return ()


class Front:
    """Reads the codes that are held up (controller's port), and the phone that shows them."""

    def __init__(self, identity: Identity, clock: SimClock) -> None:
        self._identity = identity
        self._clock = clock
        self._jti = random.Random(1)
        self._shown: asyncio.Queue[str] = asyncio.Queue()
        self.lost = ""

    async def codes(self) -> AsyncIterator[str]:
        """What is held up."""
        while True:
            yield await self._shown.get()

    def show(self, account: str) -> None:
        """Hold a fresh code up."""
        jti = self._jti.randbytes(8)
        self.show_text(
            token.issue(self._identity.city, account, now_s=self._clock.utc_s(), jti=jti)
        )

    def show_text(self, text: str) -> None:
        """Hold anything up."""
        self._shown.put_nowait(text)

    def away(self) -> None:
        """Put the phone away."""


class Scene:
    """One kiosk with its world; its controller can end and begin again on the same journal.

    `eyes` make its camera and eyes; `kept` is what is kept beside the journal, None for nothing.
    """

    eyes: type[Onlooker] = Onlooker
    kept: Kept | None = None

    def __init__(self, folder: Path, boundaries: Boundaries, seed: int = 1) -> None:
        loop = asyncio.get_running_loop()
        self.identity = Identity(seed)
        self.clock = SimClock(loop, UTC_S)
        self.screen = SimScreen()
        self.rig = Rig(CONFIG, BayFigures(), seed=seed, identity=self.identity)
        self.bay = self.rig.bays[BAY]
        self.front = Front(self.identity, self.clock)
        self._nonce = self.identity.nonces(BAY)
        self.free_bytes = PLENTY
        self._path = folder / "journal.sqlite"
        self._seed = seed
        self._began_ms = self.bay.board.ticks(0) - WARM_MS
        self.journal: SqliteJournal
        self.kiosk: Kiosk
        self.start(boundaries)

    def start(self, boundaries: Boundaries) -> None:
        """A new process: a new journal connection, a new link, a session that knows nothing."""
        identity = self.identity
        self.journal = self._opened()
        store = KillableStore(self.journal, boundaries)
        link = WireNodeLink(BAY, self.bay.wire.host, self._nonce)
        eyes = self.eyes(self.bay)
        ports = Ports(
            links={BAY: KillableLink(link, boundaries, self._began_ms)},
            cameras={BAY: eyes},
            codes=self.front,
            classifier=eyes,
            store=store,
            screen=self.screen,
            clock=self.clock,
        )
        broker = Broker(_Nobody())
        broker.down()
        topics = Topics(CONFIG.city, CONFIG.district, CONFIG.kiosk)
        delivery = Delivery(
            store,
            broker.uplink(topics.down_all),
            topics,
            boot=identity.new_boot(),
            software="killed",
            rng=random.Random(self._seed),
        )
        keys = {identity.city.key_id: identity.city.public}
        self.kiosk = Kiosk(
            ports, delivery, CONFIG, example(), keys, identity.new_session, self.kept
        )

    async def run(self, *visits: asyncio.Task[None]) -> bool:
        """Run the kiosk until it was killed, or these visits are over and all has come to rest.

        Returns:
            Whether it was killed.
        """
        killed, running = False, self.kiosk.session
        try:
            async with asyncio.timeout(ENOUGH_S), asyncio.TaskGroup() as tasks:
                kiosk = tasks.create_task(self.kiosk.run())
                quiet_s = 0.0
                while quiet_s < QUIET_S:
                    await asyncio.sleep(1.0)
                    busy = running.state is not State.IDLE or running.open_intents
                    going = busy or not all(one.done() for one in visits)
                    quiet_s = 0.0 if going else quiet_s + 1.0
                kiosk.cancel()
        except* KilledError:
            killed = True
        finally:
            self.journal.close()
        return killed

    def read(self) -> Books:
        """What the journal holds, read anew; the kiosk must not be running."""
        with closing(self._opened()) as file:
            records = [json.loads(line) for line in file.lines()]
            kinds: dict[str, list[dict[str, Any]]] = {}
            for one in records:
                kinds.setdefault(one["kind"], []).append(one["body"])
            kept = file.bay_memories().get(BAY)
            return Books(kinds, kept is not None and kept.unfinished, len(file.open_intents()))

    def _opened(self) -> SqliteJournal:
        identity = self.identity
        return SqliteJournal(
            self._path,
            kiosk=CONFIG.kiosk,
            signer=identity.kiosk,
            epoch_source=identity.new_epoch,
            free_bytes=lambda _path: self.free_bytes,
        )

    def resident(self, items: Sequence[Item], name: str = "resident") -> Person:
        """Somebody who brings these things."""
        return Person(
            name,
            self.identity.account(name),
            items,
            screen=self.screen,
            touch=lambda event: self.kiosk.post(event),  # noqa: PLW0108
            bays=self.rig.bays,
            phone=self.front,
            rng=random.Random(name),
        )

    def in_bins(self) -> Counter[str]:
        """Grams of each item in the bins of streams."""
        found: Counter[str] = Counter()
        for index, parts in enumerate(self.bay.world.bins):
            for part in parts:
                if index != REFUSE_BIN:
                    found[part.item.name] += part.mass_g
        return found

    def cut_power(self) -> None:
        """The node is without power for `DEAD_S`: no lock, no counting."""
        self.bay.restart_node(DEAD_S, POWER)
        self._began_ms = self.bay.board.ticks(self.bay.now().now_us + round(DEAD_S * 1e6))

    async def reach_in(self) -> int:
        """Push the hatch up by hand, take what lies there, pull it down; grams taken."""
        bay, world = self.bay, self.bay.world
        await asyncio.sleep(1.0)
        bay.push(150.0)
        await asyncio.sleep(6.0)
        taken_g = 0
        if bay.hand(True):
            taken_g = sum(part.mass_g for part in bay.take())
        bay.hand(False)
        bay.push(-150.0)
        await asyncio.sleep(6.0)
        bay.push(0.0)
        assert world.hatch.x_mm < 5
        return taken_g


class _Nobody:
    """No platform."""

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Nobody hears it."""
        return []
