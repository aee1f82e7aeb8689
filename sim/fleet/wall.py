"""A fleet by the wall clock: real processes over real sockets, and an audit when all is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.store.database import open_database
from contract.catalogue import example
from contract.chain import verify_chain
from contract.journal import open_journal
from contract.keys import FileSigner
from sim.audit import accounts_apart, audit, named, read_balances, read_books, together
from sim.fleet.lists import told_of
from sim.fleet.processes import neighbourhood
from sim.kiosks import counted
from sim.scenario import KIOSK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sim.audit import Audit
    from sim.fleet.processes import KioskProcess, Neighbourhood

LOOK_S = 0.5

LAST_VISIT_S = 300.0
"""So long after the last one has come everybody must be gone."""

DELIVERY_S = 150.0
"""So long the last records may take: twice the longest pause between two attempts to connect."""


@dataclass(frozen=True, slots=True)
class Options:
    """How many kiosks, and how long people come; `outage_s` without a broker half way through."""

    kiosks: int
    seconds: float
    seed: int = 1
    port: int = 0
    outage_s: float = 0.0


@dataclass(frozen=True, slots=True)
class KioskFigures:
    """What came of one kiosk: `visits` of residents, of whom some gave up, and their deposits.

    `lists` are the versions of the price lists that it keeps, by the days from which they hold.
    """

    kiosk: str
    visits: int
    gave_up: list[str]
    accepted: int
    returned: int
    points: int
    credited: int
    lost: int
    doubled: int
    lists: list[str]


@dataclass(frozen=True, slots=True)
class FleetReport:
    """What came of a fleet: totals, and each kiosk's figures."""

    visits: int
    accepted: int
    returned: int
    points: int
    credited: int
    lost: int
    doubled: int
    outage_s: float
    wall_s: float
    passed: bool
    failures: list[str]
    kiosks: list[KioskFigures]


async def play(
    root: Path, options: Options, progress: Callable[[str], None] = lambda _words: None
) -> FleetReport:
    """Let people come to all kiosks, let everything arrive, end every process, and audit.

    Raises:
        KioskError: A process did not start, or the folder cannot be used.
    """
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    progress(f"starting broker, platform and {options.kiosks} kiosks")
    async with neighbourhood(
        root,
        list(counted(KIOSK["kiosk"], options.kiosks)),
        seed=options.seed,
        seconds=options.seconds,
        port=options.port,
    ) as fleet:
        failures = await _day(fleet, options, progress)
    progress("comparing bins, journals and ledger")
    found = [_audited(kiosk, fleet.ledger) for kiosk in fleet.kiosks]
    failures += [one for kiosk in fleet.kiosks for one in _unproven(kiosk)]
    return _report(fleet, found, failures, options, loop.time() - began_s)


async def _day(
    fleet: Neighbourhood, options: Options, progress: Callable[[str], None]
) -> list[str]:
    """People come and go, and the last record arrives; what went wrong meanwhile, in words."""
    outage = asyncio.create_task(_outage(fleet, options), name="outage")
    try:
        progress(f"people come for {options.seconds:.0f} s")
        late = await _until(fleet, lambda one: one.told.done, options.seconds + LAST_VISIT_S)
        failures = [f"{one.kiosk}: no load was taken, or a visit goes on for ever" for one in late]
        await outage
        progress("the last records arrive")
        late = await _until(fleet, lambda one: one.waiting == 0, DELIVERY_S)
        failures += [f"{one.kiosk}: {one.waiting} records wait for ever" for one in late]
        failures += await _untold(fleet)
    finally:
        outage.cancel()
        await asyncio.gather(outage, return_exceptions=True)
    gone = [one for one in fleet.kiosks if one.pid is None]
    return [f"{one.kiosk}: its process ended by itself, see {one.log}" for one in gone] + failures


async def _untold(fleet: Neighbourhood) -> list[str]:
    """Wait until the platform knows that all kiosks keep the list that came over the wire."""
    database = open_database(fleet.ledger)

    def has_told(one: KioskProcess) -> bool:
        return fleet.next_list in told_of(database, one.kiosk)

    try:
        late = await _until(fleet, has_told, DELIVERY_S)
    finally:
        database.dispose()
    return [f"{one.kiosk}: it never told of price list {fleet.next_list}" for one in late]


async def _outage(fleet: Neighbourhood, options: Options) -> None:
    if options.outage_s:
        await asyncio.sleep(options.seconds / 2)
        await fleet.broker.stop()
        await asyncio.sleep(options.outage_s)
        await fleet.broker.start()


async def _until(
    fleet: Neighbourhood, is_so: Callable[[KioskProcess], bool], within_s: float
) -> list[KioskProcess]:
    """Wait until it is so of every kiosk that lives; those of which it never was."""
    end_s = asyncio.get_running_loop().time() + within_s
    while left := [one for one in fleet.kiosks if one.pid is not None and not is_so(one)]:
        if asyncio.get_running_loop().time() > end_s:
            break
        await asyncio.sleep(LOOK_S)
    return left


def _audited(kiosk: KioskProcess, ledger: Path) -> Audit:
    """Bins, journal and ledger of a kiosk whose process has ended."""
    database = open_database(ledger)
    try:
        books = read_books(database, kiosk.kiosk)
    finally:
        database.dispose()
    found = audit(_lines(kiosk), kiosk.bays, kiosk.told.parts, books, example())
    return named(found, kiosk.kiosk)


def _unproven(kiosk: KioskProcess) -> list[str]:
    """What whoever has only the public key must complain of."""
    report = verify_chain(_lines(kiosk), FileSigner.load(kiosk.key).public)
    where = f"{kiosk.kiosk}: the journal is broken at {report.broken_at}: {report.reason}"
    return [] if report.ok else [where]


def _lines(kiosk: KioskProcess) -> list[bytes]:
    with open_journal(kiosk.journal).open() as reading:
        return [row.line for row in reading.rows()]


def _report(
    fleet: Neighbourhood,
    found: Sequence[Audit],
    failures: list[str],
    options: Options,
    wall_s: float,
) -> FleetReport:
    whole = together(found)
    kiosks = [_figures(*one) for one in zip(fleet.kiosks, found, strict=True)]
    failures = [*failures, *whole.notes, *_accounts(fleet, whole)]
    failures += [
        f"{one.kiosk}: it keeps {', '.join(one.lists) or 'no list'}, and not {fleet.next_list}"
        for one in kiosks
        if fleet.next_list not in one.lists
    ]
    return FleetReport(
        visits=sum(one.visits for one in kiosks),
        accepted=whole.accepted,
        returned=whole.returned,
        points=whole.points,
        credited=whole.credited,
        lost=whole.lost,
        doubled=whole.doubled,
        outage_s=options.outage_s,
        wall_s=round(wall_s, 1),
        passed=not failures,
        failures=failures,
        kiosks=kiosks,
    )


def _accounts(fleet: Neighbourhood, whole: Audit) -> list[str]:
    database = open_database(fleet.ledger)
    try:
        return accounts_apart(whole.due, read_balances(database))
    finally:
        database.dispose()


def _figures(kiosk: KioskProcess, found: Audit) -> KioskFigures:
    told = kiosk.told
    return KioskFigures(
        kiosk=kiosk.kiosk,
        visits=told.visits,
        gave_up=told.gave_up,
        accepted=found.accepted,
        returned=found.returned,
        points=found.points,
        credited=found.credited,
        lost=found.lost,
        doubled=found.doubled,
        lists=kiosk.lists,
    )
