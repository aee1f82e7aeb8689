"""The same trial for many seeds, on all processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Result = TypeVar("Result")
CHUNK = 8


def many(trial: Callable[[int], Result], seeds: Iterable[int], chunk: int = CHUNK) -> list[Result]:
    """The results of `trial` for each seed, in their order.

    Args: as `one_by_one` has them.
    """
    return list(one_by_one(trial, seeds, chunk))


def one_by_one(
    trial: Callable[[int], Result], seeds: Iterable[int], chunk: int = CHUNK
) -> Iterator[Result]:
    """The results of `trial` for each seed, in their order, each as soon as it is there.

    Args:
        trial: A function of a module, or a `partial` of one: it crosses to other processes.
        seeds: Each gives one trial.
        chunk: So many go to a process in one go; 1 where a trial takes long.
    """
    # A fresh interpreter for each worker: what this process has in its threads stays here.
    context = get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, initializer=_quietly) as workers:
        yield from workers.map(trial, seeds, chunksize=chunk)


def _quietly() -> None:
    """A trial is told in its result; a thousand nodes that restart would only fill the log."""
    import logging

    logging.disable(logging.WARNING)
