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
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

from contract.keys import FileSigner, key_id_of, load_public
from contract.tls import TlsFiles
from contract.topics import Topics
from controller.adapters.catalogue_shelf import CatalogueFolder, CatalogueKeeper
from controller.adapters.certificate import KioskCertificate, Renewal
from controller.adapters.chamber_teaching import ChamberTeaching
from controller.adapters.code_camera import CameraCodeReader, TrackedScan
from controller.adapters.escpos.printer import EscPosPrinter
from controller.adapters.espeak_voice import EspeakVoice
from controller.adapters.identities import doorkeeper_of, phone_desk_of
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.kept_head import KeptHead
from controller.adapters.kept_rows import KeptRows
from controller.adapters.lost_list import LostList
from controller.adapters.mqtt_uplink import MqttUplink
from controller.adapters.node_link import WireNodeLink
from controller.adapters.one_writer import one_writer
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.adapters.serial_port import SerialPort
from controller.adapters.store import ThreadedStore
from controller.adapters.system_clock import SystemClock, boot_of_computer
from controller.adapters.upkeep import KioskUpkeep
from controller.adapters.usb_camera import UsbCamera
from controller.app import Kiosk, Ports
from controller.core import accepted_row, failed_row, rests
from controller.core.config import ConfigError
from controller.core.panel import lamp_of
from controller.core.remote import kept as orders
from controller.core.shelf import Shelf, change_catalogue
from controller.core.viewing import view_of
from controller.delivery import Delivery
from controller.remotely import Afar
from controller.screens.resident import ResidentScreen
from controller.screens.service.around import Around
from controller.screens.service.desk import Desk
from controller.screens.service.front import Front
from controller.starting import Kept
from vision.classify import Classifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path

    from contract.catalogue import Catalogue
    from controller.core.config import KioskConfig
    from controller.core.identity import Doorkeeper
    from controller.core.panel import Lamp
    from controller.core.panel_config import PanelConfig
    from controller.ports import Camera, Clock, NodeLink, Panel, Printer
    from controller.screens.service.bundle import Bundle

T = TypeVar("T")

SOFTWARE = "recycling-kiosk"


@dataclass(frozen=True, slots=True)
class Cabinet:
    """What a kiosk is plugged into; links and cameras by bay name."""

    links: Mapping[str, NodeLink]
    cameras: Mapping[str, Camera]
    code_camera: Camera
    panel: Panel | None = None
    printer: Printer | None = None

    def close(self) -> None:
        """Lamps dark, and nobody waits for paper; idempotent. The rest ends by itself."""
        if self.panel is not None:
            self.panel.close()
        if self.printer is not None:
            self.printer.close()


def real_cabinet(config: KioskConfig) -> Cabinet:
    """What the configuration names; serial ports and cameras are opened when first used.

    Raises:
        ConfigError: The front panel's pins are none of this computer.
    """
    bays = config.bays
    return Cabinet(
        links={bay.name: WireNodeLink(bay.name, SerialPort(bay.port), _nonce) for bay in bays},
        cameras={bay.name: UsbCamera(bay.camera) for bay in bays},
        code_camera=UsbCamera(config.code_camera),
        panel=None if config.panel is None else _panel(config.panel),
        printer=None if config.printer is None else EscPosPrinter(config.printer),
    )


def _panel(config: PanelConfig) -> Panel:
    """The front panel; only a kiosk that has one needs what drives its pins."""
    try:
        from controller.adapters.gpio_panel import GpioPanel
    except ImportError as error:
        raise ConfigError(f"[panel] needs the extra recycling-kiosk[pi]: {error}") from error
    return GpioPanel(config)


def wall_clock() -> Clock:
    """The system's clock."""
    return SystemClock()


def door_of(config: KioskConfig, folder: Path) -> Doorkeeper:
    """Who reads codes, cards and badges by the keys in `folder`, and knows which were lost.

    Raises:
        KeyFileError: A key is missing or none; the message names its file.
    """
    door = doorkeeper_of(config, folder)
    keys = _public_keys(folder, config.files.token_keys)
    if (revoked := LostList(folder / config.files.revoked, keys).read()) is not None:
        door.take(revoked)
    return door


@asynccontextmanager
async def open_store(config: KioskConfig, folder: Path) -> AsyncIterator[ThreadedStore]:
    """Open the kiosk's journal in `folder`, which nobody else may write meanwhile.

    Raises:
        KioskError: Key or journal are missing, broken, another kiosk's, or in use.
    """
    files = config.files
    signer = FileSigner.load(folder / files.key)
    path = folder / files.journal

    def open_journal() -> SqliteJournal:
        return SqliteJournal(
            path,
            kiosk=config.kiosk,
            signer=signer,
            epoch_source=_id,
            mirror=folder / files.mirror if files.mirror else None,
            retired=_retired_keys(folder / files.key),
        )

    with one_writer(path):
        async with ThreadedStore(open_journal) as store:
            yield store


