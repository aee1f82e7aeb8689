"""The platform put together out of its files: the only place that names its parts."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.accounts import CodeIssuer
from cloud.ingest import Ingest
from cloud.keys import KioskKeys, load_catalogues
from cloud.ledger import Ledger
from cloud.mqtt import Listener
from cloud.schema import open_database
from contract.keys import FileSigner
from contract.token import TTL_S

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Platform:
    """The running parts of the platform."""

    ledger: Ledger
    listener: Listener


def open_ledger(database: Path, folder: Path) -> Ledger:
    """Open the ledger in `database` with the keys and catalogues of `folder`.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    return Ledger(
        open_database(database), load_catalogues(folder), KioskKeys(folder / "kiosks"), now
    )


def open_platform(database: Path, folder: Path, broker: tuple[str, int]) -> Platform:
    """Put ledger and listener together; what was held for want of a catalogue is settled first.

    Raises:
        KioskError: A file is missing or unusable; the message names it.
    """
    ledger = open_ledger(database, folder)
    ledger.settle()
    writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
    return Platform(ledger, Listener(Ingest(ledger), writer, *broker))


def open_issuer(folder: Path, ttl_s: int = TTL_S) -> CodeIssuer:
    """The issuer of residents' codes, with the city's key of `folder`.

    Raises:
        KeyFileError: `city.pem` is missing or no key.
    """
    signer = FileSigner.load(folder / "city.pem")
    return CodeIssuer(signer, now, lambda: secrets.token_bytes(8), ttl_s)


def now() -> int:
    """Unix seconds by the machine's clock."""
    return int(time.time())
