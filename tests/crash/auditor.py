"""After everything: what lies in the bins, what the journals say, what the ledger has.

Three witnesses, asked apart. A journal that was kept when another one took its place is one too;
what stands in both is one deposit, if it says the same. What was archived is read with its journal.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contract.archive import segments
from contract.catalogue import example
from contract.journal import open_journal
from contract.points import price
from contract.verify import verify_journal
from controller.adapters.journal.segment import folder_beside
from tests.crash.world import REFUSE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.crash.world import World

_CREDITED = """
    SELECT d.deposit_id, d.account, COALESCE(SUM(p.points), 0)
    FROM deposits d
    LEFT JOIN entries e ON e.record_id = d.record_id
    LEFT JOIN postings p ON p.entry_id = e.id AND p.account = 'resident:' || d.account
    GROUP BY d.record_id
"""


@dataclass
class Findings:
    """What the audit found; `wrong` says each thing that must not be.

    `conflicts` are records that the ledger had under their number already: only a journal that
    was put back from a copy has them, and then sends them again. `reasons` are what the journals
    say of the uncertain ones.
    """

    deposits: int = 0
    uncertain: int = 0
    conflicts: int = 0
    lost: int = 0
    doubled: int = 0
    reasons: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def hold(self, truth: bool, sentence: str) -> None:
        """Note `sentence` unless it holds."""
        if not truth:
            self.wrong.append(sentence)


@dataclass
class Journals:
    """Deposits and uncertain loads of a kiosk's journals, by deposit id."""

    deposits: dict[str, dict[str, Any]] = field(default_factory=dict)
    uncertain: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, bytes] = field(default_factory=dict)


def read_journals(
    paths: Iterable[Path], public: bytes, found: Findings, archives: Iterable[Path] = ()
) -> Journals:
    """Verify every journal from its first record on, and read what it says of loads.

    Of each the archive lies beside it, or in one of `archives`.
    """
    read = Journals()
    for path in paths:
        with open_journal(path).open() as reading:
            lines = [row.line for row in reading.rows()]
            first, epoch = reading.first()
        folders = (folder_beside(path), *archives)
        folder = next((one for one in folders if segments(one, epoch)), folder_beside(path))
        archived = [one for one in segments(folder, epoch) if one.last < first]
        lines = [line for one in archived for line in one.lines()] + lines
        report = verify_journal(open_journal(path), public, archive=folder)
        whole = report.ok and report.first in (None, 1) and report.records == len(lines)
        found.hold(whole, f"{path.name}, {len(lines)} lines: {report}")
        ids: Counter[str] = Counter()
        for line in lines:
            record = json.loads(line)
            if record["kind"] in ("deposit", "uncertain"):
                body = record["body"]
                of_kind = read.deposits if record["kind"] == "deposit" else read.uncertain
                ids[body["deposit_id"]] += 1
                before = of_kind.setdefault(body["deposit_id"], body)
                same = {**before, "intent": 0} == {**body, "intent": 0}
                found.hold(same, f"{path.name}: {body['deposit_id']} says something else")
                read.lines[body["deposit_id"]] = line
        twice = [one for one, count in ids.items() if count > 1]
        found.hold(not twice, f"{path.name}: more than once: {twice}")
    both = read.deposits.keys() & read.uncertain.keys()
    found.hold(not both, f"deposit and uncertain: {sorted(both)}")
    return read


def _bins_against_journals(world: World, read: Journals, found: Findings) -> None:
    """Each load in a stream's bin has one record, with its mass, and each deposit its load."""
    sure = Counter((body["bin_index"], body["mass_g"]) for body in read.deposits.values())
    maybe = Counter((body["bin_index"], body["mass_g"]) for body in read.uncertain.values())
    fallen = Counter(
        {
            (index, mass_g): count
            for index, masses in world.bins.items()
            if index != REFUSE
            for mass_g, count in masses.items()
        }
    )
    lost, doubled = fallen - sure - maybe, sure - fallen
    found.lost, found.doubled = lost.total(), doubled.total()
    found.hold(not lost, f"in the bins, and not in the journal: {dict(lost)}")
    found.hold(not doubled, f"in the journal, and not in the bins: {dict(doubled)}")


def _ledger_against_journals(database: Path, read: Journals, found: Findings) -> None:
    """What was deposited is posted once, at the catalogue's price, and nothing else is."""
    with closing(sqlite3.connect(database)) as books:
        credited = books.execute(_CREDITED).fetchall()
        crooked = books.execute(
            "SELECT entry_id FROM postings GROUP BY entry_id HAVING SUM(points) <> 0"
        ).fetchall()
        balances = dict(
            books.execute(
                "SELECT account, SUM(points) FROM postings "
                "WHERE account LIKE 'resident:%' GROUP BY account"
            )
        )
        held = books.execute("SELECT code, line FROM records WHERE state = 'held'").fetchall()
        rejected = books.execute("SELECT code, line FROM rejected").fetchall()
    points = {deposit_id: points for deposit_id, _, points in credited}
    ids = Counter(deposit_id for deposit_id, _, _ in credited)
    lost, alien = read.deposits.keys() - ids.keys(), ids.keys() - read.deposits.keys()
    found.lost += len(lost)
    found.doubled += len(alien) + sum(count - 1 for count in ids.values())
    found.hold(not lost, f"never reached the ledger: {sorted(lost)}")
    found.hold(not alien, f"on the ledger, and in no journal: {sorted(alien)}")
    found.hold(max(ids.values(), default=1) == 1, f"credited twice: {ids.most_common(3)}")
    found.hold(not crooked, f"postings that do not sum to zero: {crooked}")
    found.conflicts = len(rejected)
    strange = [
        line for code, line in rejected if code != "conflict" or _deposit_id(line) not in ids
    ]
    found.hold(not strange, f"rejected, and not credited under another number: {strange}")
    unsure = {_deposit_id(line) for _, line in held}
    found.hold({code for code, _ in held} <= {"uncertain"}, f"held: {[c for c, _ in held]}")
    found.hold(unsure == read.uncertain.keys(), "held is not what the journal is uncertain of")
    due: Counter[str] = Counter()
    for deposit_id, body in read.deposits.items():
        worth = price(example().item(body["item_code"]), body["mass_g"], body["pieces"]).points
        due[f"resident:{body['account']}"] += worth
        got = points.get(deposit_id)
        found.hold(got in (None, worth), f"{deposit_id} earned {got}, due {worth}")
    found.hold(balances == {one: sum_ for one, sum_ in due.items() if sum_}, "balances differ")


def _deposit_id(line: bytes) -> str:
    deposit_id: str = json.loads(line)["body"]["deposit_id"]
    return deposit_id


def audit(
    world: World,
    journals: Iterable[Path],
    public: bytes,
    database: Path,
    archives: Iterable[Path] = (),
) -> Findings:
    """Compare the three; nothing may be running any more."""
    found = Findings()
    read = read_journals(journals, public, found, archives)
    found.deposits, found.uncertain = len(read.deposits), len(read.uncertain)
    found.reasons = sorted(body["reason"] for body in read.uncertain.values())
    _bins_against_journals(world, read, found)
    _ledger_against_journals(database, read, found)
    return found
