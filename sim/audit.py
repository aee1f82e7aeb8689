"""After a run: was every load that fell credited once? Three witnesses, asked apart.

What lies in the bins (physics), what the journal says (the kiosk), what the ledger posted
(the platform). None of them is believed for another.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from contract.points import price

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Engine

    from contract.catalogue import Catalogue
    from controller.core.config import BayConfig
    from sim.world import Part

Place = tuple[str, int]
"""A bin: bay and index."""

_CREDITED = text(
    """
    SELECT d.deposit_id, COALESCE(SUM(p.points), 0)
    FROM deposits d
    LEFT JOIN entries e ON e.record_id = d.record_id
    LEFT JOIN postings p ON p.entry_id = e.id AND p.account LIKE 'resident:%'
    WHERE d.kiosk = :kiosk
    GROUP BY d.deposit_id
    """
)
_HELD = text("SELECT line FROM records WHERE state = 'held' AND kiosk = :kiosk")
_FLAGS = text(
    "SELECT f.code FROM flags f JOIN records r ON r.id = f.record_id WHERE r.kiosk = :kiosk"
)
RESIDENT = "resident:"
_BALANCES = text(
    "SELECT account, SUM(points) FROM postings WHERE account LIKE 'resident:%' GROUP BY account"
)


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of a kiosk. `points` by the journal, `credited` by the ledger's postings.

    `uncertain` are loads of which nobody knows what became of them, held for staff; `refused` loads
    lie in a refuse bin.
    `lost` are loads without credit, `doubled` credits without a load; `notes` says which.
    `flags` counts by code what the ledger asks staff to look at; `due` is by account what of its
    deposits the ledger has, at the catalogue's prices.
    """

    accepted: int
    returned: int
    points: int
    credited: int
    lost: int
    doubled: int
    uncertain: int
    refused: int
    notes: tuple[str, ...]
    flags: Mapping[str, int]
    due: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger's side of a kiosk.

    Net resident points by deposit id, the deposits that it holds for staff, and by code how many
    records staff should look at.
    """

    credited: Mapping[str, int]
    held: frozenset[str]
    flags: Mapping[str, int] = field(default_factory=dict)


def read_books(database: Engine, kiosk: str) -> Books:
    """Read the ledger's tables, not its reports."""
    whose = {"kiosk": kiosk}
    with database.begin() as connection:
        credited = {row[0]: int(row[1]) for row in connection.execute(_CREDITED, whose)}
        held = [json.loads(row[0])["body"] for row in connection.execute(_HELD, whose)]
        flags = Counter(row[0] for row in connection.execute(_FLAGS, whose))
    return Books(credited, frozenset(body["deposit_id"] for body in held), flags)


def read_balances(database: Engine) -> dict[str, int]:
    """Points by resident's account, from the ledger's tables."""
    with database.begin() as connection:
        rows = connection.execute(_BALANCES).all()
    return {account.removeprefix(RESIDENT): int(points) for account, points in rows}


def fallen(bins: Sequence[Sequence[Part]]) -> list[int]:
    """How many loads lie in each bin; one that fell in parts counts where most of it is."""
    where: dict[str, Counter[int]] = {}
    for index, one in enumerate(bins):
        for part in one:
            where.setdefault(part.item.load or part.item.name, Counter())[index] += part.mass_g
    most = Counter(masses.most_common(1)[0][0] for masses in where.values())
    return [most[index] for index in range(len(bins))]


def audit(
    records: Iterable[bytes],
    bays: Sequence[BayConfig],
    bins: Mapping[str, Sequence[Sequence[Part]]],
    books: Books,
    catalogue: Catalogue,
) -> Audit:
    """Compare journal lines, bins by bay name, and the ledger's books."""
    bodies: dict[str, list[dict[str, Any]]] = {}
    for line in records:
        record = json.loads(line)
        bodies.setdefault(record["kind"], []).append(record["body"])
    deposits, uncertain = bodies.get("deposit", []), bodies.get("uncertain", [])
    notes = [
        *_bins_against_journal(bays, bins, deposits, uncertain),
        *_journal_against_books(deposits + uncertain, books),
        *_books_against_prices(deposits, books, catalogue),
    ]
    return Audit(
        accepted=len(deposits),
        returned=len(bodies.get("returned", [])),
        points=sum(body["points"] for body in deposits),
        credited=sum(books.credited.values()),
        lost=sum(count for count, _ in notes if count > 0),
        doubled=-sum(count for count, _ in notes if count < 0),
        uncertain=len(uncertain),
        refused=sum(
            fallen(bins[bay.name])[bay.refuse_bin] for bay in bays if bay.refuse_bin is not None
        ),
        notes=tuple(note for _, note in notes),
        flags=books.flags,
        due=_due(deposits, books, catalogue),
    )


