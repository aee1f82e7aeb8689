"""Transactions side by side: while the database works on one, the next is judged.

Batches of one kiosk stay in one lane, in their order, so that lanes never wait for each other's
turns, and no answer to a kiosk says less than the one before it.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

A = TypeVar("A")
O = TypeVar("O")  # noqa: E741 - what was opened

LANES = 2
"""One lane judges while the other one waits for the database; a third would wait for the first."""

SLICE = 10
"""Batches in one transaction: 500 records. More gain little and keep their kiosks' turns longer."""


class Slice(NamedTuple):
    """The batches of one transaction, by their numbers, and the lane that it goes in."""

    lane: int
    batches: list[int]


def sliced(kiosks: Sequence[str], lanes: int = LANES) -> list[Slice]:
    """Which batches go together, given whose each is; in the order in which they begin."""
    if len(kiosks) <= SLICE:
        lanes = 1  # one transaction is cheaper than two
    lane_of: dict[str, int] = {}
    theirs: list[list[int]] = [[] for _ in range(lanes)]
    for number, kiosk in enumerate(kiosks):
        theirs[lane_of.setdefault(kiosk, len(lane_of) % lanes)].append(number)
    turns = zip_longest(*(_parts(lane, some) for lane, some in enumerate(theirs)))
    return [one for turn in turns for one in turn if one is not None]


def run(
    slices: Sequence[Slice],
    opened: Iterator[O],
    write: Callable[[Slice, list[O]], list[A]],
) -> list[A]:
    """Write each slice with what was `opened` for its batches; answers by the batches' numbers.

    Slices of one lane are written one after the other. `opened` gives what belongs to each batch,
    in the order of the slices, and is read in the caller's thread. Where one slice fails, those
    that have not begun are left, in either lane; the error is raised when nothing runs any more.
    """
    answers: dict[int, A] = {}
    if len({one.lane for one in slices}) < LANES:
        for one in slices:
            said = write(one, list(islice(opened, len(one.batches))))
            answers |= zip(one.batches, said, strict=True)
        return [answers[number] for number in range(len(answers))]
    failed = threading.Event()

    def go(one: Slice, some: list[O]) -> list[A]:
        if failed.is_set():
            return []  # nobody hears it
        try:
            return write(one, some)
        except BaseException:
            failed.set()
            raise

    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1, f"lane-{n}")) for n in range(LANES)]
        stack.callback(failed.set)  # also where `opened` fails: whatever has not begun is left
        pending: list[Future[list[A]]] = []
        for one in slices:
            some = list(islice(opened, len(one.batches)))
            pending.append(threads[one.lane].submit(go, one, some))
        every = [future.result() for future in pending]
    for one, said in zip(slices, every, strict=True):
        answers |= zip(one.batches, said, strict=True)
    return [answers[number] for number in range(len(answers))]


def _parts(lane: int, some: list[int]) -> Iterator[Slice]:
    return (Slice(lane, some[at : at + SLICE]) for at in range(0, len(some), SLICE))
