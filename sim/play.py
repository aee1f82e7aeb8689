"""One scenario being played: the kiosk, its bays, its people and the platform, put together."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from contract.catalogue import example
from contract.topics import Topics
from controller.adapters.code_camera import CameraCodeReader
from controller.adapters.sqlite_journal import SqliteJournal
from controller.app import Kiosk, Ports
from controller.delivery import Delivery, last_will
from sim.broker import Broker
from sim.chance import rng
from sim.clock import SimClock, now_us
from sim.code_camera import CodeCamera
from sim.identity import SOFTWARE, Identity
from sim.people import Person
from sim.platform import SimPlatform
from sim.rig import Rig
from sim.screen import SimScreen
from sim.seeing import InlineScan
from sim.store import InlineStore
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from controller.ports import Classifier
    from sim.bay import SimBay
    from sim.camera import Photos
    from sim.scenario import Scenario, Visitor
    from sim.trace import Trace

_log = logging.getLogger(__name__)

POLL_S = 1.0
QUIET_S = 3.0
"""So long everything must have been at rest before a run ends."""

LIMIT_S = 1800.0
"""So long after the last thing that a scenario names everything must have come to rest."""


class Play:
    """Everything of one run. Make it on the loop that it runs on, `run` it, `close` it.

    Args:
        scenario: What happens.
        seed: All its chance.
        classifier: Judges the pictures.
        trace: Gets every byte and record.
        node: What runs the firmware.
        photos: Photos for items; without them they are drawn.

    Raises:
        SimError: A part does not start.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        classifier: Classifier,
        trace: Trace,
        node: str,
        photos: Photos | None,
    ) -> None:
        self.scenario = scenario
        self.ended = ""
        self.virtual_s = 0.0
        self.trace_sha256 = ""
        self._seed = seed
        self._trace = trace
        self._loop = asyncio.get_running_loop()
        self.identity = Identity(seed)
        self.clock = SimClock(self._loop, scenario.starts_at)
        self.catalogue = example()
        self.screen = SimScreen()
        with ExitStack() as resources:
            self._start_platform(resources)
            self._start_bays(resources, node, photos)
            self._start_journal(resources)
            self.kiosk = self._built_kiosk(classifier)
            self.people = [self._person(*one) for one in enumerate(scenario.people, start=1)]
            if photos is not None:
                for item in (item for person in self.people for item in person.in_hands):
                    photos.photo(seed, item)  # what is broken ends the run before it begins
            self._resources = resources.pop_all()

    @property
    def bays(self) -> Mapping[str, SimBay]:
        """The bays by name."""
        return self.rig.bays

    def records(self) -> list[bytes]:
        """The journal's lines."""
        return list(self._journal.lines())

    def close(self) -> None:
        """Let everything go."""
        self._resources.close()

    async def run(self, progress: Callable[[float], None]) -> None:
        """Play to the end; `ended` says where it did not come to a good one.

        Raises:
            SimError: The simulation itself cannot go on.
        """
        rig = self._loop.create_task(self.rig.run(), name="rig")
        kiosk = self._loop.create_task(self.kiosk.run(), name="kiosk")
        story = self._loop.create_task(self._tell(), name="story")
        try:
            await self._until_over(rig, kiosk, story, progress)
            self.virtual_s = self._loop.time()
            # Before the parts are cancelled: in which order they go is nobody's promise.
            self.trace_sha256 = self._trace.close()
        finally:
            for task in (story, kiosk, rig):
                task.cancel()
            await asyncio.gather(story, kiosk, rig, return_exceptions=True)

    async def _tell(self) -> None:
        """Everything that the scenario names, each at its time."""
        async with asyncio.TaskGroup() as tasks:
            for visitor, person in zip(self.scenario.people, self.people, strict=True):
                tasks.create_task(self._visit(visitor, person), name=person.name)
            for verb in self.scenario.events:
                tasks.create_task(self._happen(verb.at_s, verb.perform), name=verb.verb)

    async def _visit(self, visitor: Visitor, person: Person) -> None:
        await asyncio.sleep(visitor.arrives_s)
        await person.visit()

    async def _happen(self, at_s: float, perform: Callable[[Play], None]) -> None:
        await asyncio.sleep(at_s)
        perform(self)

    async def _until_over(
        self,
        rig: asyncio.Task[None],
        kiosk: asyncio.Task[None],
        story: asyncio.Task[None],
        progress: Callable[[float], None],
    ) -> None:
        end_s, quiet_s = self._latest_end_s(), 0.0
        while quiet_s < QUIET_S and self._loop.time() < end_s:
            await asyncio.sleep(min(POLL_S, end_s - self._loop.time()))
            progress(self._loop.time())
            for task in (rig, story):
                if task.done():
                    task.result()
            if kiosk.done():
                self.ended = f"the kiosk ended: {kiosk.exception()!r}"
                _log.error("event=kiosk-ended", exc_info=kiosk.exception())
                return
            at_rest = story.done() and self._at_rest()
            quiet_s = quiet_s + POLL_S if at_rest and self.scenario.duration_s is None else 0.0
        if quiet_s < QUIET_S and self.scenario.duration_s is None:
            self.ended = f"no rest {LIMIT_S:.0f} s after all was over: {self._what_moves()}"

    def _latest_end_s(self) -> float:
        if self.scenario.duration_s is not None:
            return self.scenario.duration_s
        times = [visitor.arrives_s for visitor in self.scenario.people]
        times += [verb.at_s + getattr(verb, "seconds", 0.0) for verb in self.scenario.events]
        return max(times) + LIMIT_S

    def _at_rest(self) -> bool:
        """Nobody is served, everything is on the ledger, and the ledger is reached."""
        idle = self.screen.view.state == "IDLE" and not self.kiosk.session.open_intents
        return idle and self.broker.is_up and self._journal.depth() == 0

    def _what_moves(self) -> str:
        view, intents = self.screen.view, len(self.kiosk.session.open_intents)
        return (
            f"screen {view.state} ({view.message}), {intents} open intents, "
            f"{self._journal.depth()} records in the outbox"
        )

    def _start_platform(self, resources: ExitStack) -> None:
        kiosk = self.scenario.kiosk.kiosk
        # Its clock is another one than the kiosk's: verbs make the kiosk's wrong, never this.
        clock = SimClock(self._loop, self.scenario.starts_at)
        self.platform = SimPlatform(kiosk, self.identity, self.catalogue, clock)
        resources.callback(self.platform.close)
        self.broker = Broker(self.platform.ingest, self._note_message)

    def _start_bays(self, resources: ExitStack, node: str, photos: Photos | None) -> None:
        self.rig = Rig(
            self.scenario.kiosk,
            self.scenario.bay,
            seed=self._seed,
            identity=self.identity,
            node=node,
            photos=photos,
            note=self._trace.passed,
        )
        resources.callback(self.rig.close)

    def _start_journal(self, resources: ExitStack) -> None:
        folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-sim-"))
        self._journal = SqliteJournal(
            Path(folder) / "journal.sqlite",
            kiosk=self.scenario.kiosk.kiosk,
            signer=self.identity.kiosk,
            epoch_source=lambda: self.identity.epoch,
        )
        resources.callback(self._journal.close)

    def _built_kiosk(self, classifier: Classifier) -> Kiosk:
        config, identity = self.scenario.kiosk, self.identity
        topics = Topics(config.city, config.district, config.kiosk)
        store = InlineStore(self._journal, self._note_record)
        will = last_will(topics, identity.epoch, identity.boot, SOFTWARE)
        self.front = CodeCamera(
            lambda account: self.platform.issuer.issue(account).text, rng(self._seed, "phones")
        )
        delivery = Delivery(
            store,
            self.broker.uplink(topics.down_all, will),
            topics,
            boot=identity.boot,
            software=SOFTWARE,
            rng=rng(self._seed, "delivery"),
        )
        ports = Ports(
            links=self.rig.links,
            cameras=self.rig.cameras,
            codes=CameraCodeReader(self.front, InlineScan()),
            classifier=classifier,
            store=store,
            screen=self.screen,
            clock=self.clock,
        )
        keys = {identity.city.key_id: identity.city.public}
        kiosk = Kiosk(ports, delivery, config, self.catalogue, keys, identity.new_session)
        delivery.changed = kiosk.refresh
        return kiosk

    def _person(self, number: int, visitor: Visitor) -> Person:
        name = f"person-{number}"
        items = [
            Item(f"{name}-{n}", one.kind, one.mass_g, one.pieces, one.size_mm)
            for n, one in enumerate(visitor.items, start=1)
        ]
        return Person(
            name,
            self.identity.account(visitor.account),
            items,
            screen=self.screen,
            touch=self.kiosk.post,
            bays=self.rig.bays,
            phone=self.front,
            rng=rng(self._seed, name),
        )

    def _note_record(self, line: bytes) -> None:
        self._trace.record(now_us(self._loop), line)

    def _note_message(self, way: str, topic: str, payload: bytes) -> None:
        self._trace.passed(now_us(self._loop), f"uplink.{way}", topic.encode() + b" " + payload)
