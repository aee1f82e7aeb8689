"""A ledger to post to, on either database, and the platform's folder of keys."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bench.postgres import CARELESS, Postgres, find_postgres
from cloud.keys.keyring import Keyring
from cloud.ledger.held.decisions import Decisions
from cloud.ledger.ledger import Ledger
from cloud.ledger.opening import Opener
from cloud.store.database import open_database
from contract.catalogue import Catalogue, example, sign
from contract.districts import District
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


FULL = {
    "sqlite": """
        CREATE TRIGGER full_disk BEFORE INSERT ON {table}
        WHEN (SELECT count(*) FROM {table}) >= {after}
        BEGIN SELECT RAISE(ABORT, 'disk full'); END
        """,
    "postgresql": """
        CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM {table}) >= {after} THEN RAISE EXCEPTION 'disk full'; END IF;
        RETURN NEW; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()
        """,
}
"""How a table is made to refuse rows."""


def _on(database: Engine, table: str) -> str:
    return f" ON {table}" if database.dialect.name == "postgresql" else ""


@dataclass
class Office:
    """A ledger, its catalogues and keys within reach, and a restart as a verb.

    `where` is a file or an address, as `open_database` takes it.
    """

    where: Path | str
    catalogues: dict[str, Catalogue] = field(default_factory=lambda: {"2026-11-a": example()})
    keys: MutableMapping[str, Keyring] = field(
        default_factory=lambda: {kiosk: Keyring(signer(kiosk).public) for kiosk in KIOSKS}
    )
    now_s: int = 1_795_500_000
    signer: Signer | None = None
    opener: Opener | None = None

    def __post_init__(self) -> None:
        self._open()

    def restart(self) -> None:
        """The process ends and starts again on the same database."""
        self.database.dispose()
        self._open()

    def _open(self) -> None:
        self.database: Engine = open_database(self.where)
        self.ledger = Ledger(
            self.database,
            self.catalogues,
            self.keys,
            lambda: self.now_s,
            self.signer,
            opener=self.opener,
        )

    def post(self, *records: Sealed | bytes | str, epoch: str = EPOCH) -> Ack:
        """Post a batch of the first kiosk."""
        return self.ledger.post(KIOSKS[0], batch(*records, epoch=epoch))

    @contextmanager
    def full_disk(self, table: str, after: int = 0) -> Iterator[None]:
        """Meanwhile `table` takes no more rows once it has `after` of them."""
        self._let(FULL[self.database.dialect.name].format(table=table, after=after))
        yield
        self._let(f"DROP TRIGGER full_disk{_on(self.database, table)}")

    def _let(self, statement: str) -> None:
        with self.database.begin() as connection:
            connection.exec_driver_sql(statement)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the tables."""
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


class Server:
    """PostgreSQL for one run of the tests; each test gets a schema of its own."""

    def __init__(self, running: Postgres) -> None:
        self._address = running.address
        self._engine = create_engine(running.address)
        self._numbers = itertools.count(1)

    def new_address(self) -> str:
        """The address of an empty database."""
        name = f"test_{next(self._numbers)}"
        with self._engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        return f"{self._address}?options=-csearch_path%3D{name}"

    def close(self) -> None:
        """No more tests."""
        self._engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real server on loopback, which keeps nothing from a power cut."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    memory = Path("/dev/shm")
    with Postgres(programs, CARELESS, memory if memory.is_dir() else None) as running:
        server = Server(running)
        yield server
        server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An empty database, of one kind and then of the other."""
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_address()


@pytest.fixture
def office(where: Path | str) -> Iterator[Office]:
    """A ledger of its own, whose books are checked when the test is over."""
    yield from _checked(Office(where))


@pytest.fixture
def file_office(tmp_path: Path) -> Iterator[Office]:
    """The same in a file of SQLite, for what SQLite alone can do or suffer."""
    yield from _checked(Office(tmp_path / "ledger.sqlite"))


def _checked(office: Office) -> Iterator[Office]:
    yield office
    assert (
        office.rows("SELECT entry_id FROM postings GROUP BY entry_id HAVING sum(points) != 0") == []
    )
    office.database.dispose()


@pytest.fixture
def decisions(office: Office) -> Decisions:
    """Over a ledger whose first kiosk is in Xihu, the second in Yuhang."""
    districts = tuple(
        District(district=name, kiosks=(kiosk,))
        for name, kiosk in zip(("xihu", "yuhang"), KIOSKS, strict=True)
    )
    office.catalogues["2026-11-a"] = example().model_copy(update={"districts": districts})
    return Decisions(office.database, office.catalogues, office.keys, lambda: office.now_s)


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


def furnish(folder: Path, catalogue: Catalogue | None = None) -> None:
    """What a platform's folder needs before it starts: keys of city and operator, and a list."""
    (folder / "kiosks").mkdir()
    FileSigner.new(folder / "city.pem")
    operator = FileSigner.new(folder / "operator.pem")
    (folder / "operator.pub").write_text(operator.public.hex())
    (folder / "catalogue.json").write_bytes(sign(catalogue or example(), operator))


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
