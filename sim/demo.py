"""The live demo: everything of a kiosk network on this machine, in real time.

Broker and platform are processes of their own. The kiosk is the real one, put together by
`controller.build`, in a cabinet whose bays, cameras and phone are simulated.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controller.build import Cabinet, open_kiosk, service_desk
from controller.screens.server import own_pages, pages, serve
from controller.screens.service.mount import add_service
from sim.code_camera import CodeCamera
from sim.identity import Identity
from sim.rig import Rig
from sim.stage.camera import StageCamera
from sim.stage.folder import DemoFolder, demo_config
from sim.stage.front import FrontPanel
from sim.stage.onlooker import Onlooker
from sim.stage.page import Stage, add_stage
from sim.stage.phone import Phone
from sim.stage.ports import free_port
from sim.stage.processes import Broker, Platform, find_mosquitto
from sim.stage.signed_in import SignedIn
from sim.stage.visitor import Visitor
from sim.world import BayFigures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from controller.app import Kiosk
    from controller.core.config import KioskConfig

BAY = "a"
"""The bay that a visitor stands before."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to set the demo up: port of the kiosk's pages, seed, and what runs the firmware."""

    port: int
    seed: int = 1
    node: str = "cpython"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is up; `run` lets it live."""

    config: KioskConfig
    kiosk: Kiosk
    onlooker: Onlooker
    rig: Rig
    phone: Phone
    panel: FrontPanel
    broker: Broker
    platform: Platform
    account: str
    resident: SignedIn
    options: Options
    folder: DemoFolder

    @property
    def screen(self) -> str:
        """Where the kiosk's own screen is."""
        return f"http://127.0.0.1:{self.options.port}/"

    @property
    def stage(self) -> str:
        """Where the visitor's page is."""
        return f"{self.screen}demo"

    @property
    def account_page(self) -> str:
        """Where the resident's account is, by the link that signs in to it on this machine."""
        return f"{self.platform.address}/sign-in/demo"

    async def run(self) -> None:
        """Live until cancelled.

        Raises:
            ExceptionGroup: A part ended; a `KioskError` within says which.
        """
        web = pages()
        bay = self.rig.bays[BAY]
        visitor = Visitor(self.account, self.phone, bay, self.onlooker)
        add_service(own_pages(), service_desk(self.kiosk, self.folder.kiosk))
        address, node = self.platform.address, self.options.node
        add_stage(Stage(self.kiosk, bay, visitor, self.panel, self.broker, address, node))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.rig.run(), name="rig")
            tasks.create_task(self.kiosk.run(), name="kiosk")
            tasks.create_task(self.onlooker.look(), name="onlooker")
            tasks.create_task(serve(web, self.options.port), name="screens")
            tasks.create_task(self.platform.watch(), name="platform")
            tasks.create_task(self.broker.watch(), name="broker")


@asynccontextmanager
async def open_demo(root: Path, options: Options) -> AsyncIterator[Demo]:
    """Set up everything in the folder `root`, and end every process of it afterwards.

    Raises:
        KioskError: A part does not start, or the folder cannot be used.
    """
    folder = DemoFolder(root)
    config = demo_config(free_port(), options.port)
    identity = Identity(options.seed)
    account = identity.account("visitor")
    folder.provision(config.kiosk)
    async with AsyncExitStack() as parts:
        broker = await parts.enter_async_context(
            Broker(folder.broker, config.uplink.port, find_mosquitto())
        )
        platform = await parts.enter_async_context(
            Platform(folder.platform, folder.ledger, broker, free_port(), [account])
        )
        rig = Rig(config, BayFigures(), seed=options.seed, identity=identity, node=options.node)
        parts.callback(rig.close)
        # The phone asks the platform for its codes, so the camera need not know how to.
        front = CodeCamera(str, random.Random(f"{options.seed}/phone"))
        cameras = {name: StageCamera(bay, options.seed) for name, bay in rig.bays.items()}
        panel = FrontPanel()
        cabinet = Cabinet(rig.links, cameras, front, panel.panel)
        kiosk = await parts.enter_async_context(open_kiosk(config, folder.kiosk, cabinet))
        resident = SignedIn(platform.address)
        phone = Phone(front, resident)
        looks = Onlooker(kiosk)
        yield Demo(
            config,
            kiosk,
            looks,
            rig,
            phone,
            panel,
            broker,
            platform,
            account,
            resident,
            options,
            folder,
        )
