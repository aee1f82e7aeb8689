"""What the ledger knows around deposits, for `cloud.ledger.plausible`.

What lies around many deposits of one bay or one resident overlaps, so it is read once for all of
them and added up here: nearly all of a backlog's deposits are of the same few bins.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from cloud.ledger.day import MOST, Loads
from cloud.ledger.plausible import DAY_S, SHORTEST_S, Recent
from cloud.store.bulk import Each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from contract.bodies import Load

_OF_BAY = Each(
    """
    SELECT record_id, at_s, bin_index, mass_g FROM deposits
    WHERE kiosk = {kiosk} AND bay = {bay} AND at_s > {after_s} AND at_s <= {upto_s}
    ORDER BY at_s DESC LIMIT {most}
    """,
    kiosk="text",
    bay="text",
    after_s="bigint",
    upto_s="bigint",
    most="bigint",
)
_OF_ACCOUNT = Each(
    """
    SELECT record_id, at_s, kiosk, mass_g FROM deposits
    WHERE account = {account} AND at_s > {after_s} AND at_s <= {upto_s}
    ORDER BY at_s DESC LIMIT {most}
    """,
    account="text",
    after_s="bigint",
    upto_s="bigint",
    most="bigint",
)
_OF_CODE = Each(
    "SELECT record_id, kiosk FROM deposits WHERE jti = {jti} LIMIT {most}",
    jti="text",
    most="bigint",
)
_OF_BARCODE = Each(
    """
    SELECT record_id, at_s FROM barcodes
    WHERE account = {account} AND barcode = {barcode} AND at_s > {after_s} AND at_s <= {upto_s}
    ORDER BY at_s DESC LIMIT {most}
    """,
    account="text",
    barcode="text",
    after_s="bigint",
    upto_s="bigint",
    most="bigint",
)


class Around(NamedTuple):
    """A deposit that has its place among the records, and when its kiosk says it was (Unix s)."""

    record_id: int
    kiosk: str
    at_s: int
    body: Load


class _Day(NamedTuple):
    """Of one account in the day up to a deposit."""

    mass_g: int = 0
    deposits: int = 0
    kiosks: int = 0


def around(connection: Connection, deposits: Sequence[Around]) -> dict[int, Recent]:
    """What is known around each of these deposits, by the id of its record.

    A deposit is judged by those of them that were posted before it, by their ids, and by all
    others in the tables: those were credited before, also where two transactions drew their ids
    the other way round. These ones need not be there yet. Of guests, who share one account, no
    day is added up.
    """
    own = {one.record_id for one in deposits}
    gaps_s, bins_g = _bays(connection, deposits, own)
    theirs = [one for one in deposits if one.body.by != "guest"]
    days = _days(connection, theirs, own)
    codes = _codes(connection, deposits, own)
    barcodes = _barcodes(connection, theirs, own)
    return {
        at: Recent(
            gaps_s.get(at), bins_g[at], *days.get(at, _Day()), codes.get(at, 0), barcodes[at]
        )
        for at in (one.record_id for one in deposits)
    }


def _bays(
    connection: Connection, deposits: Iterable[Around], own: set[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Seconds to the nearest other deposit of the bay, and grams in the bin on that day.

    The gap is exact below `SHORTEST_S`, which is all that is asked of it.
    """
    by_bay: defaultdict[tuple[Any, ...], list[Around]] = defaultdict(list)
    for one in deposits:
        by_bay[one.kiosk, one.body.bay].append(one)
    gaps_s: dict[int, int] = {}
    bins_g: dict[int, int] = {}
    for _, some, rows in _read(connection, _OF_BAY, by_bay, own):
        times = [at_s for _, at_s, _, _ in rows]
        bins: defaultdict[int, Loads] = defaultdict(Loads)
        for _, at_s, bin_index, mass_g in rows:
            bins[bin_index].add(at_s, mass_g)
        for one in some:
            at = one.record_id
            if (gap_s := _gap_s(times, one.at_s)) is not None:
                gaps_s[at] = gap_s
            insort(times, one.at_s)
            in_bin = bins[one.body.bin_index]
            in_bin.add(one.at_s, one.body.mass_g)
            bins_g[at] = sum(in_bin.mass_g[in_bin.day(one.at_s)])
    return gaps_s, bins_g


