"""Everything of one run, put together: kiosk, bays, people, broker and platform."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from contract.catalogue import example
from contract.topics import Topics
from controller.adapters.code_camera import CameraCodeReader
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.app import Kiosk, Ports
from controller.delivery import Delivery
from sim.broker import Broker
from sim.chance import rng
from sim.clock import SimClock, now_us
from sim.code_camera import CodeCamera
from sim.identity import SOFTWARE, Identity
from sim.people import Person
from sim.platform import SimPlatform
from sim.rig import Rig
from sim.screen import SimScreen
from sim.seeing import InlineScan, eyes_of
from sim.store import InlineStore
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.bay import SimBay
    from sim.camera import Photos
    from sim.scenario import Scenario, Visitor
    from sim.trace import Trace


class Parts:
    """Everything that takes part in a run. Make it on the loop that it runs on; `close` it.

    Args:
        scenario: Says what kiosk it is and who comes.
        seed: All its chance.
        classifier: Judges the pictures; the kiosk gets eyes of its own from it.
        trace: Gets every byte and record.
        node: What runs the firmware.
        photos: Photos for items; without them they are drawn.

    Raises:
        SimError: A node does not start, or a picture is broken.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        classifier: OnnxClassifier,
        trace: Trace,
        node: str,
        photos: Photos | None,
    ) -> None:
        self.scenario = scenario
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

    def close(self) -> None:
        """Let everything go."""
        self._resources.close()

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
        self.journal = SqliteJournal(
            Path(folder) / "journal.sqlite",
            kiosk=self.scenario.kiosk.kiosk,
            signer=self.identity.kiosk,
            epoch_source=self.identity.new_epoch,
        )
        resources.callback(self.journal.close)

    def _built_kiosk(self, classifier: OnnxClassifier) -> Kiosk:
        config, identity = self.scenario.kiosk, self.identity
        topics = Topics(config.city, config.district, config.kiosk)
        store = InlineStore(self.journal, self._note_record)
        self.front = CodeCamera(
            lambda account: self.platform.issuer.issue(account).text, rng(self._seed, "phones")
        )
        delivery = Delivery(
            store,
            self.broker.uplink(topics.down_all),
            topics,
            boot=identity.boot,
            software=SOFTWARE,
            rng=rng(self._seed, "delivery"),
        )
        ports = Ports(
            links=self.rig.links,
            cameras=self.rig.cameras,
            codes=CameraCodeReader(self.front, InlineScan()),
            classifier=eyes_of(self.rig.bays, classifier),
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
