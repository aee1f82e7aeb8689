"""A ledger to post to, and the platform's folder of keys."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cloud.keyring import Keyring
from cloud.ledger import Ledger
from cloud.schema import open_database
from contract.catalogue import Catalogue, example, sign
from contract.keys import FileSigner, Signer
from contract.payloads import Ack, DepositBatch
from contract.record import Sealed
from tests.cloud.mosquitto import Mosquitto
from tests.contract.samples import EPOCH, SampleKiosk, signer

KIOSKS = ("hz-xihu-0001", "hz-xihu-0002")


def batch(
    *records: Sealed | bytes | str, kiosk: str = KIOSKS[0], epoch: str = EPOCH
) -> DepositBatch:
    """A batch of sealed records, or of lines as they are."""
    lines = [one.line if isinstance(one, Sealed) else one for one in records]
    texts = [one.decode() if isinstance(one, bytes) else one for one in lines]
    return DepositBatch(kiosk=kiosk, epoch=epoch, historical=False, records=texts)


@dataclass
class Office:
    """A ledger on a file, its catalogues and keys within reach, and a restart as a verb."""

    path: Path
    catalogues: dict[str, Catalogue] = field(default_factory=lambda: {"2026-11-a": example()})
    keys: MutableMapping[str, Keyring] = field(
        default_factory=lambda: {kiosk: Keyring(signer(kiosk).public) for kiosk in KIOSKS}
    )
    now_s: int = 1_795_500_000
    signer: Signer | None = None

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The process ends and starts again on the same file."""
        self.database: Engine = open_database(self.path)
        self.ledger = Ledger(
            self.database, self.catalogues, self.keys, lambda: self.now_s, self.signer
        )

    def post(self, *records: Sealed | bytes | str, epoch: str = EPOCH) -> Ack:
        """Post a batch of the first kiosk."""
        return self.ledger.post(KIOSKS[0], batch(*records, epoch=epoch))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the tables."""
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A ledger in a file of its own, whose books are checked when the test is over."""
    office = Office(tmp_path / "ledger.sqlite")
    yield office
    assert (
        office.rows("SELECT entry_id FROM postings GROUP BY entry_id HAVING sum(points) != 0") == []
    )
    office.database.dispose()


@pytest.fixture
def kiosk() -> SampleKiosk:
    """The first kiosk, with an empty journal."""
    return SampleKiosk(KIOSKS[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The platform's folder: city's and operator's keys, a catalogue, the first kiosk's key."""
    folder = tmp_path / "keys"
    (folder / "kiosks").mkdir(parents=True)
    FileSigner.new(folder / "city.pem")
    operator = FileSigner.new(tmp_path / "operator.pem")
    (folder / "operator.pub").write_text(operator.public.hex())
    (folder / "catalogue.json").write_bytes(sign(example(), operator))
    register(folder, KIOSKS[0])
    return folder


def register(folder: Path, kiosk: str) -> None:
    """Put a kiosk's public key on file."""
    (folder / "kiosks" / f"{kiosk}.pub").write_text(signer(kiosk).public.hex())


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    """A running broker."""
    broker = Mosquitto(tmp_path, free_port)
    broker.start()
    yield broker
    broker.kill()
