"""Nobody waits for ever on PostgreSQL: what holds others up ends in an error."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from cloud.errors import LedgerError
from cloud.store.alone import OPENING, alone
from cloud.store.bulk import take_turns
from cloud.store.database import open_database, reading, writing
from tests.cloud.conftest import KIOSKS, Office, Server
from tests.cloud.ledger.test_turns import wait_for
from tests.cloud.web import Client
from tests.contract.samples import ALICE, SampleKiosk


def shorter(address: str, **bounds: str) -> str:
    """The address as an operator writes it who has bounds of their own."""
    return address + "".join(f"%20-c{name}%3D{bound}" for name, bound in bounds.items())


@pytest.fixture
def hurried(postgresql: Server) -> Iterator[Office]:
    """A ledger whose operator waits for nobody longer than a moment."""
    office = Office(shorter(postgresql.new_address(), lock_timeout="50ms"))
    yield office
    office.database.dispose()


@contextmanager
def at(where: str, *kiosks: str) -> Iterator[Connection]:
    """Meanwhile another process is at these kiosks' records, and does not go on."""
    other = open_database(where)
    with writing(other) as connection:
        take_turns(connection, kiosks)
        yield connection
    other.dispose()


def bounds_of(database: Engine) -> list[str]:
    """What a connection says of itself after one transaction failed in it."""
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with pytest.raises(LedgerError), writing(database) as connection:
        connection.execute(text("SELECT 1 / 0"))
    with reading(database) as connection:
        shown = [text("SELECT current_setting(:name)").bindparams(name=name) for name in names]
        return [connection.execute(one).scalar_one() for one in shown]


def test_every_connection_has_bounds(postgresql: Server) -> None:
    """Its operator's where they have some."""
    address = postgresql.new_address()
    for where, bounds in (
        (address, ["10s", "1min", "5min"]),
        (shorter(address, statement_timeout="7s"), ["10s", "7s", "5min"]),
    ):
        database = open_database(where)
        assert bounds_of(database) == bounds
        database.dispose()


def test_a_server_that_is_gone_is_given_up(postgresql: Server) -> None:
    """One whose machine lost its power says so to nobody."""
    address = postgresql.new_address()
    for where, idle_s in ((address, "20"), (f"{address}&keepalives_idle=7", "7")):
        database = open_database(where)
        with database.connect() as connection:
            raw: Any = connection.connection.driver_connection
            asked = raw.info.get_parameters()
        assert (asked["keepalives_idle"], asked["keepalives_count"]) == (idle_s, "3")
        assert asked["tcp_user_timeout"] == "50000"
        database.dispose()


def test_what_waited_for_a_turn_comes_again(hurried: Office) -> None:
    """For the ingest it is an error as if the database failed, for a program a 503 with a code;
    nothing was done, and done once as soon as the turn is free."""
    client, kiosk = Client(hurried.ledger), SampleKiosk(KIOSKS[0])
    worth, claimed = kiosk.deposit(), {"receipt": [kiosk.deposit().line.decode()]}
    with at(str(hurried.where), KIOSKS[0]):
        with pytest.raises(LedgerError, match="lock timeout"):
            hurried.post(worth)
        status, said = client.post("/api/claims", claimed)
    assert (status, said["code"]) == (503, "ledger-failed")
    assert hurried.ledger.totals().records == 0
    hurried.post(worth)
    assert client.post("/api/claims", claimed)[1]["points"] == 4
    assert hurried.ledger.balance(ALICE).points == 8


def test_a_process_that_hangs_keeps_its_turn_no_longer_than_it_may(postgresql: Server) -> None:
    """The server ends its transaction, and with it whatever it held."""
    address = postgresql.new_address()
    database = open_database(address)
    hangs = open_database(shorter(address, idle_in_transaction_session_timeout="50ms"))

    def hang() -> None:
        with writing(hangs) as connection:
            take_turns(connection, KIOSKS)
            with writing(database) as other:
                take_turns(other, KIOSKS)  # as soon as the turns are free
            connection.execute(text("SELECT 1"))

    with pytest.raises(LedgerError, match="idle-in-transaction"):
        hang()
    hangs.dispose()
    database.dispose()


def test_who_starts_waits_for_whoever_brings_the_tables_up_to_date(postgresql: Server) -> None:
    """However long that takes: a worker that gave up would be started again and again."""
    address = postgresql.new_address()
    database = open_database(address)
    hurried = shorter(address, lock_timeout="50ms", statement_timeout="100ms")
    with ThreadPoolExecutor(1) as thread:
        with database.begin() as connection:
            alone(connection, OPENING)
            started = thread.submit(open_database, hurried)
            wait_for(database, 1)
            connection.execute(text("SELECT pg_sleep(0.2)"))
        later = started.result(timeout=60)
    assert bounds_of(later)[:2] == ["50ms", "100ms"]
    later.dispose()
    database.dispose()
