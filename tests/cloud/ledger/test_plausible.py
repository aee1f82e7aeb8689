"""What cannot well be true is flagged with its figure, and credited all the same."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.keys.keyring import Keyring
from cloud.ledger.plausible import (
    ACCOUNT_DAY_DEPOSITS,
    ACCOUNT_DAY_G,
    ACCOUNT_DAY_KIOSKS,
    CLOCK_AHEAD_S,
    SAME_BARCODE_A_DAY,
    SHORTEST_S,
    Recent,
    bin_limit_g,
    flags,
)
from contract.bodies import DepositBody
from contract.catalogue import Item, example
from contract.fields import ZERO_HASH
from contract.record import Sealed, seal
from tests.cloud.conftest import Office, batch
from tests.cloud.web import Client
from tests.contract.samples import ALICE, BOB, EPOCH, deposit_body, signer

NOW_S = 1_795_000_000
USUAL = Recent(
    bay_gap_s=60,
    bin_g=500,
    account_g=24,
    account_deposits=1,
    account_kiosks=1,
    code_kiosks=1,
    barcodes={"2000000001012": 1},
)


def codes(recent: Recent = USUAL, at_s: int = NOW_S, **changes: Any) -> list[str]:
    """The codes of what is flagged about a bottle."""
    body = DepositBody.model_validate(deposit_body(**changes))
    item = example().item(body.item_code)
    return [one.code for one in flags(body, item, recent, at_s, NOW_S)]


def test_a_usual_deposit_is_not_flagged() -> None:
    """A bottle, a minute after the one before."""
    assert codes() == []
    assert codes(replace(USUAL, bay_gap_s=None)) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("mass", {"mass_g": 171}),
        ("mass", {"mass_g": 7}),
        ("above-max", {"mass_g": 15_001, "item_code": "newspaper"}),
        ("pieces", {"mass_g": 120, "pieces": 5}),
        ("light-pieces", {"mass_g": 30, "pieces": 4}),
        ("code-again", {"seen_before": True}),
    ],
)
def test_what_the_record_alone_shows(code: str, changes: dict[str, Any]) -> None:
    """Stones in a bag, water in a bottle, pieces that weigh nothing, a code shown again."""
    assert code in codes(**changes)


@pytest.mark.parametrize(
    ("code", "recent", "limit"),
    [
        ("bin-volume", "bin_g", bin_limit_g("plastic")),
        ("account-mass", "account_g", ACCOUNT_DAY_G),
        ("account-rate", "account_deposits", ACCOUNT_DAY_DEPOSITS),
        ("account-kiosks", "account_kiosks", ACCOUNT_DAY_KIOSKS),
        ("code-elsewhere", "code_kiosks", 1),
    ],
)
def test_what_only_the_ledger_can_see(code: str, recent: str, limit: int) -> None:
    """At the limit nothing is said; one above it is flagged."""
    for over, expected in ((0, []), (1, [code])):
        changed: dict[str, Any] = {recent: limit + over}
        assert codes(replace(USUAL, **changed)) == expected


def test_a_bay_has_a_pace_and_a_barcode_a_measure() -> None:
    """No bay takes two loads in four seconds; nobody empties more than a case a day."""
    assert codes(replace(USUAL, bay_gap_s=SHORTEST_S)) == []
    assert codes(replace(USUAL, bay_gap_s=SHORTEST_S - 1)) == ["too-fast"]
    times = {"2000000001012": SAME_BARCODE_A_DAY, "2000000001029": 1}
    assert codes(replace(USUAL, barcodes=times)) == []
    times["2000000001012"] += 1
    assert codes(replace(USUAL, barcodes=times)) == ["barcode"]


def test_a_record_from_the_future_is_flagged_where_the_clock_claims_to_be_right() -> None:
    """A kiosk that doubts its clock has said so; what is late waited for a connection."""
    late_s = NOW_S + CLOCK_AHEAD_S
    assert codes(at_s=late_s) == codes(at_s=NOW_S - 3 * 86_400) == []
    assert codes(at_s=late_s + 1) == ["clock-ahead"]
    assert codes(at_s=late_s + 1, clock_quality="unknown") == []


def test_guests_are_not_one_busy_resident() -> None:
    """They share an account; a code's travels mean something only where it is short-lived."""
    busy = replace(USUAL, account_deposits=400, account_g=10**6, account_kiosks=9, code_kiosks=9)
    busy = replace(busy, barcodes={"2000000001012": 400})
    assert codes(busy, by="guest") == []
    assert codes(replace(USUAL, code_kiosks=9), by="card") == []


