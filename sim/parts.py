"""Everything of one kiosk in a run, put together: bays, journal, controller, people."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from controller.adapters.code_camera import CameraCodeReader
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.app import Kiosk, Ports
from controller.delivery import Delivery
from controller.remotely import Afar
from sim.afar import RowsOnDisk, SimUpkeep
from sim.chance import rng
from sim.clock import SimClock, now_us
from sim.code_camera import CodeCamera
from sim.disk import SimDisk, StoreOnDisk
from sim.habits import HABITS
from sim.identity import SOFTWARE
from sim.panel import SimPanel
from sim.people import Person
from sim.pi import Pi
from sim.printer import SimPrinter
from sim.rig import Rig
from sim.scenario import visitors_of
from sim.screen import SimScreen
from sim.seeing import InlineScan, eyes_of
from sim.trace import KioskTrace
from sim.truck import Truck
from sim.weather import SWAY_HZ
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.afar import Dispatch
    from sim.bay import SimBay
    from sim.broker import Broker
    from sim.camera import Photos, SimCamera
    from sim.city import City
    from sim.identity import Identity
    from sim.platform import SimPlatform
    from sim.stories import Story
    from sim.trace import Trace
    from sim.visitors import Visitor


PREFIX = "kiosk-sim-"
"""How a run's folder is called, among those of others."""


