"""Other workers commit between two statements of a call: PostgreSQL lets them, SQLite does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Engine, event, text

from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.moving import move
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import open_database
from tests.cloud.conftest import Office, Server
from tests.cloud.hearing import REFEREE, WHY, at
from tests.cloud.shop.market import SOAP, Market, came_of, open_shop
from tests.contract.samples import ALICE, SampleKiosk

HEAVY = 26
"""Points of a bottle of 400 g, which is flagged."""

STATEMENTS = 9
"""More than a call has before it has decided."""

KEY = "a-wish-of-alice-1"


@pytest.fixture
def where(postgresql: Server) -> str:
    """An empty database, where writers do not wait for each other."""
    return postgresql.new_address()


@contextmanager
def after_statement(database: Engine, number: int, work: Callable[[], object]) -> Iterator[None]:
    """When the `number`th statement from now is done, somebody else does `work`."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            work()

    event.listen(database, "after_cursor_execute", count)
    yield
    event.remove(database, "after_cursor_execute", count)


@pytest.mark.parametrize("refused", [False, True], ids=["comes", "is-refused"])
def test_flagged_points_that_move_meanwhile_are_never_spent(
    market: Market, kiosk: SampleKiosk, decisions: object, refused: bool
) -> None:
    """Whenever within the call the deposit is posted, or staff take it back."""
    office = market.office
    candle = market.offer("candle", HEAVY, 9)
    database = open_database(office.where)
    worker = open_shop(office, database).redeeming
    for number in range(1, STATEMENTS):
        deposit, key = kiosk.deposit(mass_g=400, bay=f"b{number}"), f"{KEY}-{number}"
        post = partial(office.post, deposit)
        place = at(len(kiosk.lines))
        refuse = partial(office.ledger.decisions.decide, REFEREE, place, "refused", WHY)
        if refused:
            post()
        with after_statement(database, number, refuse if refused else post):
            came = came_of(partial(worker.reserve, ALICE, key, candle.id, candle.points))
        assert came in ("not-enough", "looked-at"), f"after statement {number}"
        if market.points(ALICE):
            refuse()
        assert (market.points(ALICE), market.stock(candle)) == (0, 9)
    database.dispose()


def test_a_server_that_is_set_otherwise_spends_no_points_twice(postgresql: Server) -> None:
    """An operator's server may let transactions see what was when they began; these do not."""
    where = f"{postgresql.new_address()}%20-cdefault_transaction_isolation%3Drepeatable%5C%20read"
    office = Office(where)
    market = Market(office)
    market.give(ALICE, SOAP)
    came: list[str] = []
    asking = threading.Thread(target=lambda: came.append(came_of(lambda: market.reserve(ALICE))))
    with office.database.begin() as connection:
        take_turns(connection, [resident(ALICE)], SPENDING)
        asking.start()
        _wait_for_somebody(office)
        move(connection, resident(ALICE), OPERATOR, SOAP, "spent", office.now_s)
    asking.join(timeout=60)
    assert came == ["not-enough"]
    assert market.points(ALICE) == 0
    office.database.dispose()


def _wait_for_somebody(office: Office) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        with office.database.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
    raise AssertionError("nobody waits for the account's turn")
