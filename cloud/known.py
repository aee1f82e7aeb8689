"""What the ledger has already of the records that came, read before any of them is posted.

A batch is judged against this, and what is posted of it is noted here, so that the second of two
alike in one batch is known as well.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BigInteger, String, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from cloud.assess import UNCERTAIN, load_of
from cloud.bulk import POSTGRESQL, among
from cloud.schema import decisions, deposits, records

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Table

    from contract.record import Record

_IN_EPOCH = select(records.c.kiosk, records.c.epoch, records.c.seq, records.c.sha256).where(
    records.c.kiosk == bindparam("kiosk"),
    records.c.epoch == bindparam("epoch"),
    records.c.seq.in_(bindparam("seqs", expanding=True)),
)
_IN_PLACES = text(
    """
    SELECT kiosk, epoch, seq, sha256 FROM records
    JOIN unnest(:kiosks, :epochs, :seqs) AS place (kiosk, epoch, seq) USING (kiosk, epoch, seq)
    """
).bindparams(
    bindparam("kiosks", type_=ARRAY(String)),
    bindparam("epochs", type_=ARRAY(String)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
)

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
        wanted = {_load(one) for one in loads}
        _read_credited(connection, known, wanted)
        _read_decided(connection, known, wanted)
        _read_uncertain(connection, known, loads)
    return known


def hashes_at(connection: Connection, places: Collection[Place]) -> dict[Place, str]:
    """The hashes that are posted in these places."""
    if connection.dialect.name == POSTGRESQL:
        names = ("kiosks", "epochs", "seqs")
        given = {name: [one[at] for one in places] for at, name in enumerate(names)}
        rows = connection.execute(_IN_PLACES, given).all()
    else:
        rows = [row for each in _by_epoch(places) for row in connection.execute(_IN_EPOCH, each)]
    return {(row.kiosk, row.epoch, row.seq): row.sha256 for row in rows}


def _load(record: Record) -> Load:
    # PostgreSQL's text holds no NUL, so no load that it knows has one in its name.
    return record.kiosk, str(record.body.get("deposit_id")).replace("\0", "\ufffd")


def _by_epoch(places: Collection[Place]) -> list[dict[str, Any]]:
    seqs: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for kiosk, epoch, seq in places:
        seqs[kiosk, epoch].append(seq)
    return [{"kiosk": one[0], "epoch": one[1], "seqs": theirs} for one, theirs in seqs.items()]


# The three below ask for all kiosks and all names at once: other kiosks' loads of the same name
# come along, few beside what it costs to ask for each kiosk.


def _read_credited(connection: Connection, known: Known, wanted: set[Load]) -> None:
    rows = connection.execute(
        select(
            deposits.c.kiosk,
            deposits.c.deposit_id,
            deposits.c.account,
            deposits.c.item_code,
            deposits.c.mass_g,
            deposits.c.pieces,
            records.c.line,
        )
        .join(records, records.c.id == deposits.c.record_id)
        .where(*_of_loads(connection, deposits, wanted))
    )
    for kiosk, deposit_id, account, item_code, mass_g, pieces, line in rows:
        credited = Credited(account, item_code, mass_g, pieces, _body(line))
        known.credited[kiosk, deposit_id] = credited


def _read_decided(connection: Connection, known: Known, wanted: set[Load]) -> None:
    rows = connection.execute(
        select(decisions.c.kiosk, decisions.c.deposit_id, records.c.line)
        .join(records, records.c.id == decisions.c.record_id)
        .where(*_of_loads(connection, decisions, wanted))
    )
    for kiosk, deposit_id, line in rows:
        known.decided.setdefault((kiosk, deposit_id), []).append(_body(line))


def _read_uncertain(connection: Connection, known: Known, loads: list[Record]) -> None:
    accounts = {str(one.body.get("account")).replace("\0", "\ufffd") for one in loads}
    rows = connection.execute(
        select(records.c.kiosk, records.c.id, records.c.line).where(
            records.c.state == "held",
            among(connection, records.c.account, accounts),
            records.c.code == UNCERTAIN,
            among(connection, records.c.kiosk, {one.kiosk for one in loads}),
        )
    )
    for kiosk, record_id, line in rows:
        known.uncertain[kiosk].append(Waiting(record_id, _body(line)))


def _of_loads(
    connection: Connection, table: Table, wanted: set[Load]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    kiosks, ids = ({one[at] for one in wanted} for at in (0, 1))
    return among(connection, table.c.kiosk, kiosks), among(connection, table.c.deposit_id, ids)


def _body(line: bytes) -> Mapping[str, Any]:
    body: Mapping[str, Any] = json.loads(line)["body"]  # it was read before it was posted
    return body