def _days(connection: Connection, deposits: Iterable[Around], own: set[int]) -> dict[int, _Day]:
    by_account: defaultdict[tuple[Any, ...], list[Around]] = defaultdict(list)
    for one in deposits:
        by_account[one.body.account,].append(one)
    found: dict[int, _Day] = {}
    for _, some, rows in _read(connection, _OF_ACCOUNT, by_account, own):
        theirs = Loads()
        for _, at_s, kiosk, mass_g in rows:
            theirs.add(at_s, mass_g, kiosk)
        for one in some:
            theirs.add(one.at_s, one.body.mass_g, one.kiosk)
            masses_g = theirs.mass_g[day := theirs.day(one.at_s)]
            kiosks = len(set(theirs.kiosks[day]))
            found[one.record_id] = _Day(sum(masses_g), len(masses_g), kiosks)
    return found


def _codes(connection: Connection, deposits: Sequence[Around], own: set[int]) -> dict[int, int]:
    """How many kiosks had seen the code of each that came by one, by then."""
    seen: dict[str, set[str]] = {one.body.jti: set() for one in deposits if one.body.by == "code"}
    jtis = sorted(seen)
    for number, (record_id, kiosk) in _OF_CODE.ask(connection, [(one, MOST) for one in jtis]):
        if record_id not in own:
            seen[jtis[number]].add(kiosk)
    found: dict[int, int] = {}
    for one in sorted(deposits, key=_id_of):
        kiosks = seen.get(one.body.jti, set())
        kiosks.add(one.kiosk)
        if one.body.by == "code":
            found[one.record_id] = len(kiosks)
    return found


def _barcodes(
    connection: Connection, deposits: Iterable[Around], own: set[int]
) -> defaultdict[int, dict[str, int]]:
    """How often the account brought each barcode in the day up to each deposit."""
    by_barcode: defaultdict[tuple[Any, ...], list[Around]] = defaultdict(list)
    for one in deposits:
        for barcode in sorted(set(one.body.barcodes)):
            by_barcode[one.body.account, barcode].append(one)
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for (_, barcode), some, rows in _read(connection, _OF_BARCODE, by_barcode, own):
        brought = Loads()
        for _, at_s in rows:
            brought.add(at_s, 0)
        for one in some:
            brought.add(one.at_s, 0)
            found[one.record_id][barcode] = len(brought.at_s[brought.day(one.at_s)])
    for at, times in found.items():
        found[at] = dict(sorted(times.items()))  # of two as many, the same one is named ever after
    return found


def _read(
    connection: Connection,
    asked: Each,
    by_key: dict[tuple[Any, ...], list[Around]],
    own: set[int],
) -> list[tuple[tuple[Any, ...], list[Around], list[Sequence[Any]]]]:
    """By key: deposits whose days overlap, in the order of posting, and the others of those days.

    The others' rows, all but those of `own` ids, go by time.
    """
    spans = [(key, some) for key, all_ in by_key.items() for some in _spans(all_)]
    given = [
        (*key, some[0].at_s - DAY_S, some[-1].at_s + SHORTEST_S, MOST * len(some))
        for key, some in spans
    ]
    rows: list[list[Sequence[Any]]] = [[] for _ in spans]
    for number, row in asked.ask(connection, given):
        if row[0] not in own:
            rows[number].append(row)
    return [
        (key, sorted(some, key=_id_of), found[::-1])
        for (key, some), found in zip(spans, rows, strict=True)
    ]


def _spans(deposits: list[Around]) -> list[list[Around]]:
    """Deposits by their time, parted where more than a day lies between two."""
    spans: list[list[Around]] = []
    for one in sorted(deposits, key=lambda one: one.at_s):
        if not spans or one.at_s - DAY_S > spans[-1][-1].at_s + SHORTEST_S:
            spans.append([])
        spans[-1].append(one)
    return spans


def _id_of(deposit: Around) -> int:
    return deposit.record_id


def _gap_s(times: list[int], at_s: int) -> int | None:
    """To the nearest of these times, before or after; None where there is none."""
    place = bisect_right(times, at_s)
    near = times[max(0, place - 1) : place + 1]
    return min((abs(at_s - one) for one in near), default=None)