class Parts:
    """Everything that takes part at one kiosk. Make it on the loop that it runs on; `close` it.

    Args:
        story: Says what kiosk it is and who comes.
        identity: Its keys and ids.
        city: The broker and platform that it has, with other kiosks or alone.
        classifier: Judges the pictures; the kiosk gets eyes of its own from it.
        trace: Gets every byte and record.
        node: What runs the firmware.
        photos: Photos for items; without them they are drawn.

    Raises:
        SimError: A node does not start, or a picture is broken.
    """

    def __init__(
        self,
        story: Story,
        identity: Identity,
        city: City,
        *,
        classifier: OnnxClassifier,
        trace: Trace,
        node: str,
        photos: Photos | None,
    ) -> None:
        self.story = story
        self.scenario = scenario = story.scenario
        self.identity = identity
        self._seed = seed = story.seed
        self._city = city
        self._trace = KioskTrace(trace, story.name)
        self._loop = asyncio.get_running_loop()
        self.clock = SimClock(self._loop, scenario.starts_at)
        self.catalogue = city.catalogue
        self._topics, self.uplink = city.uplink(story)
        self.front = CodeCamera(self._fresh_code, rng(seed, "phones"), city.codes)
        self.screen = SimScreen()
        self.disk = SimDisk()
        self.panel = SimPanel()
        self.printer = SimPrinter()
        self._orders = RowsOnDisk()
        self._classifier = classifier
        self._starts = 0
        with ExitStack() as resources:
            self._start_bays(resources, node, photos)
            self._find_disk(resources)
            self.pi = Pi(self._started, self._lose_power)
            self.truck = Truck(self.rig.bays, [one.at_s for one in scenario.collections])
            self.visitors = visitors_of(scenario, rng(seed, "arrivals"))
            self.people = [self._person(*one) for one in enumerate(self.visitors, start=1)]
            if photos is not None:
                for item in (item for person in self.people for item in person.hands.holding):
                    photos.photo(seed, item)  # what is broken ends the run before it begins
            self._resources = resources.pop_all()

    @property
    def bays(self) -> Mapping[str, SimBay]:
        """The bays by name."""
        return self.rig.bays

    @property
    def cameras(self) -> Mapping[str, SimCamera]:
        """The chambers' cameras by bay name."""
        return self.rig.cameras

    @property
    def broker(self) -> Broker:
        """The broker, which all kiosks share."""
        return self._city.broker

    @property
    def kiosk_id(self) -> str:
        """The kiosk's id."""
        return self.scenario.kiosk.kiosk

    @property
    def dispatch(self) -> Dispatch:
        """Gives commands from afar."""
        return self._city.dispatch

    @property
    def platform(self) -> SimPlatform:
        """The platform, which all kiosks share."""
        return self._city.platform

    @property
    def kiosk(self) -> Kiosk:
        """The controller that runs, or that ran last."""
        return self.pi.kiosk

    def close(self) -> None:
        """Let everything go."""
        self._resources.close()

    def _fresh_code(self, account: str) -> str:
        return self.platform.issuer.issue(account).text

    def _start_bays(self, resources: ExitStack, node: str, photos: Photos | None) -> None:
        self.rig = Rig(
            self.scenario.kiosk,
            self.scenario.weather.around(self.scenario.bay),
            seed=self._seed,
            identity=self.identity,
            node=node,
            photos=photos,
            note=self._trace.passed,
        )
        resources.callback(self.rig.close)
        self._let_weather_in()

    def _let_weather_in(self) -> None:
        weather = self.scenario.weather
        for bay, camera in zip(self.bays.values(), self.cameras.values(), strict=True):
            camera.chamber.wet = weather.rain
            camera.chamber.daylight = lambda: weather.shine(self.clock.utc_s())
            if weather.shakes_g:
                bay.shake(weather.shakes_g, SWAY_HZ)

    def _find_disk(self, resources: ExitStack) -> None:
        self._folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX)))
        self.journal = self._opened_journal()
        resources.callback(self._close_journal)

    def _close_journal(self) -> None:
        self.journal.close()

    def _opened_journal(self) -> SqliteJournal:
        return SqliteJournal(
            self._folder / "journal.sqlite",
            kiosk=self.scenario.kiosk.kiosk,
            signer=self.identity.kiosk,
            epoch_source=self.identity.new_epoch,
            free_bytes=self.disk.free_bytes,
        )

    def _lose_power(self) -> None:
        """Whatever the computer held is gone: nobody says goodbye to broker or nodes."""
        self.uplink.cut()
        self.rig.pull_out()
        self.screen.dark()

    def _started(self) -> Kiosk:
        """The software starts, on the journal as it was left."""
        self._starts += 1
        if self._starts > 1:
            self.rig.plug_in()
            self._close_journal()
            self.journal = self._opened_journal()
        store = StoreOnDisk(self.journal, self._note_record, self.disk)
        delivery = self._delivery(store)
        ports = Ports(
            links=self.rig.links,
            cameras=self.rig.cameras,
            codes=CameraCodeReader(self.front, InlineScan()),
            classifier=eyes_of(self.rig.bays, self._classifier),
            store=store,
            screen=self.screen,
            clock=self.clock,
            panel=self.panel,
            printer=self.printer if self.scenario.kiosk.printer is not None else None,
        )
        return self._kiosk(ports, delivery)

    def _delivery(self, store: StoreOnDisk) -> Delivery:
        return Delivery(
            store,
            self.uplink,
            self._topics,
            boot=self.identity.new_boot(),
            software=SOFTWARE,
            rng=rng(self._seed, "delivery", str(self._starts)),
            ledger_keys=self._ledger_keys(),
        )

    def _ledger_keys(self) -> dict[str, bytes]:
        """Whose acks and commands it believes; none where the platform has no key."""
        ledger = self.identity.ledger
        return {ledger.key_id: ledger.public} if self._city.platform.fleet.can_command else {}

    def _kiosk(self, ports: Ports, delivery: Delivery) -> Kiosk:
        identity = self.identity
        keys = {identity.city.key_id: identity.city.public}
        upkeep = SimUpkeep(lambda: self.catalogue.version, lambda: self.pi.cut(0.0))
        kiosk = Kiosk(
            ports,
            delivery,
            self.scenario.kiosk,
            self.catalogue,
            keys,
            identity.new_session,
            afar=Afar(self._orders, upkeep),
        )
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
            touch=lambda event: self.kiosk.post(event),  # noqa: PLW0108  it may be another by then
            bays=self.rig.bays,
            phone=self.front,
            rng=rng(self._seed, name),
            habit=replace(HABITS[visitor.habit], patience_s=visitor.patience_s),
        )

    def _note_record(self, line: bytes) -> None:
        self._trace.record(now_us(self._loop), line)
