"""The platform put together out of its files: the only place that names its parts."""

from __future__ import annotations

import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.accounts.codes import CityKeys, CodeIssuer
from cloud.accounts.phones import load_phone_book
from cloud.fleet.enrol import Enrolment
from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from cloud.keys.files import KioskKeys, load_catalogues
from cloud.ledger.ledger import Ledger
from cloud.ledger.opening import PoolOpener
from cloud.staff.desk import StaffDesk
from cloud.store.database import open_database
from contract.authority import KEY as CA_KEY
from contract.authority import Authority
from contract.certificates import PLATFORM
from contract.keys import FileSigner
from contract.tls import TlsFiles
from contract.token import TTL_S

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from contract.keys import Signer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Platform:
    """The running parts of the platform."""

    ledger: Ledger
    listener: Listener
    ingest: Ingest
    enrolment: Enrolment | None
    staff: StaffDesk


def open_ledger(database: Path | str, folder: Path, openers: int = 0) -> Ledger:
    """Open the ledger in `database` with the keys and catalogues of `folder`.

    `openers` is the number of processes that check signatures; 0 for none beside this one.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    return _ledger(open_database(database), folder, openers)


def _ledger(database: Engine, folder: Path, openers: int) -> Ledger:
    return Ledger(
        database,
        load_catalogues(folder),
        KioskKeys(folder / "kiosks"),
        now,
        ledger_key(folder),
        load_phone_book(folder, lambda: secrets.token_hex(8)),
        PoolOpener(openers) if openers else None,
    )


def ledger_key(folder: Path) -> Signer | None:
    """The key of `ledger.pem`; None where there is no such file, and acks go out unsigned.

    Raises:
        KeyFileError: It holds no key.
    """
    path = folder / "ledger.pem"
    if path.exists():
        return FileSigner.load(path)
    _log.warning("acks are not signed: make a key with `kiosk keys new %s`", path)
    return None


def open_platform(
    database: Path | str,
    folder: Path,
    broker: tuple[str, int],
    *,
    tls: bool = False,
    worker: str = "",
    openers: int = 0,
) -> Platform:
    """Put ledger and listener together; what was held for want of a catalogue is settled first.

    With `tls` the platform shows the broker the certificate of `folder`. `worker` is this one's
    name where several share the work, `openers` the number of processes that check signatures.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    context = _tls(folder) if tls else None
    engine = open_database(database)
    ledger = _ledger(engine, folder, openers)
    ledger.settle()
    ledger.decisions.forget()
    writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
    ingest = Ingest(ledger)
    listener = Listener(
        ingest,
        writer,
        *broker,
        f"ledger-{worker}" if worker else "ledger",
        shares=bool(worker),
        tls=context,
    )
    return Platform(ledger, listener, ingest, open_enrolment(folder), open_staff(engine))


def open_staff(database: Engine) -> StaffDesk:
    """Who lets staff in, with fresh random tokens."""
    return StaffDesk(database, now, lambda: secrets.token_urlsafe(24))


def open_enrolment(folder: Path) -> Enrolment | None:
    """Who gives kiosks their certificates; None where `folder` holds no authority.

    Raises:
        KioskError: `ca.key` or `ca.crt` is unusable; the message names it.
    """
    if not (folder / CA_KEY).exists():
        return None
    authority = Authority.load(folder)
    return Enrolment(folder / "enrolment.sqlite", folder / "kiosks", authority, now)


def _tls(folder: Path) -> Callable[[], ssl.SSLContext]:
    """Gives what a connection to the broker needs; it is tried now, for somebody looks on."""
    files = TlsFiles(folder / "tls.key", folder / "tls.crt", folder / "ca.crt")

    def context() -> ssl.SSLContext:
        return files.context(PLATFORM, now())

    context()
    return context


def open_issuer(folder: Path, ttl_s: int = TTL_S) -> CodeIssuer:
    """The issuer of residents' codes, with the city's keys of `folder`.

    Raises:
        KeyFileError: `city.pem` is missing, or a `city*.pem` is no key.
    """
    return CodeIssuer(CityKeys.load(folder), now, lambda: secrets.token_bytes(8), ttl_s)


def now() -> int:
    """Unix seconds by the machine's clock."""
    return int(time.time())
