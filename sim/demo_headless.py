"""A demo without a visitor: a simulated resident deposits, and the books are compared."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.people import Person
from sim.stage.items import THINGS
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.view import ReceiptRow
    from sim.demo import Demo

POLL_S = 0.2

CREDIT_S = 120.0
"""So long a credit may take after the last deposit: the longest pause between two attempts to
reach the broker is 75 s."""

AFTERMATH_S = 2.0
"""So long the books are watched after the last credit: a second one would come now."""

TAKEN = ("pet-bottle", "can", "newspaper", "steel-can", "carton")
"""What the demo's kiosk takes; a resident brings these in turn."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a headless demo: the kiosk's receipt beside the platform's balance."""

    deposits: int
    accepted: int
    returned: int
    receipt: list[dict[str, Any]]
    points: int
    carbon_g: int
    credited_points: int
    credited_carbon_g: int
    outage_s: float
    wall_s: float
    passed: bool
    failures: list[str]


@dataclass(frozen=True, slots=True)
class Books:
    """An account as the platform has it."""

    points: int
    carbon_g: int
    deposit_ids: list[str]


async def play(demo: Demo, deposits: int, outage_s: float) -> Report:
    """Let one resident bring `deposits` things, with the broker away for `outage_s` meanwhile."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    before = await _books(demo)
    person = _person(demo, deposits)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(person.visit())
        if outage_s:
            tasks.create_task(_outage(demo, outage_s))
    after = await _books_once_credited(demo)
    rows = list(demo.onlooker.receipts.values())
    failures = _failures(person, rows, before, after)
    return Report(
        deposits=len(person.hands.given),
        accepted=len(rows),
        returned=len(person.hands.took_back),
        receipt=[asdict(row) for row in rows],
        points=sum(row.points for row in rows),
        carbon_g=sum(row.carbon_g for row in rows),
        credited_points=after.points - before.points,
        credited_carbon_g=after.carbon_g - before.carbon_g,
        outage_s=outage_s,
        wall_s=round(loop.time() - began_s, 1),
        passed=not failures,
        failures=failures,
    )


def _person(demo: Demo, deposits: int) -> Person:
    mass_g = {one.kind: one.mass_g for one in THINGS}
    kinds = itertools.islice(itertools.cycle(TAKEN), deposits)
    items = [Item(f"item-{n}", kind, mass_g[kind]) for n, kind in enumerate(kinds, 1)]
    return Person(
        "resident",
        demo.account,
        items,
        screen=demo.onlooker,
        touch=demo.kiosk.post,
        bays=demo.rig.bays,
        phone=demo.phone,
        rng=random.Random(f"{demo.options.seed}/resident"),
    )


async def _outage(demo: Demo, outage_s: float) -> None:
    """Stop the broker once the resident is known, so that no deposit of theirs finds it."""
    while demo.onlooker.view.state == "IDLE":
        await demo.onlooker.change(CREDIT_S)
    await demo.broker.stop()
    await asyncio.sleep(outage_s)
    await demo.broker.start()


async def _books(demo: Demo) -> Books:
    """The platform's word on the account."""
    answer = await demo.resident.get(demo.account)
    ids = [row["deposit_id"] for row in answer["deposits"]]
    return Books(answer["points"], answer["carbon_g"], ids)


async def _books_once_credited(demo: Demo) -> Books:
    """As `_books`, once every deposit is in it and nothing more comes, or time is up."""
    end_s = asyncio.get_running_loop().time() + CREDIT_S
    books = await _books(demo)
    while not demo.onlooker.receipts.keys() <= set(books.deposit_ids):
        if asyncio.get_running_loop().time() > end_s:
            return books
        await asyncio.sleep(POLL_S)
        books = await _books(demo)
    await asyncio.sleep(AFTERMATH_S)
    return await _books(demo)


def _failures(person: Person, rows: Sequence[ReceiptRow], before: Books, after: Books) -> list[str]:
    """Why the run was not what it must be; empty where it was."""
    found = [person.gave_up] if person.gave_up else []
    if person.hands.holding or not rows:
        found.append(
            f"{len(rows)} deposits accepted, {len(person.hands.holding)} things not brought"
        )
    for row in rows:
        times = after.deposit_ids.count(row.deposit_id)
        if times != 1:
            found.append(f"deposit {row.deposit_id} is {times} times in the account")
    shown = (sum(row.points for row in rows), sum(row.carbon_g for row in rows))
    credited = (after.points - before.points, after.carbon_g - before.carbon_g)
    if shown != credited:
        found.append(f"kiosk showed {shown} points and g CO2e, platform credited {credited}")
    return found
