"""The platform put together out of its files: the only place that names its parts."""

from __future__ import annotations

import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cloud.accounts.cards import CardDesk
from cloud.accounts.codes import CityKeys, CodeIssuer
from cloud.accounts.phones import load_phone_book
from cloud.counter.counter import Counter
from cloud.fleet.enrol import Enrolment
from cloud.fleet.fleet import Fleet
from cloud.fleet.places import FILE as PLACES
from cloud.fleet.places import PlacesFile
from cloud.ingest.answers import Ingest
from cloud.ingest.mqtt import Listener
from cloud.ingest.nats import NatsListener
from cloud.keys.files import KioskKeys
from cloud.keys.shelf import Shelf
from cloud.ledger.ledger import Ledger
from cloud.ledger.opening import PoolOpener
from cloud.prices.desk import PriceDesk
from cloud.prices.filing import Filing
from cloud.residents.front import Residents, open_residents
from cloud.residents.numbers import IN_CITY
from cloud.residents.texts import LoggedTexts, SpoolTexts
from cloud.shop.codes import ShopCodes
from cloud.shop.shop import Shop, make_shop
from cloud.staff.auditing import AuditLog
from cloud.staff.desk import StaffDesk
from cloud.store.database import open_database
from contract.authority import KEY as CA_KEY
from contract.authority import Authority
from contract.certificates import platform_name
from contract.keys import FileSigner
from contract.tls import TlsFiles
from contract.token import TTL_S

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from cloud.accounts.phones import PhoneBook
    from cloud.residents.texts import Texts
    from cloud.residents.tries import Limit
    from contract.keys import Signer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Platform:
    """The running parts of the platform."""

    ledger: Ledger
    listener: Listener | NatsListener
    ingest: Ingest
    enrolment: Enrolment | None
    staff: StaffDesk
    audit: AuditLog
    database: Engine
    places: PlacesFile
    prices: PriceDesk
    filing: Filing
    shelf: Shelf
    fleet: Fleet
    shop: Shop | None
    phones: PhoneBook | None


def open_ledger(database: Path | str, folder: Path, openers: int = 0) -> Ledger:
    """Open the ledger in `database` with the keys and catalogues of `folder`.

    `openers` is the number of processes that check signatures; 0 for none beside this one.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    engine, book = open_database(database), load_phone_book(folder, _new_account)
    return _ledger(engine, Shelf(folder), folder, openers, ledger_key(folder), book)


def _ledger(
    database: Engine,
    shelf: Shelf,
    folder: Path,
    openers: int,
    signer: Signer | None,
    book: PhoneBook | None,
) -> Ledger:
    return Ledger(
        database,
        shelf,
        KioskKeys(folder / "kiosks"),
        now,
        signer,
        book,
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
    nats: Sequence[tuple[str, int]] = (),
    worker: str = "",
    openers: int = 0,
) -> Platform:
    """Put ledger and listener together; what was held for want of a catalogue is settled first.

    With `tls` the platform shows the broker a certificate of `folder`. Where `nats` names nodes it
    listens there and to no broker. `worker` is this one's name where several share the work, each
    with a certificate of its own; `openers` the number of processes that check signatures.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    context = _tls(folder, worker) if tls else None
    engine = open_database(database)
    shelf = Shelf(folder)
    signer = ledger_key(folder)
    phones = load_phone_book(folder, _new_account)
    ledger = _ledger(engine, shelf, folder, openers, signer, phones)
    filing = Filing(engine, folder, shelf, ledger.settle, now)
    filing.look()
    ledger.settle()
    ledger.decisions.forget()
    writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
    fleet = Fleet(engine, shelf, now, signer, lambda: secrets.token_hex(8), shelf.signed)
    ingest = Ingest(ledger, fleet)
    name = f"ledger-{worker}" if worker else "ledger"
    listener: Listener | NatsListener
    if nats:
        listener = NatsListener(ingest, writer, nats, name, tls=context)
    else:
        listener = Listener(ingest, writer, *broker, name, shares=bool(worker), tls=context)
    return Platform(
        ledger,
        listener,
        ingest,
        open_enrolment(folder),
        open_staff(engine),
        AuditLog(engine),
        engine,
        PlacesFile(folder / PLACES),
        PriceDesk(engine, shelf, filing, now),
        filing,
        shelf,
        fleet,
        open_shop(engine, folder),
        phones,
    )


def open_shop(database: Engine, folder: Path) -> Shop | None:
    """The shop, where points are redeemed; None where `folder` holds no city's key.

    With another `city.pem`, codes that are out cannot be shown again; tills take them still.
    """
    path = folder / "city.pem"
    if not path.exists():
        return None
    codes = ShopCodes(sha256(b"shop\0" + path.read_bytes()).digest())
    return make_shop(database, codes, now, lambda: secrets.token_urlsafe(24))


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


def _tls(folder: Path, worker: str) -> Callable[[], ssl.SSLContext]:
    """Gives what a connection to the broker needs; it is tried now, for somebody looks on.

    The broker takes the certificate's name for the session's as well and lets each in once: two
    workers with one certificate would push each other out, for ever.
    """
    own = f"tls-{worker}" if worker else "tls"
    files = TlsFiles(folder / f"{own}.key", folder / f"{own}.crt", folder / "ca.crt")

    def context() -> ssl.SSLContext:
        return files.context(platform_name(worker), now())

    context()
    return context


def open_issuer(folder: Path, ttl_s: int = TTL_S) -> CodeIssuer:
    """The issuer of residents' codes, with the city's keys of `folder`.

    Raises:
        KeyFileError: `city.pem` is missing, or a `city*.pem` is no key.
    """
    return CodeIssuer(CityKeys.load(folder), now, lambda: secrets.token_bytes(8), ttl_s)


def open_front(
    platform: Platform,
    folder: Path,
    demo_accounts: Sequence[str] = (),
    in_city: Limit = IN_CITY,
) -> Residents:
    """The residents' side of a platform.

    Numbers let in where `folder` has `phones.index`, and `texts/`, whence the operator's gateway
    fetches messages: `in_city` at most. A demo, with its `demo_accounts`, writes them to its log
    instead.

    Raises:
        CloudError, KeyFileError: A file is missing or unusable; the message names it.
    """
    keys = CityKeys.load(folder)
    texts: Texts | None = LoggedTexts() if demo_accounts else None
    if (folder / "texts").is_dir():
        texts = SpoolTexts(folder / "texts", now)
    front = open_residents(
        platform.database,
        platform.ledger.catalogues,
        keys,
        now,
        sign_in_secret(folder),
        book=platform.phones,
        texts=texts,
        demo_accounts=demo_accounts,
        in_city=in_city,
    )
    front.forget()
    return front


def open_counter(platform: Platform, folder: Path, residents: Residents) -> Counter:
    """The counter, where staff make cards, with the city's keys of `folder`.

    Raises:
        CloudError, KeyFileError: A file is missing or unusable; the message names it.
    """
    keys = CityKeys.load(folder)
    desk = CardDesk(platform.database, keys, now, lambda: secrets.token_bytes(8))
    return Counter(
        platform.database,
        desk,
        platform.phones,
        residents.cards.new_pin_in,
        _new_account,
        now,
    )


def _new_account() -> str:
    return secrets.token_hex(8)


def sign_in_secret(folder: Path) -> bytes:
    """What keys the hashes of codes and PINs; made from the city's first key, always there.

    With another `city.pem` every PIN has to be made anew.
    """
    return sha256(b"sign-in\0" + (folder / "city.pem").read_bytes()).digest()


def now() -> int:
    """Unix seconds by the machine's clock."""
    return int(time.time())