@given(
    mass_g=st.integers(0, 20_000),
    pieces=st.integers(0, 50),
    gap_s=st.none() | st.integers(0, 10**9),
    counts=st.lists(st.integers(1, 10**7), min_size=5, max_size=5),
)
def test_each_reason_is_named_once_with_its_figure(
    mass_g: int, pieces: int, gap_s: int | None, counts: list[int]
) -> None:
    """Whatever the figures: every flag has a code of its own and a sentence with a number."""
    body = DepositBody.model_validate(deposit_body(mass_g=mass_g, pieces=pieces))
    recent = Recent(gap_s, counts[0], counts[1], counts[2], counts[3], counts[4])
    found = flags(body, example().item("pet-bottle"), recent, NOW_S, NOW_S)
    assert len({one.code for one in found}) == len(found)
    assert all(any(c.isdigit() for c in one.detail) for one in found)


@dataclass
class ClockedKiosk:
    """A kiosk whose records carry the time that passes between them."""

    name: str = "hz-xihu-0001"
    at_s: int = NOW_S - 3600
    sealed: list[Sealed] = field(default_factory=list)

    def bottle(self, wait_s: int = 60, **changes: Any) -> Sealed:
        """After a while somebody brings a bottle."""
        self.at_s += wait_s
        before = self.sealed[-1].sha256 if self.sealed else ZERO_HASH
        seq = len(self.sealed) + 1
        one = seal(
            "deposit",
            deposit_body(seq) | changes,
            kiosk=self.name,
            epoch=EPOCH,
            seq=seq,
            after=seq - 1,
            at=dt.datetime.fromtimestamp(self.at_s, dt.UTC).isoformat().replace("+00:00", "Z"),
            prev=before,
            signer=signer(self.name),
        )
        self.sealed.append(one)
        return one

    def post(self, office: Office, sealed: Sealed) -> None:
        """Bring a record to the ledger."""
        office.ledger.post(self.name, batch(sealed, kiosk=self.name))


def found(office: Office) -> list[tuple[int, str]]:
    """Seq and code of what the ledger flagged, oldest first."""
    return [(one.seq, one.code) for one in reversed(office.ledger.flagged())]


def test_a_flagged_deposit_is_credited(office: Office) -> None:
    """In balance and statement; receipt and totals name the reason, and a repetition adds none."""
    kiosk = ClockedKiosk()
    heavy = kiosk.bottle(mass_g=400, points=26)
    kiosk.post(office, heavy)
    kiosk.post(office, heavy)
    (flagged,) = office.ledger.flagged()
    assert (flagged.deposit_id, flagged.account, flagged.code) == ("s1-1", ALICE, "mass")
    assert flagged.detail == "400 g of pet-bottle, believed are 8 to 170 g"
    assert office.ledger.balance(ALICE).points == 26
    (receipt,) = office.ledger.statement(ALICE)
    assert receipt.flags == ("mass",)
    assert office.ledger.totals().flagged == 1


def test_loads_faster_than_the_machine_are_flagged_whichever_comes_first(office: Office) -> None:
    """Per bay, and although the second one was posted before the first."""
    kiosk = ClockedKiosk()
    first, second, other = kiosk.bottle(), kiosk.bottle(wait_s=3), kiosk.bottle(0, bay="b")
    for sealed in (second, first, other):
        kiosk.post(office, sealed)
    assert found(office) == [(1, "too-fast")]


def test_one_code_at_two_kiosks_and_one_account_at_four(office: Office) -> None:
    """A replayed code credits its owner, so it is taken, and seen here only."""
    kiosks = [ClockedKiosk(f"hz-xihu-000{number}") for number in range(1, 5)]
    for number, kiosk in enumerate(kiosks):
        office.keys[kiosk.name] = Keyring(signer(kiosk.name).public)
        jti = "same" if number < 2 else f"other-{number}"
        kiosk.post(office, kiosk.bottle(wait_s=60 * number, jti=jti))
    flagged = [(one.kiosk, one.code) for one in reversed(office.ledger.flagged())]
    assert flagged == [(kiosks[1].name, "code-elsewhere"), (kiosks[3].name, "account-kiosks")]


