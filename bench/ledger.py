"""Reading a ledger of a million deposits on PostgreSQL, beside one look through all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from sqlalchemy import Engine, text

from bench.postgres import CARELESS, Postgres, find_postgres
from bench.row import Row
from cloud.ledger.ledger import Ledger
from cloud.store.database import open_database
from contract.catalogue import example
from sim.stage.processes import ChildError

DEPOSITS = 1_000_000
KIOSKS, ACCOUNTS = 100, 2000
"""Ten thousand deposits a kiosk, five hundred an account."""

TURNS = 5

LIMIT_S = 0.2

FILL = (
    """
    INSERT INTO records (id, kiosk, epoch, seq, after, sha256, kind, account, state, code, line,
        received_at)
    SELECT n, 'kiosk-' || n % :kiosks, '5be1000000000001', n, n - 1, lpad(to_hex(n), 64, '0'),
        'deposit', lpad(to_hex(n % :accounts), 16, '0'), 'posted', '', '{}', 1767225600 + n * 30
    FROM generate_series(1, :deposits) AS n
    """,
    """
    INSERT INTO deposits (record_id, kiosk, deposit_id, account, at, item_code, catalogue_version,
        mass_g, pieces, priced_by, points, shown_points, carbon_g, bay, bin_index, jti, at_s)
    SELECT id, kiosk, 'd-' || id, account, '2026-01-01T00:00:00Z',
        CASE id % 3 WHEN 0 THEN 'pet-bottle' WHEN 1 THEN 'newspaper' ELSE 'glass-bottle' END,
        '2026-11-a', 24, 1, 'piece', 4, 4, 28, 'a', 0, lpad(to_hex(id), 16, '0'), received_at
    FROM records
    """,
    "INSERT INTO entries (id, record_id, reason, at) SELECT id, id, 'deposit', 0 FROM records",
    """
    INSERT INTO transfers (entry_id, debit, credit, points)
    SELECT id, 'operator', 'resident:' || account, 4 FROM records
    """,
    "INSERT INTO carbon (entry_id, account, grams) SELECT id, account, 28 FROM records",
    "ANALYZE",
)

SCAN = text("SELECT sum(mass_g) FROM deposits")


def measure(deposits: int = DEPOSITS) -> list[Row]:
    """Seconds for a statement, a kiosk's month and a balance.

    Raises:
        ChildError: PostgreSQL is not installed.
    """
    programs = find_postgres()
    if programs is None:
        raise ChildError("PostgreSQL is missing: apt-get install postgresql")
    # Reading waits for no disk, and filling need not either.
    with Postgres(programs, CARELESS) as server:
        database = open_database(server.address)
        _fill(database, deposits)
        ledger = Ledger(database, {"2026-11-a": example()}, {}, lambda: 0)
        account = f"{7:016x}"
        asked: dict[str, Callable[[], object]] = {
            "a resident's statement": lambda: ledger.statement(account),
            "a kiosk's month": lambda: ledger.month("kiosk-7", "2026-02"),
            "an account's balance": lambda: ledger.balance(account),
        }
        scan_s = _seconds(lambda: _scan(database))
        rows = [
            Row(f"{name}, of {deposits:,} deposits", _seconds(one), "s", "one scan of all",
                scan_s, LIMIT_S, at_least=False, is_limit=True)
            for name, one in asked.items()
        ]  # fmt: skip
        database.dispose()
    return rows


def _fill(database: Engine, deposits: int) -> None:
    sizes = {"deposits": deposits, "kiosks": KIOSKS, "accounts": ACCOUNTS}
    for statement in FILL:
        with database.begin() as connection:
            needed = {name: size for name, size in sizes.items() if f":{name}" in statement}
            connection.execute(text(statement), needed)


def _scan(database: Engine) -> None:
    with database.connect() as connection:
        connection.execute(SCAN).scalar_one()


def _seconds(work: Callable[[], object]) -> float:
    took_s = []
    for _ in range(TURNS):
        began_s = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - began_s)
    return median(took_s)
