"""The auditor finds each way in which a load and its credit can part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.catalogue import example
from controller.core.config import BayConfig
from sim.audit import Audit, Books, audit, fallen, named, together
from sim.world import Item, Part

BAY = BayConfig.model_validate(
    {"name": "a", "bins": [{"index": 0, "stream": "plastic"}], "refuse_bin": 3}
)
ANN = "a1" * 8
BOTTLE = Item("bottle-1", "pet-bottle", 25)


def line(kind: str, deposit_id: str = "s1-1", **more: Any) -> bytes:
    """A journal line as far as an auditor reads it."""
    body = {
        "deposit_id": deposit_id,
        "account": ANN,
        "bay": "a",
        "bin_index": 0,
        "item_code": "pet-bottle",
        "mass_g": 26,
        "pieces": 1,
        "points": 4,
    }
    return json.dumps({"kind": kind, "body": body | more}).encode()


def ask(
    records: list[bytes],
    bottles: int = 1,
    credited: dict[str, int] | None = None,
    held: frozenset[str] = frozenset(),
    refused: int = 0,
) -> Audit:
    """Audit a bay with so many bottles in bin 0 and so many things in the refuse bin."""
    lying = [[Part(Item(f"b{n}", "pet-bottle", 25), 25) for n in range(bottles)], [], []]
    lying.append([Part(Item(f"r{n}", "banana", 90), 90) for n in range(refused)])
    books = Books({"s1-1": 4} if credited is None else credited, held)
    return audit(records, [BAY], {"a": lying}, books, example())


def test_a_load_with_its_record_and_its_credit_is_in_order() -> None:
    """One bottle, one deposit, four points: nothing to say; refuse needs no record."""
    found = ask([line("intent"), line("deposit"), line("returned")], refused=1)
    assert (found.accepted, found.returned, found.points, found.credited) == (1, 1, 4, 4)
    assert (found.lost, found.doubled, found.notes) == (0, 0, ())


@pytest.mark.parametrize(
    ("case", "lost", "doubled", "note"),
    [
        ({"records": [], "credited": {}}, 1, 0, "bin 0 of bay a holds 1 loads without a record"),
        ({"records": [line("deposit")], "bottles": 0}, 0, 1, "bin 0 of bay a lacks 1 loads"),
        ({"records": [line("deposit")], "credited": {}}, 1, 0, "s1-1 never reached the ledger"),
        (
            {"records": [line("deposit"), line("deposit")], "bottles": 2},
            0,
            1,
            "deposit s1-1 is in the journal 2 times",
        ),
        ({"records": [line("deposit")], "credited": {"s1-1": 8}}, 0, 1, "earned 8, due 4"),
        ({"records": [line("deposit")], "credited": {"s1-1": 3}}, 1, 0, "earned 3, due 4"),
        (
            {"records": [line("deposit")], "credited": {"s1-1": 4, "s9-9": 4}},
            0,
            1,
            "s9-9 is on the ledger and not in the journal",
        ),
    ],
)
def test_each_way_to_part_is_found(
    case: dict[str, Any], lost: int, doubled: int, note: str
) -> None:
    """Loads without credit are lost, credits without a load doubled, and the note says which."""
    found = ask(**case)
    assert (found.lost, found.doubled) == (lost, doubled)
    assert any(note in one for one in found.notes)


@pytest.mark.parametrize("bottles", [0, 1])
def test_an_uncertain_load_may_lie_here_or_there_but_must_be_held(bottles: int) -> None:
    """Nobody knows where it is, so neither is wrong; staff must hear of it."""
    held = ask([line("uncertain")], bottles=bottles, credited={}, held=frozenset({"s1-1"}))
    assert (held.lost, held.doubled) == (0, 0)
    assert ask([line("uncertain")], bottles=bottles, credited={}).lost == 1


def test_an_item_that_fell_in_parts_is_one_item_where_most_of_it_is() -> None:
    """A bottle of which 10 g hung and fell later elsewhere is one load in its first bin."""
    assert fallen([[Part(BOTTLE, 15)], [Part(BOTTLE, 10)]]) == [1, 0]


def test_of_several_kiosks_each_note_says_whose_it_is() -> None:
    """Their bays have the same names; a kiosk alone needs none."""
    lost = ask([], credited={})
    both = together([named(lost, "k1"), named(ask([line("deposit")], bottles=0), "k2")])
    assert [note.split()[0] for note in both.notes] == ["k1:", "k2:"]
    assert (both.lost, both.doubled) == (1, 1)
    assert named(lost, "") == lost
