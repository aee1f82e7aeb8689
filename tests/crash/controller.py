"""The controller's process: real kiosk, journal, delivery and uplink, in a world beyond a socket.

Only what would take its time is a stand-in: the link to the node, the eyes, and the resident's
finger. What waits for people is cut, so that a deposit takes some hundredths of a second.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract.catalogue import example
from contract.topics import Topics
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.store import ThreadedStore
from controller.app import Kiosk, Ports
from controller.core import touches
from controller.core.commands import SampleFast
from controller.core.config import KioskConfig
from controller.core.flow.credit import MORE
from controller.core.service.given import FrameCount
from controller.core.sight import Sight
from controller.core.trigger import Glance
from controller.delivery import Delivery
from controller.ports import StoreError
from sim.identity import Identity
from tests.crash.line import Line
from tests.crash.world import BAY, PAPER, PLASTIC, REFUSE, ZERO_RAW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent
    from controller.core.view import View
    from controller.ports import Image

_log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""The bay is never late. What waits so long waits for the machine that the test runs on, and a
kiosk that gave up a load meanwhile would call it uncertain."""

BOTTOMLESS = 10**9
"""Litres of a bin that nobody ever empties."""

CONFIG = KioskConfig.model_validate(
    {
        "kiosk": "hz-xihu-0001",
        "city": "hangzhou",
        "district": "xihu",
        "bays": [
            {
                "name": BAY,
                "bins": [
                    {"index": PAPER, "stream": "paper", "litres": BOTTOMLESS},
                    {"index": PLASTIC, "stream": "plastic", "litres": BOTTOMLESS},
                ],
                "refuse_bin": REFUSE,
                "scale": {"zero_raw": ZERO_RAW},
            }
        ],
        "session": {
            "idle_s": 2.0,
            "warning_s": 1.0,
            "hand_out_s": 0.001,
            "farewell_s": 0.005,
            "settle_s": PATIENCE_S,
            "look_s": PATIENCE_S,
            "motion_s": PATIENCE_S,
        },
    }
)
TOPICS = Topics(CONFIG.city, CONFIG.district, CONFIG.kiosk)

ARCHIVES_S = 0.1
"""So often the journal is archived, whoever is served: any kill may come in the middle of it."""

LOADS_A_VISIT = 5
IDLE_S = 0.02
TURNS, HEARS_S = 8, 0.0003


@dataclass(frozen=True, slots=True)
class Order:
    """What a controller is started with. `mirror` is empty for none."""

    journal: str
    mirror: str
    world: str
    broker_port: int
    identity_seed: int


class WorldClock:
    """The kiosk's clock (ports.Clock), which may be wrong."""

    def __init__(self) -> None:
        self.ahead_s, self._quality = 0, "synchronised"

    def set(self, ahead_s: int, quality: str) -> None:
        """Somebody has put it so much ahead."""
        self.ahead_s, self._quality = ahead_s, quality

    def utc_s(self) -> int:
        """Seconds since 1970."""
        return int(time.time()) + self.ahead_s

    def quality(self) -> str:
        """Whether anybody vouches for it."""
        return self._quality


class Link:
    """The bay's node (ports.NodeLink): every question lets a moment of its time pass.

    `is_heard` says whether the kiosk has looked at all that was said before.
    """

    bay = BAY

    def __init__(self, line: Line, clock: WorldClock) -> None:
        self._line = line
        self._clock = clock
        self._events: asyncio.Queue[NodeEvent] = asyncio.Queue()
        self._wishes: list[NodeCommand] = []
        self._busy = asyncio.Event()
        self._fast = False
        self.is_heard: Callable[[], bool] = lambda: True

    @property
    def frames_heard(self) -> FrameCount:
        """Nothing: there is no wire between."""
        return FrameCount()

    def submit(self, command: NodeCommand) -> None:
        """Send it with the next question."""
        self._wishes.append(command)
        if isinstance(command, SampleFast):
            self._fast = command.on
        self._busy.set()

    async def events(self) -> AsyncIterator[NodeEvent]:
        """What the node says."""
        while True:
            yield await self._events.get()

    async def run(self) -> None:
        """Ask for ever; slowly while nobody is served."""
        self._hear(*await self._line.ask("connect"))
        while True:
            turns = 0
            while not (self._events.empty() and self.is_heard()):
                await asyncio.sleep(0 if turns < TURNS else HEARS_S)
                turns += 1
            if not self._fast:
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_S):
                        await self._busy.wait()
            self._busy.clear()
            wishes, self._wishes = self._wishes, []
            self._hear(*await self._line.ask("exchange", wishes))

    def _hear(self, heard: list[NodeEvent], clock: tuple[int, str]) -> None:
        self._clock.set(*clock)
        for event in heard:
            self._events.put_nowait(event)