def test_a_bottle_on_a_string_is_seen_by_its_barcode(office: Office) -> None:
    """The 25th time within a day, of this account alone; the next day it begins anew."""
    kiosk = ClockedKiosk(at_s=NOW_S - 3 * 86_400)
    label: dict[str, Any] = {"barcodes": ["2000000001012"]}
    for number in range(SAME_BARCODE_A_DAY + 1):
        kiosk.post(office, kiosk.bottle(jti=f"j{number}", **label))
    kiosk.post(office, kiosk.bottle(account=BOB, **label))
    kiosk.post(office, kiosk.bottle(wait_s=86_400, **label))
    assert found(office) == [(25, "barcode")]


def test_a_bin_that_swallows_too_much_is_flagged(office: Office) -> None:
    """More than two fillings a day of the densest that the stream is known to be."""
    kiosk = ClockedKiosk(at_s=NOW_S - 80_000)
    bags = bin_limit_g("plastic") // 1500
    for number in range(bags + 1):
        load: dict[str, Any] = {"item_code": "plastic-mixed", "mass_g": 1500, "points": 60}
        kiosk.post(office, kiosk.bottle(account=f"{number:016x}", **load))
    assert found(office) == [(bags + 1, "bin-volume")]


BINS = {"paper": 0, "plastic": 1, "metal": 2, "glass": 3, "textile": 3}


def honest_mass_g(rng: random.Random, item: Item, pieces: int, left_g: float) -> int:
    """By the piece where the item comes so, else what there is of it, within what is believed."""
    if item.piece_g is not None:
        mass_g = pieces * rng.uniform(0.8, 1.4) * item.piece_g.median
    else:
        mass_g = min(left_g, item.mass_g.max) * rng.uniform(0.5, 1)
    return min(max(round(mass_g), pieces * item.mass_g.min), item.mass_g.max)


def honest_loads(rng: random.Random) -> list[dict[str, Any]]:
    """What one resident brings: 2.1 kg on average, one load after the other."""
    loads: list[dict[str, Any]] = []
    items = example().items
    left_g = rng.lognormvariate(math.log(2100) - 0.8**2 / 2, 0.8)
    while left_g > 0 and len(loads) < 12:
        item = rng.choices(items, [one.frequency for one in items])[0]
        pieces = rng.randint(1, item.piece_g.most) if item.piece_g else 1
        load = {"item_code": item.code, "stream": item.stream, "bin_index": BINS[item.stream]}
        loads.append(load | {"mass_g": honest_mass_g(rng, item, pieces, left_g), "pieces": pieces})
        left_g -= loads[-1]["mass_g"]
    return loads


def honest_days(office: Office, days: int, seed: int) -> int:
    """A kiosk's days with 25 uses each, of 200 residents; how many deposits it was."""
    rng, kiosk = random.Random(seed), ClockedKiosk(at_s=NOW_S - days * 86_400)
    for use in range(25 * days):
        who = {"account": f"{rng.randrange(200):016x}", "jti": f"{use:016x}"}
        for load in honest_loads(rng):
            kiosk.post(office, kiosk.bottle(wait_s=rng.randint(12, 40), points=0, **who, **load))
        kiosk.at_s += rng.randint(0, 5000)
    return len(kiosk.sealed)


def test_honest_residents_are_not_flagged(file_office: Office) -> None:
    """Two days of a busy kiosk, whose clock is right: not one of their deposits."""
    office = file_office
    office.now_s = NOW_S + 86_400
    assert honest_days(office, days=2, seed=1) > 200
    assert found(office) == []


def test_staff_read_the_flags_over_the_api(office: Office) -> None:
    """Newest first, as many as asked for; nonsense is refused. Whose it is nobody is told."""
    kiosk = ClockedKiosk()
    for mass_g in (300, 400):
        kiosk.post(office, kiosk.bottle(mass_g=mass_g))
    client = Client(office.ledger)
    status, (flag,) = client.get("/api/flags?limit=1")
    assert (status, flag["seq"], flag["code"], flag["flagged_at"]) == (200, 2, "mass", office.now_s)
    assert set(flag) == {"kiosk", "epoch", "seq", "code", "detail", "flagged_at"}
    assert client.get("/api/flags?limit=0")[0] == 422
    assert client.get("/api/ledger")[1]["flagged"] == 2