@asynccontextmanager
async def open_kiosk(config: KioskConfig, folder: Path, cabinet: Cabinet) -> AsyncIterator[Kiosk]:
    """Open journal and keys in `folder` and put the kiosk together around `cabinet`.

    The cabinet is closed afterwards, and also where the kiosk does not open.

    Raises:
        KioskError: A file is missing, broken or another kiosk's; the message names it.
    """
    with closing(cabinet):
        async with _opened(config, folder, cabinet) as kiosk:
            yield kiosk


@asynccontextmanager
async def _opened(config: KioskConfig, folder: Path, cabinet: Cabinet) -> AsyncIterator[Kiosk]:
    files = config.files
    clock = wall_clock()
    prices = _prices(config, folder, clock)
    catalogue = prices.first()
    token_keys = _public_keys(folder, files.token_keys)

    async with open_store(config, folder) as store:
        eyes = ThreadPoolExecutor(1, thread_name_prefix="eyes")
        delivery = _delivery(config, folder, store, clock)
        ports = Ports(
            links=cabinet.links,
            cameras=cabinet.cameras,
            codes=CameraCodeReader(cabinet.code_camera, TrackedScan(_Thread(eyes))),
            classifier=_classifier(config, folder, eyes),
            store=store,
            # The screen is there before the kiosk, and the kiosk before anybody touches it.
            screen=ResidentScreen(
                lambda event: kiosk.post(event),  # noqa: PLW0108
                voice=EspeakVoice.installed(),
            ),
            clock=clock,
            panel=cabinet.panel,
            printer=cabinet.printer,
        )
        kept = _kept(folder / files.journal)
        # Prices are looked for on behalf of the kiosk, which knows whom to ask for that.
        keeper = CatalogueKeeper(prices, store, clock, lambda new: _change(kiosk, new))
        afar = Afar(
            KeptRows((folder / files.journal).with_suffix(".orders"), orders.SHAPE),
            KioskUpkeep(lambda: _reloaded(kiosk, keeper)),
            model=_model_of(ports.classifier),
            lists=keeper,
        )
        kiosk = Kiosk(ports, delivery, config, catalogue, token_keys, _id, kept, afar)
        kiosk.session.doorkeeper = doorkeeper_of(config, folder)
        kiosk.session.phones = phone_desk_of(config, folder)
        lost = LostList(folder / files.revoked, token_keys)
        losing = asyncio.create_task(lost.keep(kiosk.session.doorkeeper.take), name="lost")
        keeping = asyncio.create_task(keeper.run(), name="prices")
        renewing = asyncio.create_task(_renewal(config, folder, clock), name="certificate")
        try:
            yield kiosk
        finally:
            keeping.cancel()
            losing.cancel()
            renewing.cancel()
            eyes.shutdown(wait=False, cancel_futures=True)


def service_desk(kiosk: Kiosk, folder: Path) -> Desk:
    """The service desk of a kiosk whose files lie in `folder`; on the loop that it runs on."""
    plugs, tls = kiosk.plugged_into, kiosk.session.config.uplink.tls
    around = Around(
        plugs.store,
        plugs.clock,
        plugs.links,
        plugs.cameras,
        plugs.classifier.is_empty,
        lambda: kiosk.delivery.online,
        folder / tls.certificate if tls is not None else None,
        folder / kiosk.session.config.files.journal,
        _front(kiosk),
        _teaching_of(kiosk, folder),
        folder / kiosk.session.config.files.acceptance,
    )
    now_s = asyncio.get_running_loop().time
    return Desk(kiosk.session, kiosk.settle, around, plugs.clock, now_s, secrets.token_urlsafe)


async def until_restart(kiosk: Kiosk, bundle: Bundle) -> None:
    """Let the platform have the bundle, and wait until it asks for a restart."""
    upkeep = kiosk.afar.upkeep
    assert isinstance(upkeep, KioskUpkeep)
    upkeep.gives(bundle.zipped)
    await upkeep.until_restart()


def _front(kiosk: Kiosk) -> Front:
    """What a person at the kiosk is asked about in service."""

    def now_lit() -> Lamp:
        return lamp_of(view_of(kiosk.session, online=kiosk.delivery.online))

    plugs = kiosk.plugged_into
    return Front(plugs.panel, now_lit, EspeakVoice.installed(), plugs.printer)


