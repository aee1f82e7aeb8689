"""What the ledger has already of the records that came, read before any of them is posted.

A batch is judged against this, and what is posted of it is noted here, so that the second of two
alike in one batch is known as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from cloud.ledger.assess import UNCERTAIN, load_of
from cloud.ledger.lines import body_of
from cloud.store.bulk import Each, among
from cloud.store.database import as_kept
from cloud.store.schema import HELD, records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from contract.record import Record

_RUN = Each(
    """
    SELECT seq, sha256 FROM records
    WHERE kiosk = {kiosk} AND epoch = {epoch} AND seq >= {first} AND seq <= {last} ORDER BY seq
    """,
    kiosk="text",
    epoch="text",
    first="bigint",
    last="bigint",
)

_CREDITED = Each(
    """
    SELECT deposits.account, item_code, mass_g, pieces, line
    FROM deposits JOIN records ON records.id = record_id
    WHERE deposits.kiosk = {kiosk} AND deposit_id = {deposit_id} ORDER BY deposits.kiosk LIMIT 1
    """,
    kiosk="text",
    deposit_id="text",
)
_DECIDED = Each(
    """
    SELECT line FROM decisions JOIN records ON records.id = record_id
    WHERE decisions.kiosk = {kiosk} AND deposit_id = {deposit_id} ORDER BY decisions.id
    """,
    kiosk="text",
    deposit_id="text",
)

NEAR = 4
"""Seqs further apart are not read in one run: what lies between them was not asked for."""

Place = tuple[str, str, int]
"""Kiosk, epoch and seq."""

Load = tuple[str, str]
"""Kiosk and deposit id."""


class Credited(NamedTuple):
    """A credited deposit: to whom and for what, and what its own line says of it."""

    account: str
    item_code: str
    mass_g: int
    pieces: int
    body: Mapping[str, Any]


class Waiting(NamedTuple):
    """A record that is held because nobody knew whether its load fell, and what it says."""

    record_id: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class Known:
    """Hash by place, loads credited and decided about, and by kiosk what is held as uncertain."""

    places: dict[Place, str] = field(default_factory=dict)
    credited: dict[Load, Credited] = field(default_factory=dict)
    decided: dict[Load, list[Mapping[str, Any]]] = field(default_factory=dict)
    uncertain: defaultdict[str, list[Waiting]] = field(default_factory=lambda: defaultdict(list))

    def hash_of(self, record: Record) -> str | None:
        """The hash that is posted in the record's place, if any."""
        return self.places.get((record.kiosk, record.epoch, record.seq))

    def waiting(self, record: Record) -> list[int]:
        """Ids of the held records that tell of the same load as `record`."""
        held = self.uncertain[record.kiosk]
        return [one.record_id for one in held if load_of(one.body) == load_of(record.body)]

    def forget(self, kiosk: str, settled: Collection[int]) -> None:
        """These held records wait no longer."""
        still = [one for one in self.uncertain[kiosk] if one.record_id not in settled]
        self.uncertain[kiosk] = still

    def is_decided(self, record: Record) -> bool:
        """Whether staff decided already about the very load that `record` tells of."""
        decided = self.decided.get(_load(record), ())
        return any(load_of(one) == load_of(record.body) for one in decided)


def known_of(connection: Connection, came: Sequence[Record]) -> Known:
    """Read what the ledger has of the records that `came`; their kiosks' turns must be taken."""
    known = Known()
    known.places = hashes_at(connection, [(one.kiosk, one.epoch, one.seq) for one in came])
    loads = [one for one in came if isinstance(one.body.get("deposit_id"), str)]
    if loads:
        wanted = list({_load(one): None for one in loads})
        _read_credited(connection, known, wanted)
        _read_decided(connection, known, wanted)
        _read_uncertain(connection, known, loads)
    return known


def hashes_at(connection: Connection, places: Collection[Place]) -> dict[Place, str]:
    """The hashes that are posted in these places."""
    runs = list(_runs(places))
    found = {
        (*runs[number][:2], seq): sha256 for number, (seq, sha256) in _RUN.ask(connection, runs)
    }
    return {place: found[place] for place in places if place in found}


def _runs(places: Collection[Place]) -> Iterator[tuple[str, str, int, int]]:
    """Kiosk, epoch, first and last seq of places that lie near each other."""
    first = last = None
    for place in sorted(places):
        if first is None or last is None or place[:2] != last[:2] or place[2] > last[2] + NEAR:
            if first is not None and last is not None:
                yield (*first, last[2])
            first = place
        last = place
    if first is not None and last is not None:
        yield (*first, last[2])


def _load(record: Record) -> Load:
    return record.kiosk, as_kept(record.body.get("deposit_id"))


def _read_credited(connection: Connection, known: Known, wanted: Sequence[Load]) -> None:
    for number, row in _CREDITED.ask(connection, wanted):
        account, item_code, mass_g, pieces, line = row
        known.credited[wanted[number]] = Credited(account, item_code, mass_g, pieces, body_of(line))


def _read_decided(connection: Connection, known: Known, wanted: Sequence[Load]) -> None:
    for number, (line,) in _DECIDED.ask(connection, wanted):
        known.decided.setdefault(wanted[number], []).append(body_of(line))


def _read_uncertain(connection: Connection, known: Known, loads: list[Record]) -> None:
    accounts = {as_kept(one.body.get("account")) for one in loads}
    rows = connection.execute(
        select(records.c.kiosk, records.c.id, records.c.line).where(
            HELD,
            among(connection, records.c.account, accounts),
            records.c.code == UNCERTAIN,
            among(connection, records.c.kiosk, {one.kiosk for one in loads}),
        )
    )
    for kiosk, record_id, line in rows:
        known.uncertain[kiosk].append(Waiting(record_id, body_of(line)))
