"""What lies around a deposit, read once for many, is what one would find by looking for each."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cloud.ledger.day import MOST
from cloud.ledger.plausible import DAY_S, SHORTEST_S, Recent
from cloud.ledger.recent import Around, around
from cloud.store.bulk import insert_rows
from cloud.store.schema import deposits, records
from contract.bodies import DepositBody
from contract.fields import GUESTS
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, BOB, EPOCH, deposit_body

NOW_S = 1_795_000_000


def drawn(rng: random.Random, count: int, span_s: int) -> list[Around]:
    """Deposits of two kiosks in some days, in the order in which they were posted."""
    found = []
    for number in range(1, count + 1):
        by = rng.choice(["code", "code", "card", "guest"])
        body = DepositBody.model_validate(
            deposit_body(
                number,
                bay=rng.choice(["a", "b"]),
                bin_index=rng.randrange(2),
                account=GUESTS if by == "guest" else rng.choice([ALICE, BOB]),
                by=by,
                jti=rng.choice(["t1", "t2", f"own-{number}"]),
                mass_g=rng.randrange(40, 4000),
            )
        )
        at_s = NOW_S + rng.randrange(span_s)
        found.append(Around(number, rng.choice(KIOSKS), at_s, body))
    return found


def keep(office: Office, posted: list[Around]) -> None:
    """Put them into the tables as they are."""
    with office.database.begin() as connection:
        for table in (records, deposits):
            names = {column.name for column in table.c}
            rows = [_row(one) for one in posted]
            rows = [{name: row[name] for name in row.keys() & names} for row in rows]
            insert_rows(connection, table, rows)


def _row(one: Around) -> dict[str, object]:
    record = {"id": one.record_id, "epoch": EPOCH, "seq": one.record_id, "after": None, "line": b""}
    record |= {"kind": "deposit", "state": "posted", "code": "", "sha256": "", "received_at": 0}
    deposit = {"record_id": one.record_id, "at": "", "shown_points": 0, "at_s": one.at_s}
    return one.body.model_dump() | record | deposit | {"kiosk": one.kiosk}


def plainly(posted: list[Around], one: Around, asked: list[Around]) -> Recent:
    """The same by looking at all that was posted before, and what was `asked` for up to it."""
    known = [other for other in posted if other not in asked or other.record_id <= one.record_id]
    day = [other for other in known if one.at_s - DAY_S < other.at_s <= one.at_s]
    here = [other for other in known if (other.kiosk, other.body.bay) == (one.kiosk, one.body.bay)]
    gaps_s = [abs(other.at_s - one.at_s) for other in here if other is not one]
    index = one.body.bin_index
    in_bin = [other for other in day if other in here and other.body.bin_index == index]
    theirs = [other for other in day if other.body.account == one.body.account]
    seen = {other.kiosk for other in known if other.body.jti == one.body.jti}
    is_guest = one.body.by == "guest"
    return Recent(
        bay_gap_s=min((gap for gap in gaps_s if gap < SHORTEST_S), default=None),
        bin_g=sum(other.body.mass_g for other in in_bin),
        account_g=0 if is_guest else sum(other.body.mass_g for other in theirs),
        account_deposits=0 if is_guest else len(theirs),
        account_kiosks=0 if is_guest else len({other.kiosk for other in theirs}),
        code_kiosks=len(seen) if one.body.by == "code" else 0,
    )


def told(recent: Recent) -> Recent:
    """The gap matters, and is exact, below what a bay needs between two loads."""
    gap_s = recent.bay_gap_s
    return recent if gap_s is None or gap_s < SHORTEST_S else replace(recent, bay_gap_s=None)


@pytest.mark.parametrize("span_s", [60, DAY_S, 9 * DAY_S])
def test_many_at_once_are_told_what_each_would_be(office: Office, span_s: int) -> None:
    """Crowded, a day, days with gaps; backdated ones, and some that were posted long before."""
    rng = random.Random(span_s)
    posted = drawn(rng, 120, span_s)
    keep(office, posted)
    for count in (1, 17, 120):
        asked = rng.sample(posted, count)
        with office.database.connect() as connection:
            found = around(connection, asked)
        assert {at: told(one) for at, one in found.items()} == {
            one.record_id: plainly(posted, one, asked) for one in asked
        }


def test_of_a_flood_the_latest_count(office: Office) -> None:
    """More than a sum goes over in one bin within a day: the newest of them, and no error."""
    flood = [
        Around(number, KIOSKS[0], NOW_S + 7 * number, DepositBody(**deposit_body(number)))
        for number in range(1, MOST + 51)
    ]
    keep(office, flood)
    with office.database.connect() as connection:
        found = around(connection, flood[-20:])
    recent = found[MOST + 50]
    assert recent.account_deposits == MOST
    assert recent.bin_g == MOST * flood[0].body.mass_g


def test_nothing_asked_is_nothing_told(office: Office) -> None:
    """A transaction without a deposit asks for none."""
    with office.database.connect() as connection:
        assert around(connection, []) == {}