def _classifier(config: KioskConfig, folder: Path, eyes: ThreadPoolExecutor) -> OnnxClassifier:
    """The shipped model with what this kiosk was taught of its chambers, empty and loaded."""
    taught = folder / config.files.taught if config.files.taught else None
    classifier = OnnxClassifier(Classifier.shipped(taught), run=_Thread(eyes))
    _teaching(config, folder, classifier).recall()
    return classifier


def _teaching(config: KioskConfig, folder: Path, eyes: OnnxClassifier) -> ChamberTeaching:
    """What staff teach these eyes in service."""
    files = config.files
    taught = folder / files.taught if files.taught else None
    return ChamberTeaching(folder / files.chambers, eyes, config.bays, folder, taught)


def _teaching_of(kiosk: Kiosk, folder: Path) -> ChamberTeaching | None:
    """The same of a kiosk that runs; None where its eyes are no model of ours."""
    eyes = kiosk.plugged_into.classifier
    if not isinstance(eyes, OnnxClassifier):
        return None
    return _teaching(kiosk.session.config, folder, eyes)


def _prices(config: KioskConfig, folder: Path, clock: Clock) -> CatalogueFolder:
    """The kiosk's catalogues, checked against the operator's key."""
    operator = load_public(folder / config.files.operator_key)
    shelf = Shelf(operator, config.city, config.kiosk)
    return CatalogueFolder(folder / config.files.catalogue, shelf, clock)


def _change(kiosk: Kiosk, catalogue: Catalogue) -> bool:
    """Bring in what comes while the kiosk runs, whenever nobody is being served."""
    changed = change_catalogue(kiosk.session, catalogue)
    kiosk.refresh()
    return changed


async def _reloaded(kiosk: Kiosk, keeper: CatalogueKeeper) -> str:
    """Look for catalogues at once; the version that prices from here on."""
    await keeper.look()
    return kiosk.session.catalogue.version


def _model_of(eyes: object) -> str:
    """What the eyes' model is called, in short."""
    return eyes.model if isinstance(eyes, OnnxClassifier) else ""


def _delivery(config: KioskConfig, folder: Path, store: ThreadedStore, clock: Clock) -> Delivery:
    topics = Topics(config.city, config.district, config.kiosk)
    files = _tls_files(config, folder)
    certificate = KioskCertificate(files, config.kiosk, clock) if files else None
    uplink = MqttUplink(
        config.uplink.host,
        config.uplink.port,
        client_id=config.kiosk,
        down_all=topics.down_all,
        version=config.uplink.version,
        tls=certificate.context if certificate else None,
    )
    return Delivery(
        store,
        uplink,
        topics,
        boot=_id(),
        software=f"{SOFTWARE} {version(SOFTWARE)}",
        rng=random.Random(secrets.randbits(64)),
        ledger_keys=_public_keys(folder, config.files.ledger_keys),
        heads=KeptHead(folder / config.files.head),
    )


def _kept(journal: Path) -> Kept:
    """What lies beside the journal: faults, lots, starts, failed checks, since when bays rest."""
    faults = KeptRows(journal.with_suffix(".faults"), (str, str))
    lots = KeptRows(journal.with_suffix(".lots"), (str, int, str, int, int, int, int, int, str))
    starts = KeptRows(journal.with_suffix(".starts"), (int, str))
    failed = KeptRows(journal.with_suffix(".failed"), failed_row.SHAPE)
    acceptance = KeptRows(journal.with_suffix(".acceptance"), accepted_row.SHAPE)
    rested = KeptRows(journal.with_suffix(".rests"), rests.SHAPE)
    return Kept(faults, lots, starts, boot_of_computer(), failed, acceptance, rested)


def _tls_files(config: KioskConfig, folder: Path) -> TlsFiles | None:
    """Where key and certificates lie, where the kiosk speaks TLS; they are read when needed."""
    tls = config.uplink.tls
    if tls is None:
        return None
    return TlsFiles(folder / tls.key, folder / tls.certificate, folder / tls.authority)


def _renewal(config: KioskConfig, folder: Path, clock: Clock) -> Coroutine[None, None, None]:
    """Keeps the certificate renewed; ends at once where there is none, or nobody to ask."""
    files, tls = _tls_files(config, folder), config.uplink.tls
    if files is None or tls is None or not tls.platform:
        return asyncio.sleep(0)
    return Renewal(files, config.kiosk, tls.platform, clock).run()


def _public_keys(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Key id → public key, of these files in `folder`."""
    keys = [load_public(folder / name) for name in names]
    return {key_id_of(key): key for key in keys}


def _retired_keys(key: Path) -> list[bytes]:
    """Public keys that this kiosk had before; they lie beside its `key` as `NAME.*.pub`."""
    return [load_public(path) for path in sorted(key.parent.glob(f"{key.stem}.*.pub"))]


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
