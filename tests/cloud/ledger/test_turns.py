"""The turns of kiosks on PostgreSQL: locks by a number, which two names may share."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text

from cloud.store.bulk import take_turns
from cloud.store.database import open_database
from tests.cloud.conftest import Server

ALIKE = text(
    """
    SELECT min(kiosk), max(kiosk) FROM (SELECT 'k-' || n AS kiosk FROM
    generate_series(100000, 400000) AS n) AS named GROUP BY hashtext(kiosk) HAVING count(*) > 1
    """
)


def wait_for(database: Engine, waiting: int) -> None:
    """Return once so many transactions wait for another one."""
    while True:
        with database.connect() as connection:
            counted = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if connection.execute(counted).scalar_one() >= waiting:
                return
        time.sleep(0.01)


def test_two_kiosks_with_one_number_do_not_block_each_other(postgresql: Server) -> None:
    """By name the other kiosk lies between them; two workers that went by names would each wait."""
    database = open_database(postgresql.new_address())
    with database.begin() as connection:
        first, last = connection.execute(ALIKE).first() or ("", "")
    between = f"{first}-x"
    assert first < between < last

    def work(*kiosks: str) -> None:
        with database.begin() as connection:
            take_turns(connection, kiosks)

    with ThreadPoolExecutor(2) as workers:
        with database.begin() as connection:
            take_turns(connection, [between])
            other = workers.submit(work, between, last)
            wait_for(database, 1)
            one = workers.submit(work, first, between)
            wait_for(database, 2)
        one.result(timeout=60)
        other.result(timeout=60)
    database.dispose()
