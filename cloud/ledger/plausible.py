"""Which credited deposits somebody should look at, and why. Pure.

A flag changes no balance: the deposit is signed, weighed and credited, and a resident who brought
much must not wait for staff. It says which figure left what can be believed. The limits are far
out, so that a flag is worth reading; where each comes from stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract.bodies import Load
    from contract.catalogue import Item

DAY_S = 86_400
"""Kiosks are emptied daily, and a resident's habits are daily ones: all sums go over a day."""

SHORTEST_S = 5
"""Between two deposits of one bay: the hatch opens in 2 s, closes in 3.2 s and the gate needs
0.8 s, together 6 s; times in records are whole seconds, so two may look one second closer."""

BIN_L = 240
FILLS_A_DAY = 2
"""A bin is emptied daily, and once more where it was full before: a third filling is news."""

DENSEST_G_PER_L = {"paper": 300, "plastic": 71, "metal": 255, "glass": 415, "textile": 104}
"""The densest that a stream lies in a bin: the upper end of EPA's volume-to-weight factors (2016
and 1997) for loose newspaper 505, PET flattened 120, aluminium cans flattened 430, whole glass
bottles 700 and loose textiles 175 lb/yd³; 1 lb/yd³ is 0.593 g/L."""

DENSEST_OTHER_G_PER_L = 300
"""For a sub-stream that the table lacks."""

ACCOUNT_DAY_G = 53_000
"""What a whole kiosk takes in a day (ten kiosks in Haicang: 2,642 kg in 5 days); one use is 2.1 kg.
One account that brings as much deals in waste, or is shared, or did not bring it."""

ACCOUNT_DAY_DEPOSITS = 50
"""Twice the 25 uses that the same kiosks had in a day from all their residents."""

ACCOUNT_DAY_KIOSKS = 3
"""Home, work and a full one passed on the way; a fourth kiosk in a day is a tour."""

SAME_BARCODE_A_DAY = 24
"""A case of drinks has 24 bottles of one barcode. More in a day: a shop, or one on a string."""

CLOCK_AHEAD_S = 600
"""A record from the future: ten minutes are more than any clock drifts that is synchronised."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Why somebody should look: a code that stays, and the figure with its limit."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Recent:
    """What the ledger knows around one deposit, that deposit included.

    Sums go over the `DAY_S` up to it by the kiosks' clocks. `bay_gap_s` is the time to the nearest
    other deposit of the same bay, before or after; None where there is none. `bin_g` fell into
    the same bin. `code_kiosks` counts the kiosks that ever saw the code. `barcodes` says how often
    the account brought each barcode of the deposit.
    """

    bay_gap_s: int | None
    bin_g: int
    account_g: int
    account_deposits: int
    account_kiosks: int
    code_kiosks: int
    barcodes: Mapping[str, int] = field(default_factory=dict)


def flags(body: Load, item: Item, recent: Recent, at_s: int, received_s: int) -> tuple[Flag, ...]:
    """Say what is not plausible about a deposit of `item`.

    Args:
        body: What the kiosk says.
        item: The catalogue's row for it.
        recent: What else the ledger knows.
        at_s: When the kiosk says that it was (Unix seconds).
        received_s: When the ledger heard of it, by a clock that is right.
    """
    found = [*_by_mass(body, item), *_by_time(body, recent, at_s, received_s)]
    found += _by_code(body, recent)
    # Guests share one account, and it gets nothing that would be worth a trick.
    if body.by != "guest":
        found += _by_account(recent)
    return tuple(found)


def bin_limit_g(stream: str) -> int:
    """The most that fits into one bin of a stream between two collections, a day's fillings."""
    return FILLS_A_DAY * BIN_L * DENSEST_G_PER_L.get(stream, DENSEST_OTHER_G_PER_L)


def _by_mass(body: Load, item: Item) -> Iterator[Flag]:
    """The load against the scale, the item and the number of its pieces."""
    least, most = item.mass_g.min, item.mass_g.max
    if body.mass_g > body.scale.max_g:
        yield Flag("above-max", f"{body.mass_g} g on a scale of Max {body.scale.max_g} g")
    if not least <= body.mass_g <= most:
        yield Flag("mass", f"{body.mass_g} g of {item.code}, believed are {least} to {most} g")
    if item.piece_g is not None and body.pieces > item.piece_g.most:
        yield Flag("pieces", f"{body.pieces} pieces of {item.code}, at most {item.piece_g.most}")
    # Below Min a load is paid by the piece, so pieces of nothing would be the cheapest trick.
    if body.pieces > 1 and least <= body.mass_g < body.pieces * least:
        yield Flag("light-pieces", f"{body.pieces} pieces in {body.mass_g} g, one has {least} g")


def _by_time(body: Load, recent: Recent, at_s: int, received_s: int) -> Iterator[Flag]:
    """The load against the machine's pace, the bin's volume and the clock."""
    if recent.bay_gap_s is not None and recent.bay_gap_s < SHORTEST_S:
        yield Flag(
            "too-fast", f"{recent.bay_gap_s} s between two loads, the bay needs {SHORTEST_S}"
        )
    limit_g = bin_limit_g(body.stream)
    if recent.bin_g > limit_g:
        yield Flag("bin-volume", f"{recent.bin_g} g in a day, the bin holds {limit_g} g")
    if body.clock_quality == "synchronised" and at_s > received_s + CLOCK_AHEAD_S:
        yield Flag("clock-ahead", f"{at_s - received_s} s ahead, at most {CLOCK_AHEAD_S}")


def _by_code(body: Load, recent: Recent) -> Iterator[Flag]:
    """The code that was shown: a resident's code lives for minutes and is shown once."""
    if body.by == "code" and recent.code_kiosks > 1:
        yield Flag("code-elsewhere", f"the same code at {recent.code_kiosks} kiosks")
    if body.seen_before:
        yield Flag("code-again", "the kiosk had seen this code before")


def _by_account(recent: Recent) -> Iterator[Flag]:
    """What one account brings in a day, and where."""
    barcode, times = max(recent.barcodes.items(), key=lambda one: one[1], default=("", 0))
    if times > SAME_BARCODE_A_DAY:
        most = SAME_BARCODE_A_DAY
        yield Flag("barcode", f"{barcode} {times} times in a day, at most {most}")
    for code, value, limit, unit in (
        ("account-mass", recent.account_g, ACCOUNT_DAY_G, "g"),
        ("account-rate", recent.account_deposits, ACCOUNT_DAY_DEPOSITS, "deposits"),
        ("account-kiosks", recent.account_kiosks, ACCOUNT_DAY_KIOSKS, "kiosks"),
    ):
        if value > limit:
            yield Flag(code, f"{value} {unit} in a day, at most {limit}")
