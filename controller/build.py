"""The kiosk put together: the only place that names concrete adapters.

`open_kiosk` takes a `Cabinet`, what differs between a real kiosk and a simulated one, and
builds everything else alike: journal, uplink, eyes, screen.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

from contract.catalogue import load_signed
from contract.keys import FileSigner, key_id_of, load_public
from contract.topics import Topics
from controller.adapters.code_camera import CameraCodeReader, TrackedScan
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.node_link import WireNodeLink
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.adapters.serial_port import SerialPort
from controller.adapters.sqlite_journal import SqliteJournal
from controller.adapters.store import ThreadedStore
from controller.adapters.system_clock import SystemClock
from controller.adapters.usb_camera import UsbCamera
from controller.app import Kiosk, Ports
from controller.core.config import ConfigError
from controller.delivery import Delivery, last_will
from controller.screens.resident import ResidentScreen
from vision.chamber import Opening
from vision.classify import Classifier
from vision.images import load_image

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from contract.catalogue import Catalogue
    from controller.core.config import KioskConfig
    from controller.ports import Camera, NodeLink

T = TypeVar("T")

SOFTWARE = "recycling-kiosk"


@dataclass(frozen=True, slots=True)
class Cabinet:
    """What a kiosk is plugged into; links and cameras by bay name."""

    links: Mapping[str, NodeLink]
    cameras: Mapping[str, Camera]
    code_camera: Camera


def real_cabinet(config: KioskConfig) -> Cabinet:
    """Serial ports and USB cameras as the configuration names them; opened when first used."""
    bays = config.bays
    return Cabinet(
        links={bay.name: WireNodeLink(bay.name, SerialPort(bay.port), _nonce) for bay in bays},
        cameras={bay.name: UsbCamera(bay.camera) for bay in bays},
        code_camera=UsbCamera(config.code_camera),
    )


@asynccontextmanager
async def open_kiosk(config: KioskConfig, folder: Path, cabinet: Cabinet) -> AsyncIterator[Kiosk]:
    """Open journal and keys in `folder` and put the kiosk together around `cabinet`.

    Raises:
        KioskError: A file is missing, broken or another kiosk's; the message names it.
    """
    files = config.files
    signer = FileSigner.load(folder / files.key)
    catalogue = load_catalogue(config, folder)
    token_keys = {key_id_of(one): one for one in map(load_public, _paths(config, folder))}

    def open_journal() -> SqliteJournal:
        path = folder / files.journal
        return SqliteJournal(path, kiosk=config.kiosk, signer=signer, epoch_source=_id)

    async with ThreadedStore(open_journal) as store:
        eyes = ThreadPoolExecutor(1, thread_name_prefix="eyes")
        delivery = _delivery(config, store, await store.epoch())
        ports = Ports(
            links=cabinet.links,
            cameras=cabinet.cameras,
            codes=CameraCodeReader(cabinet.code_camera, TrackedScan(_Thread(eyes))),
            classifier=_classifier(config, folder, eyes),
            store=store,
            # The screen is there before the kiosk, and the kiosk before anybody touches it.
            screen=ResidentScreen(lambda event: kiosk.post(event)),  # noqa: PLW0108
            clock=SystemClock(),
        )
        kiosk = Kiosk(ports, delivery, config, catalogue, token_keys, _id)
        try:
            yield kiosk
        finally:
            eyes.shutdown(wait=False, cancel_futures=True)


def _classifier(config: KioskConfig, folder: Path, eyes: ThreadPoolExecutor) -> OnnxClassifier:
    """The shipped model with what this kiosk was taught of its chambers, empty and loaded."""
    taught = folder / config.files.taught if config.files.taught else None
    classifier = OnnxClassifier(Classifier.shipped(taught), run=_Thread(eyes))
    for bay in config.bays:
        if bay.empty_picture:
            opening = Opening[bay.hatch_edge.upper()]
            picture = load_image(folder / bay.empty_picture)
            classifier.learn_empty(bay.name, [picture], opening)
    return classifier


def load_catalogue(config: KioskConfig, folder: Path) -> Catalogue:
    """The catalogue in force, checked against the operator's key.

    Raises:
        ConfigError: The file cannot be read.
        CatalogueError: It is not the operator's, or a row of it cannot be used.
    """
    path = folder / config.files.catalogue
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"files.catalogue: {path} cannot be read: {error.strerror}") from error
    return load_signed(data, load_public(folder / config.files.operator_key))


def _delivery(config: KioskConfig, store: ThreadedStore, epoch: str) -> Delivery:
    topics = Topics(config.city, config.district, config.kiosk)
    boot, software = _id(), f"{SOFTWARE} {version(SOFTWARE)}"
    uplink = MqttUplink(
        config.uplink.host,
        config.uplink.port,
        client_id=config.kiosk,
        down_all=topics.down_all,
        will=last_will(topics, epoch, boot, software),
    )
    rng = random.Random(secrets.randbits(64))
    return Delivery(store, uplink, topics, boot=boot, software=software, rng=rng)


def _paths(config: KioskConfig, folder: Path) -> list[Path]:
    return [folder / name for name in config.files.token_keys]


class _Thread:
    """Seeing on the eyes' thread."""

    def __init__(self, eyes: ThreadPoolExecutor) -> None:
        self._eyes = eyes

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._eyes, work)


def _id() -> str:
    return secrets.token_hex(8)


def _nonce() -> int:
    return secrets.randbits(32)