class Eyes:
    """Camera and eyes of the bay, which never err."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def frames(self, count: int) -> Sequence[Image]:
        """Pictures that nobody looks at."""
        return [None] * count  # type: ignore[list-item]

    async def look(self, bay: str, frames: Sequence[Image]) -> Sight:
        """What lies there."""
        label = await self._line.ask("lies_there") or "paper"
        return Sight(label, 0.99, ((label, 0.99), ("glass", 0.01)))

    async def watch(self, bay: str, frames: Sequence[Image]) -> Glance:
        """Whether something lies there."""
        return Glance.READY if await self._line.ask("lies_there") else Glance.EMPTY

    async def is_empty(self, bay: str, frames: Sequence[Image]) -> bool | None:
        """Whether nothing lies there."""
        return await self._line.ask("lies_there") is None

    def problems(self, bay: str) -> tuple[str, ...]:
        """Nobody looked at them."""
        return ()


class Front:
    """Whoever stands before the kiosk: shows a code, and touches what the screen offers."""

    def __init__(self, line: Line, clock: WorldClock) -> None:
        self._line = line
        self._clock = clock
        self._loads = 0
        self._free = asyncio.Event()
        self.lost = ""
        self.touch: Callable[[object], None] = lambda touched: None

    def show(self, view: View) -> None:
        """Look at the screen, and act."""
        if view.state == "IDLE" and all(bay.usable for bay in view.bays):
            self._free.set()
        else:
            self._free.clear()
        if view.state == "IDLE":
            self._loads = 0
            for bay in view.bays:
                if not bay.usable:
                    _log.info("bay %s: %s", bay.bay, bay.why_not)
        elif view.state == "CREDITED":
            self._loads += 1
            more = self._loads < LOADS_A_VISIT
            self.touch(touches.Answered(MORE) if more else touches.ResidentLeft())
        elif view.state == "ASKING":
            self.touch(touches.Answered(view.choices[0].answer))

    def picture(self, bay: str, frame: Image | None) -> None:
        """Nobody looks at it."""

    async def codes(self) -> AsyncIterator[str]:
        """The code of whoever comes next."""
        while True:
            await self._free.wait()
            text = await self._line.ask("visitor", int(time.time()))
            if text is not None and self._free.is_set():
                yield text
            await asyncio.sleep(IDLE_S)


async def serve(order: Order) -> None:
    """Run one kiosk until it is killed."""
    identity = Identity(order.identity_seed)
    clock, link_line = WorldClock(), Line(Path(order.world))
    link, eyes = Link(link_line, clock), Eyes(Line(Path(order.world)))
    front = Front(Line(Path(order.world)), clock)

    def open_journal() -> SqliteJournal:
        return SqliteJournal(
            order.journal,
            kiosk=CONFIG.kiosk,
            signer=identity.kiosk,
            epoch_source=_id,
            mirror=Path(order.mirror) if order.mirror else None,
            device=_medium,
            limits=Limits(keep_records=0),
        )

    async with ThreadedStore(open_journal) as store:
        uplink = MqttUplink(
            "127.0.0.1", order.broker_port, client_id=CONFIG.kiosk, down_all=TOPICS.down_all
        )
        delivery = Delivery(
            store, uplink, TOPICS, boot=_id(), software="crash", rng=random.Random()
        )
        ports = Ports(
            links={BAY: link},
            cameras={BAY: eyes},
            codes=front,
            classifier=eyes,
            store=store,
            screen=front,
            clock=clock,
        )
        keys = {identity.city.key_id: identity.city.public}
        kiosk = Kiosk(ports, delivery, CONFIG, example(), keys, _id)
        link.is_heard = kiosk._events.empty
        front.touch = kiosk.post
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_archive(store))
            await kiosk.run()


async def _archive(store: ThreadedStore) -> None:
    """Keep the journal as small as it may be; a disk that refuses has its time."""
    while True:
        await asyncio.sleep(ARCHIVES_S)
        with suppress(StoreError):
            await store.archive()


def _medium(path: Path) -> int:
    """Card and stick are folders here, and count as a medium each."""
    return (path if path.is_dir() else path.parent).stat().st_ino


def _id() -> str:
    return secrets.token_hex(8)
