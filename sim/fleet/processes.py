"""The processes of a fleet by the wall clock: a broker, the platform, and one a kiosk."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract.journal import open_journal
from sim.fleet.lists import kept_in, sign_next
from sim.fleet.order import TOLD, Order, Told, config_of
from sim.fleet.residents import accounts
from sim.stage.folder import DemoFolder, FolderError
from sim.stage.ports import free_port
from sim.stage.processes import Broker, Child, ChildError, Platform, find_mosquitto

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from controller.core.config import BayConfig


class KioskProcess(Child):
    """One kiosk's process."""

    patience_s = 120.0
    """It loads its model while the kiosks before it are at work already."""

    def __init__(self, order: Order) -> None:
        self.kiosk = order.kiosk
        self.folder = Path(order.folder)
        self._config = config_of(order)
        command = [sys.executable, "-m", "sim.fleet.kiosk_process", json.dumps(asdict(order))]
        super().__init__(f"kiosk {order.kiosk}", command, self.folder / "kiosk.log")

    @property
    def told(self) -> Told:
        """What it told last.

        Raises:
            ChildError: It never told anything.
        """
        told = Told.read(self.folder)
        if told is None:
            raise ChildError(f"{self.name} has told nothing: {self._words()}")
        return told

    @property
    def log(self) -> Path:
        """What its process wrote."""
        return self._log

    @property
    def journal(self) -> Path:
        """Its journal."""
        return self.folder / self._config.files.journal

    @property
    def key(self) -> Path:
        """Its key."""
        return self.folder / self._config.files.key

    @property
    def lists(self) -> list[str]:
        """Versions of the price lists that it keeps; ask once its process has ended."""
        files = self._config.files
        kept = (self.folder / files.catalogue).with_suffix(".kept")
        return kept_in(kept, self.folder / files.operator_key)

    @property
    def bays(self) -> Sequence[BayConfig]:
        """Its bays."""
        return self._config.bays

    @property
    def waiting(self) -> int:
        """Records that wait for the ledger, as its journal says."""
        with open_journal(self.journal).open() as reading:
            outbox = reading.outbox()
        return len(outbox.waiting) if outbox is not None else 0

    async def _is_ready(self) -> bool:
        return (self.folder / TOLD).exists()


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A fleet that is up; `next_list` is a price list that no kiosk was set up with."""

    broker: Broker
    platform: Platform
    kiosks: Sequence[KioskProcess]
    ledger: Path
    next_list: str


@asynccontextmanager
async def neighbourhood(
    root: Path, names: Sequence[str], *, seed: int, seconds: float, port: int
) -> AsyncIterator[Neighbourhood]:
    """Start everything in the folder `root`, and end every process of it afterwards.

    Args:
        root: Where all keep their files.
        names: The kiosks' ids.
        seed: Who comes, and all chance of bays and hands.
        seconds: So long people come.
        port: Where the platform serves; 0 takes a free one.

    Raises:
        KioskError: A part does not start, or the folder cannot be used.
    """
    _check_nobody_deposited(root)
    mosquitto = find_mosquitto()
    if mosquitto is None:
        raise ChildError("mosquitto is missing, and a fleet wants the real one: install mosquitto")
    folders = {name: DemoFolder(root, name) for name in names}
    for name, folder in folders.items():
        await asyncio.to_thread(folder.provision, name)
    shared = DemoFolder(root)
    next_list = await asyncio.to_thread(sign_next, shared.platform)
    async with AsyncExitStack() as living:
        broker = await living.enter_async_context(Broker(shared.broker, free_port(), mosquitto))
        platform = await living.enter_async_context(
            Platform(shared.platform, shared.ledger, broker, port or free_port(), accounts())
        )
        kiosks = []
        for number, (name, folder) in enumerate(folders.items()):
            order = Order(
                name, str(folder.kiosk), broker.port, platform.address, seed + number, seconds
            )
            kiosks.append(await living.enter_async_context(KioskProcess(order)))
        yield Neighbourhood(broker, platform, kiosks, shared.ledger, next_list)


def _check_nobody_deposited(root: Path) -> None:
    """Journals and ledger of an earlier fleet would be audited against bins that are empty again.

    Raises:
        FolderError: Kiosks were at work there.
    """
    if any(root.glob(f"*/{TOLD}")):
        raise FolderError(f"folder {root} has journals of an earlier fleet: name another one")