def named(found: Audit, kiosk: str) -> Audit:
    """The same, and each note says of which kiosk it is; none where that is an empty name."""
    notes = tuple(f"{kiosk}: {note}" for note in found.notes) if kiosk else found.notes
    return replace(found, notes=notes)


def together(audits: Sequence[Audit]) -> Audit:
    """What came of several kiosks."""

    def total(figure: str) -> int:
        return sum(getattr(one, figure) for one in audits)

    figures = "accepted returned points credited lost doubled uncertain refused"
    return Audit(
        **{figure: total(figure) for figure in figures.split()},
        notes=tuple(note for one in audits for note in one.notes),
        flags=sum((Counter(one.flags) for one in audits), Counter()),
        due=sum((Counter(one.due) for one in audits), Counter()),
    )


def accounts_apart(due: Mapping[str, int], balances: Mapping[str, int]) -> list[str]:
    """Accounts that have another balance than is due to them from all kiosks together.

    Deposit by deposit all may be right, and the points in somebody else's account.
    """
    return [
        f"account {one} has {balances.get(one, 0)} points on the ledger, due {due.get(one, 0)}"
        for one in sorted(due.keys() | balances.keys())
        if balances.get(one, 0) != due.get(one, 0)
    ]


def _due(deposits: list[dict[str, Any]], books: Books, catalogue: Catalogue) -> Counter[str]:
    due: Counter[str] = Counter()
    for body in deposits:
        if body["deposit_id"] in books.credited:
            item = catalogue.item(body["item_code"])
            due[body["account"]] += price(item, body["mass_g"], body["pieces"]).points
    return due


Note = tuple[int, str]
"""(loads lost, or below zero doubled; which and where)."""


def _bins_against_journal(
    bays: Sequence[BayConfig],
    bins: Mapping[str, Sequence[Sequence[Part]]],
    deposits: list[dict[str, Any]],
    uncertain: list[dict[str, Any]],
) -> list[Note]:
    """Every load in a stream's bin has its record, and every deposit its load."""
    sure = Counter((body["bay"], body["bin_index"]) for body in deposits)
    maybe = Counter((body["bay"], body["bin_index"]) for body in uncertain)
    notes: list[Note] = []
    for bay in bays:
        for index, lying in enumerate(fallen(bins[bay.name])):
            place: Place = (bay.name, index)
            name = f"bin {index} of bay {bay.name}"
            if index != bay.refuse_bin and lying > sure[place] + maybe[place]:
                missing = lying - sure[place] - maybe[place]
                notes.append((missing, f"{name} holds {missing} loads without a record"))
            if sure[place] > lying:
                extra = sure[place] - lying
                notes.append((-extra, f"{name} lacks {extra} loads that have a deposit"))
    return notes


def _journal_against_books(bodies: list[dict[str, Any]], books: Books) -> list[Note]:
    """Every record of the journal is posted or held, each deposit id once."""
    ids = Counter(body["deposit_id"] for body in bodies)
    known = books.held | books.credited.keys()
    lost = [(1, f"deposit {one} never reached the ledger") for one in ids if one not in known]
    extra = [
        (1 - count, f"deposit {one} is in the journal {count} times")
        for one, count in ids.items()
        if count > 1
    ]
    alien = [
        (-1, f"deposit {one} is on the ledger and not in the journal")
        for one in sorted(books.credited.keys() - ids.keys())
    ]
    return [*lost, *extra, *alien]


def _books_against_prices(
    deposits: list[dict[str, Any]], books: Books, catalogue: Catalogue
) -> list[Note]:
    """Each deposit earned its resident what the catalogue says, not more and not less."""
    notes: list[Note] = []
    for body in deposits:
        name, item = body["deposit_id"], catalogue.item(body["item_code"])
        due = price(item, body["mass_g"], body["pieces"]).points
        got = books.credited.get(name)
        if got is not None and got != due:
            notes.append((1 if got < due else -1, f"deposit {name} earned {got}, due {due}"))
    return notes
