"""Two workers that meet the same new numbers in opposite order."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text

from cloud.accounts.phones import PhoneBook
from cloud.store.database import open_database
from tests.cloud.conftest import Server
from tests.contract.samples import ALICE, BOB

OWNERS = {"13800138000": ALICE, "13900139000": BOB}


def is_anyone_waiting(database: Engine) -> bool:
    """Whether a transaction waits for another one."""
    with database.connect() as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(connection.execute(waiting).scalar())


def test_new_numbers_in_opposite_order_do_not_block_each_other(postgresql: Server) -> None:
    """Each would wait for the other's, and PostgreSQL would end one with all its batches."""
    database, book = open_database(postgresql.new_address()), PhoneBook({}, b"i" * 32, lambda: "")
    with database.begin() as connection:
        book.create(connection)
    has_first, has_second = threading.Event(), threading.Event()
    mine, theirs = OWNERS

    def one() -> None:
        with database.begin() as connection:
            book.link(connection, mine, OWNERS[mine])
            has_first.set()
            while not (has_second.is_set() or is_anyone_waiting(database)):
                time.sleep(0.01)
            book.link(connection, theirs, OWNERS[theirs])

    def other() -> None:
        has_first.wait(timeout=60)
        with database.begin() as connection:
            book.link(connection, theirs, OWNERS[theirs])
            has_second.set()
            book.link(connection, mine, OWNERS[mine])

    with ThreadPoolExecutor(2) as workers:
        for work in [workers.submit(one), workers.submit(other)]:
            work.result(timeout=60)
    database.dispose()
